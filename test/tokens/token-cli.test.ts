import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { decode, temporaryState } from "../local/issuer-fixture";

const { directory } = temporaryState();

/** Plain Terraform JSON of another team: one API, one pool with a machine client, and a function that trusts an issuer. */
const CONFIGURATION = {
  provider: { aws: { region: "eu-central-1", allowed_account_ids: ["123456789012"] } },
  resource: {
    aws_api_gateway_rest_api: { shop: { name: "shop" } },
    aws_cognito_user_pool: { customers: { name: "customers" } },
    aws_cognito_resource_server: {
      shop: {
        identifier: "shop",
        name: "shop",
        user_pool_id: "${aws_cognito_user_pool.customers.id}",
        scope: [{ scope_name: "read", scope_description: "read" }],
      },
    },
    aws_cognito_user_pool_client: {
      batch: {
        name: "shop-batch",
        user_pool_id: "${aws_cognito_user_pool.customers.id}",
        generate_secret: true,
        allowed_oauth_flows: ["client_credentials"],
        allowed_oauth_flows_user_pool_client: true,
        allowed_oauth_scopes: ["shop/read"],
        access_token_validity: 5,
        token_validity_units: [{ access_token: "minutes" }],
      },
    },
  },
};

function portcullis(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const bin = resolve(__dirname, "../../bin/portcullis.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "token", ...args, "--dir", directory], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "main.tf.json"), JSON.stringify(CONFIGURATION));
});

describe("npx portcullis token, on the Terraform JSON of any team", () => {
  it.each(["shop-batch", "aws_cognito_user_pool_client.batch"])("writes the token of %s alone on stdout", (name) => {
    const { status, stdout, stderr } = portcullis(name);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { claims } = decode(stdout);
    expect(claims).toMatchObject({ scope: "shop/read", token_use: "access" });
    expect(claims["iss"]).toMatch(/^https:\/\/cognito-idp\.eu-central-1\.amazonaws\.com\/eu-central-1_\w+$/);
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(300);
  });

  it.each<[string, string[], string]>([
    ["an unknown client", ["nobody"], "The known ones are: shop-batch."],
    ["a scope it may not ask for", ["shop-batch", "--scope", "shop/write"], "It may ask for: shop/read."],
    ["no client", [], "Usage: portcullis token CLIENT"],
    ["an option that is none", ["shop-batch", "--scopes", "x"], "--scopes"],
  ])("ends with 2, an empty stdout and what to do for %s", (_what, args, words) => {
    const { status, stdout, stderr } = portcullis(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
  });
});
