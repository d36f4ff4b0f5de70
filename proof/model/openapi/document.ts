import { isJsonObject } from "../../terraform/json";
import type { JsonObject } from "../../terraform/json";
import { toText } from "../../terraform/value";
import type { Value } from "../../terraform/value";
import type { Reading } from "../reading";
import type { Source } from "../types";

/** An OpenAPI 3.0 or Swagger 2.0 document, with the place that its facts are reported at. */
export class OpenApiDocument {
  constructor(
    readonly root: JsonObject,
    readonly reading: Reading,
    private readonly file: string,
    /** `aws_api_gateway_rest_api.api.body` */
    private readonly address: string,
  ) {}

  source(...path: readonly string[]): Source {
    const steps = path.map((step) => (/^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`));
    return { file: this.file, address: this.address + steps.join("") };
  }

  /** The object itself, or the one that its local `$ref` points at. */
  resolve(value: unknown): JsonObject | undefined {
    let found = value;
    // A reference to a reference is rare; one to itself must not loop.
    for (let hops = 0; isJsonObject(found) && typeof found["$ref"] === "string" && hops < 10; hops += 1) {
      found = this.pointer(found["$ref"]);
    }
    return isJsonObject(found) && typeof found["$ref"] !== "string" ? found : undefined;
  }

  private pointer(reference: string): unknown {
    if (!reference.startsWith("#/")) return undefined;
    let found: unknown = this.root;
    for (const step of reference.slice(2).split("/")) {
      const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
      found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
    }
    return found;
  }

  /** `components.<section>` of OpenAPI 3, and its place in Swagger 2. */
  component(section: "securitySchemes" | "schemas"): JsonObject {
    const components = this.root["components"];
    const three = isJsonObject(components) ? components[section] : undefined;
    const two = this.root[section === "schemas" ? "definitions" : "securityDefinitions"];
    return entriesOf(three ?? two);
  }
}

export function entriesOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function textOf(value: unknown): string | undefined {
  return toText((value ?? null) as Value);
}

export function textMapOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entriesOf(value)).flatMap(([name, item]) => {
      const text = textOf(item);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}
