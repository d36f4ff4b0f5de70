import { apiId, errors, load } from "./small-api";

const open = '"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"';
const policy = (statement: string): string => `{"Version":"2012-10-17","Statement":[{${statement}}]}`;
const withPolicy = (text: string) =>
  load({}, { aws_api_gateway_rest_api_policy: { p: { rest_api_id: apiId, policy: text } } });

describe("a policy with an element twice in one object, of which JSON keeps the last,", () => {
  it.each([
    ["a second Condition", `${open},"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Condition":{}`],
    ["a second Effect", `"Effect":"Deny",${open}`],
    ["the same name in another spelling", `${open},"\\u0045ffect":"Deny"`],
    [
      "a key twice below one operator",
      `${open},"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.1","aws:SourceIp":"0.0.0.0/0"}}`,
    ],
  ])("is not read, and nothing is opened on it: %s", (_name, statement) => {
    const model = withPolicy(policy(statement));
    expect(model.apis[0]?.policy).toMatchObject({
      document: null,
      unresolved: expect.stringMatching(/twice in one object/) as string,
    });
    expect(errors(model)).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/rest_api_policy\.p\.policy has \S+ twice/) as string,
      }),
    ]);
  });

  it("is told from one that has names in two objects, or colons in its texts", () => {
    const statement = `${open},"Sid":"a\\":\\"b","Condition":{"StringLike":{"aws:UserAgent":"\\"x\\": *"}}`;
    const model = withPolicy(policy(`${statement}},{${open}`));
    expect(model.apis[0]?.policy?.unresolved).toBeUndefined();
  });
});
