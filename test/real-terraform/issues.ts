import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Issue {
  readonly number: number;
  title: string;
  body: string;
  state: string;
  readonly user: { readonly login: string };
}

/** The issues of one repository, as far as GitHub's REST API is asked for them. */
export interface Issues {
  readonly all: readonly Issue[];
  /** Each call that wrote something. */
  readonly written: string[];
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startIssues(): Promise<Issues> {
  const all: Issue[] = [];
  const written: string[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    request.on("end", () => {
      const { method = "", url = "" } = request;
      const given = text === "" ? {} : (JSON.parse(text) as Partial<Issue>);
      const number = Number(/\/issues\/(\d+)/.exec(url)?.[1]);
      if (method !== "GET") written.push(`${method} ${url.replace("/repos/o/r", "")}`);
      if (method === "POST" && url.endsWith("/issues")) {
        all.push({
          number: all.length + 1,
          title: "",
          body: "",
          state: "open",
          user: { login: "github-actions[bot]" },
          ...given,
        });
      }
      const issue = all.find((one) => one.number === number);
      if (method === "PATCH" && issue !== undefined) Object.assign(issue, given);
      response.end(JSON.stringify(method === "GET" ? all.filter(({ state }) => state === "open") : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    all,
    written,
    env: { GITHUB_TOKEN: "token", GITHUB_REPOSITORY: "o/r", GITHUB_API_URL: `http://127.0.0.1:${port}` },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
