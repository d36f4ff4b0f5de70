/** The diff as a comment on a pull request: what a reviewer reads first, and that no name can write into the comment. */
import { findChanges } from "../../proof/analysis/diff";
import type { FoundChange } from "../../proof/analysis/change";
import { diffMarkdown } from "../../proof/analysis/markdown";
import { allow, ipDeny, modelOf, orders, resource, route } from "./changes/configuration";
import { denied, granted, open, rp } from "./changes/words";

const found = (more: Partial<FoundChange> = {}): FoundChange => ({
  kind: "gained",
  api: "orders",
  stage: "dev",
  method: "GET",
  path: "/orders",
  who: "account 222222222222",
  network: "any",
  before: { outcome: "deny", status: 403 },
  after: { outcome: "allow", status: 200 },
  witness: { api: "orders", stage: "dev", method: "GET", path: "/orders", caller: null },
  because: { file: "cdk.tf.json", address: "aws_api_gateway_rest_api_policy.api.policy" },
  reason: "Statement 0 of the resource policy applies.",
  host: "abcdefghij.execute-api.eu-west-1.amazonaws.com",
  ...more,
});

/** The text that is neither in a fence nor in a code span: all that GitHub could take for markup. */
const markup = (comment: string): string =>
  comment.replace(/^ *```(?:json|sh)\n[\s\S]*?^ *```$/gm, "").replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, "");

describe("A comment on a pull request", () => {
  const head = {
    ...rp(ipDeny("198.51.100.0/25"), open, granted, allow("*", resource("*/orders"))),
    routes: [...orders.routes.filter(({ path }) => path !== "/profile"), route("ANY", "/{proxy+}")],
  };
  const comment = diffMarkdown(findChanges(modelOf({ ...orders, ...rp(denied, open, granted) }), modelOf(head)));

  it("tells anonymous gains first, then any account's, and losses last", () => {
    const who = [...comment.matchAll(/^- \*\*`[^`]+`\*\*[^:]*: `([^`]+)`/gm)].map(([, name = ""]) => name);
    const ranks = who
      .slice(0, -1)
      .map((name) => (name.startsWith("anonymous") ? 0 : name.startsWith("any other") ? 1 : 2));
    expect(ranks.length).toBeGreaterThan(10);
    expect(ranks).toEqual([...ranks].sort());
    const kinds = diffMarkdown([
      found({ kind: "lost" }),
      found({ kind: "changed" }),
      found(),
      found({ kind: "undecided" }),
    ]);
    expect(kinds.match(/^### \w+/gm)).toEqual(["### Gained", "### Undecided", "### Must", "### Lost"]);
  });

  it("folds all but the first of a kind, and each request", () => {
    const [before = ""] = comment.split(/<details><summary>\d+ more<\/summary>/);
    expect(before.match(/^- /gm)).toHaveLength(5);
    expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
    expect(comment).not.toContain("To change that");
  });

  it("says that nothing changed", () => {
    expect(diffMarkdown([])).toBe("## Access diff\n\nNobody gains or loses access.\n");
  });

  it("stays within what GitHub takes, and says how many are left out", () => {
    const many = Array.from({ length: 2_000 }, (_, index) => found({ path: `/orders/${"x".repeat(400)}${index}` }));
    const long = diffMarkdown(many);
    expect(long.length).toBeLessThan(65_536);
    const told = long.match(/^- /gm)?.length ?? 0;
    expect(told).toBeGreaterThan(20);
    expect(long).toContain(`${2_000 - told} more do not fit`);
    expect(long.match(/<details>/g)?.length).toBe(long.match(/<\/details>/g)?.length);
  });
});

describe("A name in a configuration", () => {
  const HOSTILE = [
    "@admin",
    "`@admin`",
    "``` @admin",
    "<img src=x onerror=alert(1)>",
    "</details>",
    "[click](https://evil.example)",
    "https://evil.example",
    "www.evil.example",
    "|---|",
    "\n\n# Approved",
    "\r\n- [x] done",
    "#1",
    "\u202egnp.exe",
    "&lt;b&gt;",
  ];
  const places: readonly (readonly [string, (text: string) => Partial<FoundChange>])[] = [
    ["the API", (api) => ({ api })],
    ["the path", (path) => ({ path })],
    ["the paths", (paths) => ({ paths })],
    ["who", (who) => ({ who })],
    ["the network", (network) => ({ network })],
    ["the reason", (reason) => ({ reason })],
    ["the file", (file) => ({ because: { file, address: "a" } })],
    ["the address", (address) => ({ because: { file: "f", address } })],
    ["the request", (text) => ({ witness: { method: "GET", path: "/", headers: { "X-A": [text] }, caller: null } })],
  ];

  it.each(places)("writes nothing into the comment as %s", (_, place) => {
    for (const text of HOSTILE) {
      const plain = diffMarkdown([found(place("harmless"))]);
      const comment = diffMarkdown([found(place(text))]);
      const left = markup(comment);
      expect([
        text,
        left.match(/(?<!\\)@[a-z]|(?<!\\)<(?!\/?(details|summary)>)|https?:\/\/|www\.|(?<!\\)\]\(|[\u202a-\u202e]/g),
      ]).toEqual([text, null]);
      expect([text, comment.match(/^(#|- |\|)/gm)]).toEqual([text, plain.match(/^(#|- |\|)/gm)]);
      expect([text, left.match(/(?<!\\)<\/details>/g)?.length]).toEqual([text, 1]);
    }
  });
});
