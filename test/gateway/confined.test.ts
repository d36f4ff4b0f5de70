import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Gateway } from "../../proof/gateway/gateway";
import { startGateway } from "../../proof/gateway/gateway";
import { silent } from "../../proof/gateway/reporter";
import { loadModel } from "../../proof/model/load";
import { directoryOf, shop, writeConfiguration } from "./directory";

interface Configuration {
  resource: Record<string, Record<string, Record<string, unknown>>>;
}

/** The shop after one change. */
function changed(change: (resource: Configuration["resource"]) => void): string {
  const directory = directoryOf(shop());
  const configuration = JSON.parse(readFileSync(join(directory, "main.tf.json"), "utf8")) as Configuration;
  change(configuration.resource);
  writeConfiguration(directory, configuration);
  return directory;
}

const opened: Gateway[] = [];
afterAll(() => Promise.all(opened.map((gateway) => gateway.close())));
async function started(directory: string): Promise<Gateway> {
  const gateway = await startGateway({ directory, load: async () => loadModel(directory), port: 0, reporter: silent });
  opened.push(gateway);
  return gateway;
}

describe("what cannot be resolved is reported by its address, and only what depends on it is refused:", () => {
  it.each<[what: string, change: (resource: Configuration["resource"]) => void, address: string, stopped: string]>([
    [
      "how callers of a method authenticate",
      ({ aws_api_gateway_method: methods = {} }) =>
        Object.assign(methods["b"] ?? {}, { authorization: "${data.x.y.z}" }),
      "aws_api_gateway_method.b.authorization",
      "/b",
    ],
    [
      "the authorizer of a method",
      ({ aws_api_gateway_method: methods = {} }) =>
        Object.assign(methods["b"] ?? {}, { authorizer_id: "${data.x.y.z}" }),
      "aws_api_gateway_method.b.authorizer_id",
      "/b",
    ],
    [
      "where an integration leads",
      ({ aws_api_gateway_integration: integrations = {} }) =>
        Object.assign(integrations["b"] ?? {}, { uri: "${data.x.y.z}" }),
      "aws_api_gateway_integration.b.uri",
      "/b",
    ],
    [
      "an integration of another service",
      ({ aws_api_gateway_integration: integrations = {} }) => Object.assign(integrations["b"] ?? {}, { type: "AWS" }),
      "aws_api_gateway_integration.b.type",
      "/b",
    ],
  ])("%s", async (_what, change, address, stopped) => {
    const gateway = await started(changed(change));
    expect(gateway.warnings.map(({ source }) => source.address)).toContain(address);
    const call = (path: string) => fetch(`${gateway.url}/live${path}`, { headers: { "X-Token": "allow" } });
    expect((await call(stopped)).status).toBe(500);
    expect((await call("/open")).status).toBe(200);
    expect((await call("/a")).status).toBe(200);
  });

  it("a resource policy, on which every route depends", async () => {
    const directory = changed((resource) => {
      resource["aws_api_gateway_rest_api_policy"] = {
        shop: { rest_api_id: "${aws_api_gateway_rest_api.shop.id}", policy: "${data.x.y.z}" },
      };
    });
    const gateway = await started(directory);
    expect((await fetch(`${gateway.url}/live/open`)).status).toBe(500);
  });

  it("and what may change any answer stops the start: two methods of one route, a validator that is not there", async () => {
    const twice = changed(({ aws_api_gateway_method: methods = {} }) => {
      methods["again"] = { ...methods["open"], authorization: "${data.x.y.z}" };
    });
    await expect(started(twice)).rejects.toThrow(/GET \/open is defined twice/);
    const unvalidated = changed(({ aws_api_gateway_method: methods = {} }) => {
      Object.assign(methods["open"] ?? {}, { request_validator_id: "nowhere" });
    });
    await expect(started(unvalidated)).rejects.toThrow(/validator nowhere is not in this configuration/);
  });
});
