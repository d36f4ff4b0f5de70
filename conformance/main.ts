/** `node --import tsx conformance/main.ts`: the probes, sent over HTTP, beside what was recorded of other local gateways. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGateway } from "../proof/gateway/gateway";
import { silent } from "../proof/gateway/reporter";
import { loadModel } from "../proof/model/load";
import { probes } from "./probes";
import { writeProject } from "./project";
import { recorded } from "./recorded";

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-conformance-"));
  const { directory, callersFile } = writeProject(folder);
  const load = async () => loadModel(directory);
  const gateway = await startGateway({ directory, load, port: 0, callersFile, reporter: silent });
  let wrong = 0;
  try {
    process.stdout.write("| # | probe | AWS | Portcullis | serverless-offline | sam-cli | cdk-local | others |\n");
    process.stdout.write("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (const { number, name, aws, send } of probes) {
      const ours = await send(gateway.url);
      if (ours !== aws) wrong += 1;
      const peers = recorded[number];
      const verdict = ours === aws ? `${ours} ok` : `${ours} ${ours === 200 ? "OPEN" : "SHUT"}`;
      const theirs = [peers?.serverlessOffline, peers?.samCli, peers?.cdkLocal, peers?.others];
      process.stdout.write(`| ${[number, name, aws, verdict, ...theirs].join(" | ")} |\n`);
    }
  } finally {
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(
    `\n${probes.length - wrong} of ${probes.length} as AWS. The others were recorded on 2026-11-22.\n`,
  );
  return wrong === 0 ? 0 : 1;
}

void main().then((code) => {
  process.exitCode = code;
});
