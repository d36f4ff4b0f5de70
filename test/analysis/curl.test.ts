/** The curl line of a witness, run by a shell in which `curl` and `aws` say what they were given. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demandsOf } from "../../proof/analysis/behind";
import { curlOf } from "../../proof/analysis/curl";
import { findChanges } from "../../proof/analysis/diff";
import { diffMarkdown } from "../../proof/analysis/markdown";
import { diffText } from "../../proof/analysis/diff-text";
import type { RequestFile } from "../../proof/decision/request-file";
import type { Api, Route } from "../../proof/model/types";
import { api, route } from "../decision/support";
import { modelOf, orders } from "./changes/configuration";
import { assume, external, only, trust } from "./changes/words";

const HOST = "abcdefghij.execute-api.eu-west-1.amazonaws.com";
const ROLE = "arn:aws:iam::111122223333:role/partner";
const folder = mkdtempSync(join(tmpdir(), "portcullis-curl-"));
const stand = (name: string, script: string): void => {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
};
stand("curl", 'for one in "$@"; do printf "%s\\n" "$one"; done');
stand(
  "aws",
  'for one in "$@"; do printf "%s\\n" "$one" >&2; done; [ -z "$REFUSED" ] && printf "KEY\\tSECRET\\tTOKEN\\n"',
);

const env = { PATH: `${folder}:/usr/bin:/bin`, API_KEY: "k e y", PAGE: "a&b", X_REQUEST_ID: "r 1", BODY: '{"id":1}' };

/** What curl, and before it the AWS CLI, are called with. */
function called(line: string, more: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8", env: { ...env, ...more } });
  return { curl: stdout.split("\n").slice(0, -1), aws: stderr.split("\n").slice(0, -1) };
}

const file = (more: Partial<RequestFile> = {}): RequestFile => ({
  api: "orders",
  stage: "dev",
  method: "GET",
  path: "/orders",
  caller: null,
  ...more,
});

describe("The line leaves room for what stands behind authorization:", () => {
  const demands = (more: Partial<Route>, ofApi: Partial<Api> = {}) =>
    demandsOf([{ route: { ...route("GET", "/orders"), ...more }, api: api(ofApi) }]);
  const parameters = (...names: string[]): Partial<Route> => ({
    requestValidator: { parameters: true, body: false },
    requestParameters: Object.fromEntries(names.map((name) => [`method.request.${name}`, true])),
  });
  const body = (contentType: string): Partial<Route> => ({
    requestValidator: { parameters: false, body: true },
    requestModels: { [contentType]: {} },
  });
  const url = `https://${HOST}/dev/orders`;
  it.each<[string, Partial<Route>, string[], Partial<RequestFile>?]>([
    ["a key", { apiKeyRequired: true }, ["-H", "x-api-key: k e y", url]],
    ["a parameter", parameters("querystring.page"), [`${url}?page=a&b`]],
    ["a parameter behind another", parameters("querystring.page"), [`${url}?a=1&page=a&b`], { query: { a: ["1"] } }],
    ["none that is there", parameters("querystring.page"), [`${url}?page=1`], { query: { page: ["1"] } }],
    ["a header", parameters("header.X-Request-Id"), ["-H", "X-Request-Id: r 1", url]],
    [
      "none that is there",
      parameters("header.X-Request-Id"),
      ["-H", "x-request-id: 7", url],
      { headers: { "x-request-id": ["7"] } },
    ],
    ["no part of the path", parameters("path.id"), [url]],
    ["a key that is asked for as a header", parameters("header.x-api-key"), ["-H", "x-api-key: k e y", url]],
    [
      "a body",
      body("application/vnd.order+json"),
      ["-H", "Content-Type: application/vnd.order+json", "--data", '{"id":1}', url],
    ],
    ["a body of any type", body("$default"), ["-H", "Content-Type: application/json", "--data", '{"id":1}', url]],
  ])("%s", (_, more, expected, sent = {}) => {
    const line = curlOf(file(sent), HOST, demands(more));
    expect(called(line).curl).toEqual(["--path-as-is", "-X", "GET", ...expected]);
  });

  it("no key where authorizers give them", () => {
    const line = curlOf(file(), HOST, demands({ apiKeyRequired: true }, { apiKeySource: "AUTHORIZER" }));
    expect(line).not.toContain("x-api-key");
  });

  it("what either side of a diff asks for", () => {
    const open = route("OPTIONS", "/reports");
    const found = findChanges(modelOf(only(open)), modelOf(only({ ...open, apiKeyRequired: true })));
    expect(found).toHaveLength(1);
    for (const written of [diffText(found), diffMarkdown(found)]) expect(written).toContain('-H "x-api-key: $API_KEY"');
  });
});

