import type { Deliverable } from "../../scripts/deliver/deliverable";
import { terraformProblem } from "../../scripts/deliver/terraform-problem";

const stack: Deliverable = {
  name: "p-dev-api",
  folder: "out/stacks/p-dev-api",
  dependencies: ["p-dev-identity"],
  accounts: [],
  variables: {},
  appliedByPeople: false,
};

/** As Terraform prints an error: with a bar at the left, and broken over lines. */
const framed = (text: string): string =>
  `╷\n${text
    .split("\n")
    .map((line) => `│ ${line}`)
    .join("\n")}\n╵\n`;

it.each([
  [
    "a stack it reads from is not deployed",
    framed(
      "Error: Unable to find remote state\n\nNo stored state was found for the given workspace in the given\nbackend.",
    ),
    "upstream",
    "p-dev-identity",
  ],
  [
    "a stack it reads from does not offer a value yet",
    framed(
      'Error: Unsupported attribute\n\nThis object does not have an attribute named\n"cross-stack-output-aws_cognito_user_poolarn".',
    ),
    "upstream",
    "Deploying p-dev-identity first",
  ],
  [
    "the state is locked",
    framed(
      "Error: Error acquiring the state lock\n\nError message: StatusCode: 412, PreconditionFailed\nLock Info:\n  ID:        9f0c-77\n  Path:      bucket/p-dev-api.tfstate\n  Who:       ann@laptop\n  Created:   2026-11-22 10:00:00 +0000 UTC",
    ),
    "locked",
    "force-unlock 9f0c-77",
  ],
  [
    "the session expires on the way",
    framed("Error: operation error STS: GetCallerIdentity, api error ExpiredToken: The security token is expired"),
    "credentials",
    "Sign in again",
  ],
  ["the account is another", framed("Error: AWS account ID not allowed: 999999999999"), "credentials", "AWS_PROFILE"],
  [
    "the role may not be assumed",
    framed("Error: Cannot assume IAM Role\n\nIAM Role (arn:aws:iam::1:role/x) cannot be assumed."),
    "credentials",
    "npm run bootstrap",
  ],
  [
    "the bucket is not there",
    framed('Error: Failed to get existing workspaces: S3 bucket "p-dev-state" does not exist.'),
    "other",
    "npm run bootstrap",
  ],
  ["the saved plan is stale", framed("Error: Saved plan is stale"), "stale", "Plan again"],
  [
    "the provider cannot be fetched",
    framed("Error: Failed to query available provider packages"),
    "other",
    "PORTCULLIS_PROVIDER_MIRROR",
  ],
  [
    "data is protected",
    framed(
      "Error: Instance cannot be destroyed\n\nResource aws_cognito_user_pool.pool has\nlifecycle.prevent_destroy set",
    ),
    "other",
    "--with-data",
  ],
  [
    "something of that name is there",
    framed("Error: creating IAM Role (x): EntityAlreadyExists: Role with name x already exists."),
    "other",
    "terraform -chdir=out/stacks/p-dev-api import",
  ],
])("Where %s, the message says what to do", (_what, output, kind, next) => {
  const problem = terraformProblem(stack, "plan", output);
  expect(problem).toMatchObject({ kind, where: "p-dev-api" });
  expect(problem.next).toContain(next);
});

it("says who holds a lock, and since when", () => {
  const output = framed(
    "Error: Error acquiring the state lock\n\nLock Info:\n  ID:        1\n  Who:       ann@laptop\n  Created:   2026-11-22 10:00:00",
  );
  expect(terraformProblem(stack, "apply", output).what).toBe(
    "Somebody else is changing this stack: ann@laptop, since 2026-11-22 10:00:00.",
  );
});

it("passes on every error it does not know, and nothing else of the output", () => {
  const output = `Initializing…\n${framed("Error: first\n\nwith a.b")}noise\n${framed("Error: second")}`;
  expect(terraformProblem(stack, "plan", output).what).toBe(
    "terraform plan failed.\n    Error: first\n    with a.b\n    Error: second",
  );
});
