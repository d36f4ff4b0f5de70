import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { App } from "cdktf";
import { dev } from "../../environments/dev";
import { BaseStack } from "../../stacks/base-stack";
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

  it("refuses a method that anyone may call and nobody explained, naming the construct", () => {
    class Open extends BaseStack {
      constructor(app: App) {
        super(app, dev, "open", { accountId: dev.accountId });
        new ApiGatewayMethod(this, "hole", {
          provider: this.provider,
          restApiId: "a",
          resourceId: "b",
          httpMethod: "GET",
          authorization: "NONE",
        });
      }
    }
    const outdir = mkdtempSync(join(tmpdir(), "portcullis-test-"));
    const app = new App({ outdir });
    new Open(app);
    expect(() => app.synth()).toThrow(/portcullis-dev-open\/hole\] authorization is NONE/);
    rmSync(outdir, { recursive: true });
  });
});