describe("Who has to assume a role does so first", () => {
  const by = (assumedBy: NonNullable<RequestFile["caller"]>["assumedBy"]) =>
    curlOf(file({ caller: { arn: ROLE, assumedBy } }), HOST);
  const role = ["--role-arn", ROLE];
  const keys = ["--query", "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]", "--output", "text"];

  it.each([
    [
      "with an external id",
      { arn: "arn:aws:iam::444455556666:user/ann", externalId: "orders-7c1f" },
      ["sts", "assume-role", "--role-session-name", "local", ...role, "--external-id", "orders-7c1f", ...keys],
    ],
    [
      "with a web identity",
      { federated: "arn:aws:iam::111122223333:oidc-provider/login.example" },
      [
        ...["sts", "assume-role-with-web-identity", "--role-session-name", "local"],
        ...["--web-identity-token", "jwt", ...role, ...keys],
      ],
    ],
    [
      "with a SAML assertion",
      { federated: "arn:aws:iam::111122223333:saml-provider/staff" },
      [
        ...["sts", "assume-role-with-saml", "--principal-arn", "arn:aws:iam::111122223333:saml-provider/staff"],
        ...["--saml-assertion", "xml", ...role, ...keys],
      ],
    ],
  ])("%s", (_, assumedBy, expected) => {
    const { aws, curl } = called(by(assumedBy), { WEB_IDENTITY_TOKEN: "jwt", SAML_ASSERTION: "xml" });
    expect(aws).toEqual(expected);
    expect(curl).toEqual(expect.arrayContaining(["KEY:SECRET", "X-Amz-Security-Token: TOKEN"]));
  });

  it("with the tags and the name of the session", () => {
    const tags = { team: "orders", "cost center": `a,b "c" d'e` };
    const assumedBy = { arn: "arn:aws:iam::444455556666:user/ann" };
    const { aws } = called(curlOf(file({ caller: { arn: ROLE, session: "night", tags, assumedBy } }), HOST));
    expect(aws).toEqual([
      ...["sts", "assume-role", "--role-session-name", "night"],
      ...["--tags", "Key=team,Value=orders", `Key="cost center",Value="a,b \\"c\\" d'e"`],
      ...[...role, ...keys],
    ]);
  });

  it("and where STS refuses, the request is not sent", () => {
    expect(called(by({ arn: "arn:aws:iam::444455556666:user/ann" }), { REFUSED: "1" }).curl).toEqual([]);
  });

  it("but a service does what nobody can do from a shell", () => {
    expect(by({ service: "lambda.amazonaws.com" })).toMatch(/^curl /);
  });

  it("in the text of a diff, for who gained the role", () => {
    const head = trust(assume({ AWS: "arn:aws:iam::444455556666:root" }, external), assume({ AWS: "777788889999" }));
    const text = diffText(findChanges(modelOf(orders), modelOf(head)));
    expect(text).toMatch(
      /curl {5}aws sts assume-role --role-session-name 'local' --role-arn 'arn:[^']+' --query .*curl /,
    );
  });
});
