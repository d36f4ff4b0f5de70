import type { InputProblem } from "../../proof/errors";
import type { Deliverable } from "./deliverable";

/** Why Terraform did not do what it was asked. */
export interface TerraformProblem extends InputProblem {
  /** `upstream`: a stack this one reads from is not deployed as far as this one needs it. */
  readonly kind: "upstream" | "stale" | "locked" | "credentials" | "interrupted" | "other";
}

interface Known {
  readonly kind: TerraformProblem["kind"];
  readonly pattern: RegExp;
  readonly what: (found: RegExpExecArray, output: string) => string;
  readonly next: (stack: Deliverable, output: string, program: string) => string;
}

const AGAIN = "run the same command again: it goes on where it stopped.";

/** In the order in which they are looked for. */
const KNOWN: readonly Known[] = [
  {
    kind: "upstream",
    pattern: /Unable to find remote state|No stored state was found/,
    what: () => "A stack that this one reads from is not deployed yet.",
    next: ({ dependencies }) => `It is one of ${dependencies.join(", ")}; deploying them first is enough.`,
  },
  {
    kind: "upstream",
    pattern: /does not have an attribute named\s+"(cross-stack-output-[^"]+)"/,
    what: ([, output]) => `A stack that this one reads from does not offer ${output} yet.`,
    next: ({ dependencies }) => `Deploying ${dependencies.join(", ")} first is enough.`,
  },
  {
    kind: "locked",
    pattern: /Error acquiring the state lock/,
    what: (_found, output) => {
      const [who, since] = ["Who", "Created"].map((field) => lockField(output, field));
      return `Somebody else is changing this stack: ${who ?? "unknown"}, since ${since ?? "an unknown time"}.`;
    },
    next: ({ folder }, output, program) =>
      `Wait for them and ${AGAIN} Where that run is certainly dead: ${program} -chdir=${folder} force-unlock ${lockField(output, "ID") ?? "<ID>"}`,
  },
  {
    kind: "credentials",
    pattern: /ExpiredToken|security token included in the request is expired|token has expired/i,
    what: () => "The session expired on the way.",
    next: () => `Sign in again and ${AGAIN}`,
  },
  {
    kind: "credentials",
    pattern: /AWS account ID not allowed|Account ID not allowed/i,
    what: () => "The credentials belong to another account than this stack's.",
    next: () => `Choose the right ones (AWS_PROFILE=<profile>) and ${AGAIN}`,
  },
  {
    kind: "credentials",
    pattern: /cannot be assumed|not authorized to perform: sts:AssumeRole/,
    what: () => "The role of this stack's provider cannot be taken on.",
    next: () => "It is made by the account's delivery stack: npm run bootstrap -- <environment>.",
  },
  {
    kind: "other",
    pattern: /S3 bucket "?([\w.-]+)"? does not exist|NoSuchBucket/,
    what: ([, bucket]) => `The state bucket ${bucket ?? ""} does not exist.`.replace("  ", " "),
    next: () =>
      "Run npm run bootstrap -- <environment> once; where its file says bootstrapped: true already, set that to false first.",
  },
  {
    kind: "stale",
    pattern: /Saved plan is stale/,
    what: () => "The plan is stale: the stack was changed after it was planned.",
    next: () => "Plan again, and have that plan reviewed.",
  },
  {
    kind: "other",
    pattern: /Failed to query available provider packages|Could not retrieve the list of available versions/,
    what: () => "The AWS provider cannot be fetched.",
    next: () =>
      "Terraform and OpenTofu need their registry, or a mirror: PORTCULLIS_PROVIDER_MIRROR=<folder that holds registry.terraform.io/ or registry.opentofu.org/>.",
  },
  {
    kind: "other",
    pattern: /Resource (\S+) has\s+lifecycle\.prevent_destroy/,
    what: ([, address]) => `${address} holds data and is protected against being destroyed.`,
    next: () =>
      "A change that replaces it needs that protection lifted on purpose. Where all data may be lost: npm run destroy -- <environment> --with-data.",
  },
  {
    kind: "other",
    pattern: /Scope ARN: (\S+) does not exist or is not attachable/,
    what: ([, boundary]) => `The permissions boundary ${boundary}, which every role carries, is not there yet.`,
    next: () => `Run npm run bootstrap -- <environment> --delivery-only once: it makes the boundary. Then ${AGAIN}`,
  },
  {
    kind: "other",
    pattern: /EntityAlreadyExists|ResourceConflictException|AlreadyExistsException|BucketAlreadyOwnedByYou/,
    what: (_found, output) =>
      `Something of that name is there already and in no state: a run was cut off, or it was made by hand.\n${errorsOf(output)}`,
    next: ({ folder }, _output, program) =>
      `Bring it into the state, ${program} -chdir=${folder} import <address> <id>, or delete it; then ${AGAIN}`,
  },
];

/**
 * What Terraform's output means, and what to do about it.
 *
 * @param program the command a person types: `terraform` or `tofu`
 */
export function terraformProblem(
  stack: Deliverable,
  step: string,
  output: string,
  program = "terraform",
): TerraformProblem {
  const flat = output.replace(/^[│╷╵ ]+/gm, "").replace(/\s*\n\s*/g, " ");
  for (const { kind, pattern, what, next } of KNOWN) {
    const found = pattern.exec(flat);
    if (found !== null) {
      return { kind, where: stack.name, what: what(found, output), next: next(stack, output, program) };
    }
  }
  return {
    kind: "other",
    where: stack.name,
    what: `${program} ${step} failed.\n${errorsOf(output)}`,
    next: `When that is put right, ${AGAIN}`,
  };
}

/** Lines of one error that are shown: enough for what, where and why. */
const ERROR_LINES = 12;

/** The parts of the output that say what went wrong, or its end. Each stands in a frame that ends with a corner. */
function errorsOf(output: string): string {
  const lines = output.split("\n");
  const starts = lines.flatMap((line, index) => (/^[│ ]*Error: /.test(line) ? [index] : []));
  const blocks = starts.flatMap((start, index) => {
    const corner = lines.findIndex((line, at) => at > start && line.startsWith("╵"));
    const ends = [start + ERROR_LINES, starts[index + 1] ?? lines.length, corner === -1 ? lines.length : corner];
    return lines.slice(start, Math.min(...ends));
  });
  return (starts.length === 0 ? lines.slice(-15) : blocks)
    .map((line) => line.replace(/^[│╷╵] ?/, ""))
    .filter((line) => line.trim() !== "")
    .map((line) => `    ${line}`)
    .join("\n");
}

function lockField(output: string, field: string): string | undefined {
  return new RegExp(`^[│ ]*${field}:\\s*(\\S.*)$`, "m").exec(output)?.[1]?.trim();
}
