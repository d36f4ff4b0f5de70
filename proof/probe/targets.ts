import { InputError, type InputProblem } from "../errors";
import type { Model } from "../model/types";

/**
 * Which API each `--target` is: `NAME=URL`, or the URL alone where there is one API.
 *
 * @throws InputError with every problem at once
 */
export function readTargets(given: readonly string[], { apis }: Pick<Model, "apis">): ReadonlyMap<string, URL> {
  const known = apis.map(({ name }) => name);
  const targets = new Map<string, URL>();
  const problems: InputProblem[] = [];
  const problem = (what: string, next: string): void => void problems.push({ what, where: "--target", next });
  if (given.length === 0) {
    problem("No target was given.", "Give the URL of the deployed stage: --target https://….amazonaws.com/dev.");
  }
  for (const one of given) {
    const [, name, text = ""] = /^(?:([^=/:]+)=)?(.*)$/s.exec(one) ?? [];
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const api =
      name === undefined && known.length === 1
        ? known[0]
        : apis.find((found) => found.name === name || found.id === name)?.name;
    if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.pathname === "/") {
      problem(`'${text}' is not the URL of a stage.`, "It begins with https:// and ends with the stage.");
    } else if (api === undefined) {
      const what =
        name === undefined ? "There are several APIs, and the target names none." : `There is no API '${name}'.`;
      problem(what, `Give NAME=URL. Known: ${known.join(", ") || "none"}.`);
    } else {
      targets.set(api, url);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return targets;
}
