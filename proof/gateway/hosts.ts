import type { Api } from "../model/types";

/** Which API a Host header names; worked out once for all APIs. */
export class Hosts<T extends { readonly api: Api }> {
  readonly #only: T | undefined;
  readonly #byLabel = new Map<string, T>();

  constructor(served: readonly T[]) {
    this.#only = served.length === 1 ? served[0] : undefined;
    const names = served.map((each) => hostLabel(each.api.name));
    for (const [index, each] of served.entries()) {
      const name = names[index] ?? "";
      // A name that two APIs share names neither.
      if (name !== "" && names.indexOf(name) === names.lastIndexOf(name)) this.#byLabel.set(name, each);
    }
    for (const each of served) this.#byLabel.set(each.api.id, each);
  }

  /**
   * The only API answers under every name. Of several, the first label is the API's name or id: `orders.localhost`, or AWS's
   * own `<id>.execute-api.<region>.amazonaws.com`, for a private API also `<id>-<vpce id>.execute-api.…`.
   *
   * @param host with or without a port
   */
  find(host: string): T | undefined {
    if (this.#only !== undefined) return this.#only;
    const dot = host.indexOf(".");
    const isOfApis = /^(localhost(:|$)|execute-api\.)/i.test(host.slice(dot + 1));
    if (dot === -1 || !isOfApis) return undefined;
    const label = host.slice(0, dot).toLowerCase();
    return this.#byLabel.get(label) ?? this.#byLabel.get(label.replace(/-vpce-[0-9a-z]+$/, ""));
  }

  /**
   * An API by the first segment of a path, for clients that cannot resolve `*.localhost`: `/<name-or-id>/<stage>/…`. None
   * where the only API answers under every name, and none for a path with dot segments, which would lead out of it.
   */
  findByPath(rawPath: string): { readonly found: T; readonly prefix: string } | undefined {
    if (this.#only !== undefined || rawPath.includes("/.")) return undefined;
    const end = rawPath.indexOf("/", 1);
    if (end === -1) return undefined;
    const found = this.#byLabel.get(rawPath.slice(1, end));
    return found === undefined ? undefined : { found, prefix: rawPath.slice(0, end) };
  }

  /** The label under which an API is reached: its name where that is possible, else its id. */
  labelOf(served: T): string {
    const name = hostLabel(served.api.name);
    return this.#byLabel.get(name) === served ? name : served.api.id;
  }
}

/** A name as one label of a host name (RFC 1123); empty where nothing of it can stand there. */
export function hostLabel(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
}
