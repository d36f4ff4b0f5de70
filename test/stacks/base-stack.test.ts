import { synthesized } from "../synth/synthesized";

const stacks = synthesized();

describe("Every stack", () => {
  it.each([
    ["identity", "111111111111"],
    ["public-api", "111111111111"],
    ["partner-access-acme", "222222222222"],
  ])("%s refuses to run in another account than %s", (part, account) =>
    expect(stacks(part).json.provider["aws"]?.map((provider) => provider["allowed_account_ids"])).toEqual([[account]]),
  );

  it.each(["identity", "public-api", "partner-access-acme"])(
    "%s tags what it makes and names its provider's registry address",
    (part) => {
      const { provider, terraform } = stacks(part).json;
      expect(provider["aws"]?.[0]?.["default_tags"]).toEqual([
        { tags: { Project: "portcullis", Environment: "dev", ManagedBy: "terraform" } },
      ]);
      expect(terraform["required_providers"]).toEqual({ aws: { source: "hashicorp/aws", version: "5.100.0" } });
    },
  );

  it("keeps its state beside cdktf.out, by a path that is the same on every machine", () =>
    expect(stacks("identity").json.terraform["backend"]).toEqual({
      local: { path: "../../../terraform.portcullis-dev-identity.tfstate" },
    }));
});
