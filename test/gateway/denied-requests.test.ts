import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeniedRequests, findDeniedRequest } from "../../proof/gateway/denied-requests";
import type { Exchange } from "../../proof/gateway/exchange";
import { StateFolder } from "../../proof/local/state";

describe("a refused request that is remembered", () => {
  const remembered = (headers: [string, string][], body: string): string | undefined => {
    const state = new StateFolder(join(mkdtempSync(join(tmpdir(), "denied-")), "out"));
    const denied = new DeniedRequests(state);
    const decision = { methodArn: "arn", trace: [], denial: { errorType: "IncompleteSignatureException" } };
    denied.remember({ decision, request: { requestId: "id", headers } } as unknown as Exchange, 403, body);
    denied.flush();
    return findDeniedRequest(state, "id")?.body;
  };

  it.each([
    ["Authorization", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"],
    ["AUTHORIZATION", 'say "open sesame"'],
    ["x-api-key", "0123456789abcdefghij"],
    ["X-Amz-Security-Token", "portcullis.abc.def"],
    ["Cookie", "session=0123456789"],
  ])("holds nothing of its %s, where the answer repeated it", (name, value) => {
    const body = JSON.stringify({ message: `requires 'Credential' parameter. ${name}=${value}` });
    expect(
      remembered(
        [
          ["Host", "a"],
          [name, value],
        ],
        body,
      ),
    ).toBe(JSON.stringify({ message: `requires 'Credential' parameter. ${name}=…` }));
  });

  it("keeps the answer's own words, whatever short value was sent", () => {
    expect(remembered([["Authorization", "e"]], '{"message":"Unauthorized"}')).toBe('{"message":"Unauthorized"}');
  });
});
