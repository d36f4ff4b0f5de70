/** Every witness is a request file that `explain` answers as its entry says: of a diff, by both of its sides. */
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { findChanges } from "../../proof/analysis/diff";
import { analyze, matrixOf } from "../../proof/analysis/matrix";
import { Explainer } from "../../proof/cli/explain/explainer";
import type { RequestFile } from "../../proof/decision/request-file";
import { InputError } from "../../proof/errors";
import { StateFolder } from "../../proof/local/state";
import { loadModel } from "../../proof/model/load";
import type { Api, Model, Role, Route } from "../../proof/model/types";
import { policy } from "../decision/support";
import { CHANGES } from "./changes/cases";
import { modelOf } from "./changes/configuration";
import { modelOf as worldModel, pair } from "./worlds";

const ROOT = resolve(__dirname, "../..");
const state = new StateFolder(mkdtempSync(join(tmpdir(), "portcullis-witnesses-")));

/** `allow 200`; what is wrong with the request where it cannot be decided. */
async function replayed(explainer: Explainer, witness: RequestFile): Promise<string> {
  try {
    const { outcome, status } = await explainer.explain(JSON.parse(JSON.stringify(witness)), "witness");
    return `${outcome} ${status}`;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}

const explainerOf = (model: Model) => new Explainer({ model, state, warn: () => undefined });

/** How many witnesses there are, and what does not hold of them. */
async function matrixFailures(model: Model): Promise<readonly [number, unknown[]]> {
  const explainer = explainerOf(model);
  const failures: unknown[] = [];
  let count = 0;
  for (const { entries, ...route } of matrixOf(analyze(model)).routes) {
    for (const { witness, outcome, status, who, network } of entries) {
      if (outcome === "undecided" || witness === null) continue;
      count++;
      const answer = await replayed(explainer, witness);
      if (answer !== `${outcome} ${status}`) failures.push({ route, who, network, outcome, status, answer, witness });
    }
  }
  await explainer.close();
  return [count, failures];
}

async function diffFailures(base: Model, head: Model): Promise<readonly [number, unknown[]]> {
  const explainers = [base, head].map(explainerOf);
  const failures: unknown[] = [];
  let count = 0;
  for (const change of findChanges(base, head)) {
    const { witness, before, after, api } = change;
    if (witness === null || change.kind === "undecided") continue;
    for (const [index, { outcome, status }] of [before, after].entries()) {
      const [explainer, model] = [explainers[index], [base, head][index]];
      // Where there is no such API, there is nothing to ask.
      const known = model?.apis.some(({ name, address }) => [name, address].includes(witness.api ?? ""));
      if (known !== true || explainer === undefined) continue;
      count++;
      const answer = await replayed(explainer, witness);
      if (answer !== `${outcome} ${status}`) failures.push({ api, side: ["BASE", "HEAD"][index], answer, change });
    }
  }
  for (const explainer of explainers) await explainer.close();
  return [count, failures];
}

type Edit = (model: Model) => Model;
const apis =
  (edit: (api: Api) => Partial<Api>): Edit =>
  (model) => ({
    ...model,
    apis: model.apis.map((api) => ({ ...api, ...edit(api) })),
  });
const routes = (edit: (route: Route) => Partial<Route>): Edit =>
  apis((api) => ({ routes: api.routes.map((route) => ({ ...route, ...edit(route) })) }));
const trusting =
  (Principal: unknown, Condition?: object): Edit =>
  (model) => ({
    ...model,
    roles: model.roles.map((role): Role => {
      const statement = { Effect: "Allow", Principal, Action: "sts:AssumeRole", ...(Condition ? { Condition } : {}) };
      return { ...role, trustPolicy: policy([statement], `${role.address}.assume_role_policy`) };
    }),
  });
const checked: Partial<Route> = {
  requestValidator: { body: true, parameters: true },
  requestParameters: { "method.request.querystring.page": true, "method.request.header.X-Request-Id": true },
  requestModels: { "application/json": { type: "object", required: ["id"] } },
};

/** Edits that change what a request has to bring, beside who is admitted. */
const EDITS: readonly (readonly [string, Edit])[] = [
  ["every method requires a key", routes(() => ({ apiKeyRequired: true }))],
  ["every method validates its requests", routes(() => checked)],
  ["every method is open", routes(() => ({ auth: { type: "NONE" } }))],
  ["every method is signed for", routes(() => ({ auth: { type: "AWS_IAM" } }))],
  ["no API has a policy", (model) => ({ ...model, apis: model.apis.map(({ policy: _policy, ...api }) => api) })],
  ["every API has another name", apis(({ name }) => ({ name: `${name}-renamed` }))],
  [
    "a stage's throttle shuts every method",
    apis(({ stages }) => ({
      stages: stages.map((stage) => ({
        ...stage,
        methodSettings: [{ method: "*", path: "*", throttlingRateLimit: 0, throttlingBurstLimit: 0 }],
      })),
    })),
  ],
  [
    "every Lambda authorizer is another, which asks for the same",
    routes(({ auth }) => {
      if (auth.type !== "CUSTOM") return {};
      const { authorizer } = auth;
      return {
        auth: { ...auth, authorizer: { ...authorizer, name: "another", functionArn: `${authorizer.functionArn}2` } },
      };
    }),
  ],
  [
    "every Lambda authorizer is asked whatever a request holds",
    routes(({ auth }) => {
      if (auth.type !== "CUSTOM") return {};
      const asked = { type: "REQUEST", identitySources: [], resultTtlSeconds: 0 } as const;
      const { identityValidationExpression: _expression, ...authorizer } = auth.authorizer;
      return { auth: { ...auth, authorizer: { ...authorizer, ...asked } } };
    }),
  ],
  [
    "no function may be invoked",
    (model) => ({ ...model, functions: model.functions.map((one) => ({ ...one, permissions: [] })) }),
  ],
  [
    "user pool methods take another pool's tokens",
    routes(({ auth }) => {
      if (auth.type !== "COGNITO_USER_POOLS") return {};
      const providerArns = ["arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_Other0009"];
      return { auth: { ...auth, authorizer: { ...auth.authorizer, providerArns } } };
    }),
  ],
  ["no API answers at its default endpoint", apis(() => ({ disableExecuteApiEndpoint: true }))],
  [
    "every refusal is answered with 418",
    apis(({ source }) => ({
      gatewayResponses: ["DEFAULT_4XX", "DEFAULT_5XX"].map((responseType) => ({
        responseType,
        statusCode: "418",
        responseParameters: {},
        responseTemplates: {},
        source,
      })),
    })),
  ],
  ["every role is assumed by strangers", trusting({ AWS: "777788889999" })],
  ["every role is assumed with an external id", trusting({ AWS: "*" }, { StringLike: { "sts:ExternalId": "a-*" } })],
  ["every role is assumed by a service", trusting({ Service: "lambda.amazonaws.com" })],
  [
    "sessions last longer",
    (model) => ({ ...model, roles: model.roles.map((role) => ({ ...role, maxSessionSeconds: 43_200 })) }),
  ],
];

/** A configuration edited, against itself as it was, both ways. */
async function editFailures(model: Model): Promise<readonly [number, unknown[]]> {
  let count = 0;
  const failures: unknown[] = [];
  for (const [name, edit] of EDITS) {
    const edited = edit(model);
    for (const [of, found] of [
      await diffFailures(model, edited),
      await diffFailures(edited, model),
      await matrixFailures(edited),
    ]) {
      count += of;
      failures.push(...found.map((failure) => ({ name, failure })));
    }
  }
  return [count, failures];
}

describe("The witnesses of realistic changes", () => {
  it.each(CHANGES.map((one) => [one.name, one] as const))("%s", async (_, { base, head }) => {
    const models = [modelOf(base), modelOf(head)] as const;
    const [count, failures] = await matrixFailures(models[1]);
    expect([failures, count > 0]).toEqual([[], true]);
    expect((await diffFailures(...models))[1]).toEqual([]);
    expect((await diffFailures(models[1], models[0]))[1]).toEqual([]);
  });
});

describe("The witnesses of a configuration that somebody wrote", () => {
  it.each([
    "bakery",
    "clinic",
    "ferry",
    "harbour",
    "library",
    "museum",
    "theatre",
    "parcels/first-plan.json",
    "parcels/change-plan.json",
  ])("%s", async (name) => {
    const model = loadModel(resolve(ROOT, "test/fixtures/terraform", name));
    const [count, failures] = await matrixFailures(model);
    expect([failures, count > 0]).toEqual([[], true]);
    const [ofDiff, differing] = await editFailures(model);
    expect([differing, ofDiff > 20]).toEqual([[], true]);
  });
});

describe("The witnesses of this project", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-project-"));
  beforeAll(() => {
    const env = { ...process.env, PORTCULLIS_ENV: "", CDKTF_OUTDIR: folder };
    const { status } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], { cwd: ROOT, env });
    expect(status).toBe(0);
  }, 120_000);

  it("prove its matrix, and what edits of it do", async () => {
    const model = loadModel(folder, { environment: "dev" });
    const [count, failures] = await matrixFailures(model);
    expect([failures, count > 50]).toEqual([[], true]);
    const [ofDiff, differing] = await editFailures(model);
    expect([differing, ofDiff > 500]).toEqual([[], true]);
  });
});

it("The witnesses of configurations at random", async () => {
  await fc.assert(
    fc.asyncProperty(pair, fc.subarray([...EDITS], { maxLength: 3 }), async (worlds, edits) => {
      const [base, other] = worlds.map((one) => worldModel(one)) as [Model, Model];
      const head = edits.reduce((model, [, edit]) => edit(model), other);
      expect([edits.map(([name]) => name), (await matrixFailures(head))[1]]).toEqual([edits.map(([name]) => name), []]);
      expect([edits.map(([name]) => name), (await diffFailures(base, head))[1]]).toEqual([
        edits.map(([name]) => name),
        [],
      ]);
    }),
    { numRuns: Number(process.env["PORTCULLIS_PAIRS"] ?? 2000) / 20, seed: 20261123 },
  );
}, 120_000);
