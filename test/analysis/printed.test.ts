/** What a terminal and a shell are given of names that anybody chose. */
import { curlOf } from "../../proof/analysis/curl";
import { diffText } from "../../proof/analysis/diff-text";
import { findChanges } from "../../proof/analysis/diff";
import { analyze } from "../../proof/analysis/matrix";
import { matrixText } from "../../proof/analysis/text";
import type { Api } from "../../proof/model/types";
import { api, model, policy, route, source } from "../decision/support";

const EVIL = "orders\u001b[2J\u0007\n\u202e\u2028allow 200 anybody\u009b31m\r";

const with_ = (more: Partial<Api>) => model([api({ routes: [route("GET", "/a")], ...more })]);

it("is a name on one line, with nothing in it that moves the cursor, colours or turns text around", () => {
  const [open, shut] = [
    with_({ name: EVIL }),
    with_({ name: EVIL, policy: policy([{ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }]) }),
  ];
  for (const text of [matrixText(analyze(open)), diffText(findChanges(shut, open))]) {
    expect(text.split("\n").filter((line) => line.includes("orders\\u001b[2J\\u0007\\u000a\\u202e"))).not.toEqual([]);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  }
});

it("is an empty header as curl sends one", () => {
  const headers = { Referer: [""], "X-Two": ["a", "it's"] };
  const line = curlOf({ stage: "dev", method: "GET", path: "/a", headers, caller: null }, "host");
  expect(line).toBe(`curl --path-as-is -X GET -H 'Referer;' -H 'X-Two: a' -H 'X-Two: it'\\''s' 'https://host/dev/a'`);
});

it("is the status that the API answers refusals with", () => {
  const gatewayResponses = [
    { responseType: "MISSING_AUTHENTICATION_TOKEN", statusCode: "404", responseParameters: {}, responseTemplates: {} },
  ].map((one) => ({ ...one, source: source("aws_api_gateway_gateway_response.missing") }));
  const routes = [route("GET", "/a", { type: "AWS_IAM" })];
  const told = analyze(with_({ routes, gatewayResponses })).routes.flatMap(({ entries }) =>
    entries.map(({ who, status }) => `${who.split(" ")[0]} ${status}`),
  );
  expect(told).toEqual(expect.arrayContaining(["anonymous 404", "account 200", "account 403"]));
});
