/**
 * `node --import tsx bench/watch.ts [TURNS]`: how long after an edit of this project's sources `serve --watch` answers by
 * it, with a request always under way; none may be lost.
 */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { applyEdit, ask, copyOfThisProject, edits } from "../test/gateway/watched-project";

const turns = Number(process.argv[2] ?? 5);
const bin = join(__dirname, "..", "bin", "portcullis.js");

async function main(): Promise<void> {
  const project = copyOfThisProject();
  const environment = { ...process.env, PORTCULLIS_ENV: "dev" };
  spawnSync(process.execPath, ["--import", "tsx", "main.ts"], { cwd: project, env: environment, stdio: "inherit" });
  const options = ["serve", "--env", "dev", "--port", "0", "--json", "--watch", "--simulate-network"];
  const child = spawn(process.execPath, [bin, ...options], { cwd: project, stdio: ["ignore", "pipe", "ignore"] });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const { url } = JSON.parse(line) as { url: string };
    // By then the process that the first change needs stands ready.
    await sleep(8_000);
    const took = new Map<string, number[]>(edits.map(({ name }) => [name, []]));
    let requests = 0;
    for (let turn = 1; turn <= turns; turn++) {
      for (const edit of edits) {
        applyEdit(project, edit, turn);
        const from = performance.now();
        // A request that is not answered rejects, and ends the run.
        for (; !edit.isNew(await ask(url, edit.path(turn), edit.sourceIp(turn)), turn); await sleep(20)) requests++;
        took.get(edit.name)?.push(Math.round(performance.now() - from));
        await sleep(2_000);
      }
    }
    for (const [name, all] of took) {
      const [least, median, most] = [0, 0.5, 1].map(
        (at) => all.sort((a, b) => a - b)[Math.floor(at * (all.length - 1))],
      );
      console.log(`${name.padEnd(18)} median ${median} ms (${least} to ${most}) over ${all.length} edits`);
    }
    console.log(`${requests} requests in the meantime, none lost`);
  } finally {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    rmSync(project, { recursive: true, force: true });
  }
}

void main();
