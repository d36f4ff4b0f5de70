import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { iam, publicRoute } from "../../constructs/routes/protection";
import { defineRoutes } from "../../constructs/routes/route-table";
import { dev } from "../../environments/dev";
import { synthesize } from "../../stacks/synthesize";

describe("A synthesis that fails", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-test-"));
  const outdir = join(folder, "out");
  afterAll(() => rmSync(folder, { recursive: true }));

  it("for a hole between two routes writes nothing", () => {
    const table = defineRoutes([
      {
        verb: "GET",
        path: "/a/{x}",
        protection: publicRoute({ reason: "Anyone may know that the API is up." }),
        handler: "caller",
      },
      { verb: "GET", path: "/a/b", protection: iam({ ownAccount: true }), handler: "caller" },
    ]);
    expect(() => synthesize([dev], table, { outdir })).toThrow("also covers GET /a/b");
    expect(existsSync(outdir)).toBe(false);
  });
});
