import { resolve } from "node:path";
import { InputError } from "../../errors";
import { LambdaRuntime } from "../../lambda/runtime";
import { groupsOf } from "../../local/cognito/operations-admin";
import { readPool } from "../../local/cognito/pool-data";
import { LocalIssuers } from "../../local/issuer";
import { findTokenClient } from "../../local/issuer-clients";
import type { TokenClient } from "../../local/issuer-clients";
import { mintToken } from "../../local/issuer-mint";
import { parseTokenRequest } from "../../local/issuer-request";
import type { TokenRequest } from "../../local/issuer-request";
import { samlToken } from "../../local/saml-idp-token";
import { StateFolder } from "../../local/state";
import { findUser, tokenUser } from "../../local/users";
import { loadModel } from "../../model/load";
import type { Model } from "../../model/types";
import type { Command, Values } from "../command";

const DIRECTORY = "cdktf.out";

/** @param load reads the model of a directory; tests pass their own */
export function tokenCommand(load: (directory: string, values: Values) => Promise<Model>): Command {
  return {
    name: "token",
    summary: "A token of a user pool client, OIDC client or SAML issuer in DIR, alone on stdout.",
    usage:
      "token CLIENT [--dir DIR] [--env E] [--user U] [--use id|access] [--scope S]... [--group G]... [--claim NAME=VALUE]... [--expires-in SECONDS] [--json]",
    help: [
      "CLIENT             AWS name, client id or Terraform address of a user pool client; audience, client id or issuer URL of an OIDC issuer; entity id of a SAML issuer",
      `--dir DIR          synthesized JSON (default ${DIRECTORY})`,
      "--env E            the environment, where DIR holds several",
      "--user U           sign this user in (default: the client itself where it has client credentials, else local-user)",
      "--use id|access    the kind of token (default access)",
      "--scope S          a scope to ask for; repeatable (default: all that the client may ask for)",
      "--group G          put the user in this group of the pool; repeatable",
      "--claim NAME=VALUE add a claim, as a pre-token-generation trigger would; repeatable",
      "--account ID       the account that owns what DIR does not place in one",
      "--expires-in N     seconds; --expires-in=-60 gives a token that expired a minute ago",
      '--json             {"token","claims"}',
    ],
    options: {
      dir: { type: "string" },
      env: { type: "string" },
      account: { type: "string" },
      user: { type: "string" },
      use: { type: "string" },
      scope: { type: "string", multiple: true },
      group: { type: "string", multiple: true },
      claim: { type: "string", multiple: true },
      "expires-in": { type: "string" },
      json: { type: "boolean" },
    },
    positionals: [1, 1],
    async run(io, values, [name = ""]) {
      const request = parseTokenRequest(
        {
          ...one("user", values.user),
          ...one("use", values.use),
          ...one("expiresIn", values["expires-in"]),
          scopes: many(values.scope),
          groups: many(values.group),
          claims: many(values.claim),
        },
        Date.now(),
      );
      const directory = resolve(io.cwd, one("dir", values.dir).dir ?? DIRECTORY);
      const model = await load(directory, values);
      const minted = await mint(model, new StateFolder(directory), findTokenClient(model, name), request);
      io.out(`${values.json === true ? JSON.stringify(minted) : minted.token}\n`);
      return 0;
    },
  };
}

async function mint(
  model: Model,
  state: StateFolder,
  client: TokenClient,
  request: TokenRequest,
): Promise<{ readonly token: string; readonly claims: object }> {
  if (client.kind === "saml") return samlToken(state, client.trust, request);
  const runtime = new LambdaRuntime(model.functions);
  try {
    return await mintToken(new LocalIssuers(state), client, request, {
      findUser: (pool, user) => {
        const found = findUser(pool, readPool({ state }, pool).users, user);
        if (found !== undefined && (!found.enabled || found.status === "UNCONFIRMED")) {
          const what = `The user '${user}' cannot sign in: ${found.enabled ? "not confirmed" : "disabled"}.`;
          throw new InputError({ what, where: pool.address, next: "Confirm or enable them with aws cognito-idp." });
        }
        return found === undefined ? undefined : tokenUser(found);
      },
      groupsOf: (pool) => groupsOf({ state }, pool),
      invoke: async (functionArn, event) => {
        const result = await runtime.invoke({ functionArn, event });
        if (result.kind === "payload") return result.payload;
        throw new Error(
          "errorMessage" in result ? result.errorMessage : "because" in result ? result.because : result.kind,
        );
      },
    });
  } finally {
    runtime.close();
  }
}

export const command = tokenCommand(async (directory, values) => {
  const { env: environment } = one("env", values.env);
  return loadModel(directory, {
    ...(environment === undefined ? {} : { environment }),
    ...one("account", values.account),
  });
});

function one<Name extends string>(name: Name, value: Values[string]): { readonly [name in Name]?: string } {
  return typeof value === "string" ? ({ [name]: value } as { readonly [name in Name]?: string }) : {};
}

function many(value: Values[string]): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
