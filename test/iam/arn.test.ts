import { parseArn } from "../../proof/iam/arn";

describe("An ARN has six parts (IAM User Guide, Amazon Resource Names)", () => {
  it("keeps the colons and slashes of its resource", () => {
    expect(parseArn("arn:aws:lambda:us-east-1:111111111111:function:name/a:1")).toEqual({
      partition: "aws",
      service: "lambda",
      region: "us-east-1",
      accountId: "111111111111",
      resource: "function:name/a:1",
    });
  });

  it("may have no region and no account", () => {
    expect(parseArn("arn:aws:s3:::bucket")).toMatchObject({ region: "", accountId: "", resource: "bucket" });
  });

  it.each([
    ["nothing", ""],
    ["five parts", "arn:aws:s3::bucket"],
    ["another first word", "urn:aws:s3:::bucket"],
    ["no partition", "arn::s3:::bucket"],
    ["no service", "arn:aws::::bucket"],
    ["no resource", "arn:aws:s3:::"],
  ])("is none with %s", (_what, text) => {
    expect(parseArn(text)).toBeUndefined();
  });
});
