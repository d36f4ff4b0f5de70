import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { probes } from "../../conformance/probes";
import { writeProject } from "../../conformance/project";
import { recorded } from "../../conformance/recorded";
import { Served } from "../clients/served";

const folder = mkdtempSync(join(tmpdir(), "portcullis-test-"));
const { directory, callersFile } = writeProject(folder);
let served: Served;
beforeAll(async () => {
  served = await Served.start(directory, "--callers", callersFile);
}, 60_000);
afterAll(async () => {
  await served.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("what other local gateways get wrong is answered as AWS answers it:", () => {
  it.each(probes)("$number $name: $aws", async ({ aws, send }) => {
    expect(await send(served.url)).toBe(aws);
  });
});

it("each of the thirteen probes has its record of the others", () => {
  expect([...new Set(probes.map(({ number }) => String(number)))]).toEqual(Object.keys(recorded));
});
