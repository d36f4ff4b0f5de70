import { runCommandLine } from "../../proof/cli/run";

it.each(["matrix nosuch", "diff nosuch nosuch", "check nosuch", "serve nosuch", "probe nosuch --target http://a/dev"])(
  "%s says of a directory that is not there how it comes to be",
  async (line) => {
    let said = "";
    const write = (text: string) => void (said += text);
    const io = { cwd: __dirname, env: {}, out: write, err: write, stdin: () => Promise.resolve("") };
    expect(await runCommandLine(line.split(" "), io)).toBe(2);
    expect(said).toMatch(/nosuch does not exist\n {2}Synthesize first \(npx cdktf synth\), or name a directory/);
  },
);
