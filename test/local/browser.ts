import { createHash, randomBytes } from "node:crypto";

/** A browser without a screen: cookies, no automatic redirects, and forms as their page wrote them. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  async open(
    url: string,
    init: RequestInit = {},
  ): Promise<{ status: number; location: URL | undefined; text: string; headers: Headers }> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { redirect: "manual", ...init, headers: { cookie, ...init.headers } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Max-Age=0/.test(set)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const to = answer.headers.get("location");
    return {
      status: answer.status,
      location: to === null ? undefined : new URL(to, url),
      text: await answer.text(),
      headers: answer.headers,
    };
  }

  submit(url: string, page: string, values: Record<string, string>, headers: Record<string, string> = {}) {
    const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
    const body = new URLSearchParams([
      ...hidden.map(([, name = "", value = ""]) => [name, value]),
      ...Object.entries(values),
    ]);
    return this.open(url, { method: "POST", body, headers: { origin: new URL(url).origin, ...headers } });
  }
}

export const pkce = () => {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
};
