import { resolve } from "node:path";
import { InputError } from "../../errors";
import type { InputProblem } from "../../errors";
import { createCredentialRegistry, type SessionCredential } from "../../local/credentials";
import { identityOf } from "../../local/credentials-principal";
import { StateFolder } from "../../local/state";

import { sessionProblems } from "../../local/sts-session";
import { trustAdmits } from "../../local/sts-trust";
import { loadModel } from "../../model/load";
import type { Model, Role } from "../../model/types";
import type { Command, Values } from "../command";

const DIRECTORY = "cdktf.out";
const FORMATS = ["process", "curl"];
const OPTIONS = { sessionName: "--session-name", durationSeconds: "--duration", externalId: "--external-id" } as const;

/** @param load reads the model of a directory; tests pass their own */
export function credentialsCommand(load: (directory: string, values: Values) => Promise<Model>): Command {
  return {
    name: "credentials",
    summary: "Local credentials of a role in DIR, in the credential_process JSON of the AWS CLI and SDKs.",
    usage:
      "credentials ROLE [--dir DIR] [--env E] [--external-id X] [--as ARN] [--session-name NAME] [--duration SECONDS] [--account ID] [--format process|curl]",
    help: [
      "ROLE                  name, ARN or Terraform address of a role",
      `--dir DIR             synthesized JSON (default ${DIRECTORY})`,
      "--env E               the environment, where DIR holds several",
      "--external-id X       what the role's trust policy asks for as sts:ExternalId",
      "--as ARN              who assumes the role (default: whoever its trust policy names)",
      "--session-name NAME   name of the role session (default local)",
      "--duration SECONDS    900 to the role's longest session (default 3600, or that longest)",
      "--account ID          the account that owns what DIR does not place in one",
      "--format curl         a curl configuration instead: … --format curl | curl -K - URL",
      "--json                accepted as everywhere; the answer is one JSON document anyway",
    ],
    options: {
      dir: { type: "string" },
      env: { type: "string" },
      "external-id": { type: "string" },
      as: { type: "string" },
      "session-name": { type: "string" },
      duration: { type: "string" },
      account: { type: "string" },
      format: { type: "string" },
      json: { type: "boolean" },
    },
    positionals: [1, 1],
    async run(io, values, [name = ""]) {
      const directory = resolve(io.cwd, text(values.dir) ?? DIRECTORY);
      const model = await load(directory, values);
      const role = findRole(model, name);
      const duration = text(values.duration);
      const externalId = text(values["external-id"]);
      const terms = {
        sessionName: text(values["session-name"]) ?? "local",
        durationSeconds: duration === undefined ? Math.min(3600, role.maxSessionSeconds) : Number(duration),
        ...(externalId === undefined ? {} : { externalId }),
      };
      const problems: InputProblem[] = sessionProblems(terms, role).map(([member, what]) => ({
        what: `${member === "durationSeconds" && Number.isNaN(terms.durationSeconds) ? `'${duration}': ` : ""}${what}.`,
        where: OPTIONS[member],
      }));
      const format = text(values.format) ?? "process";
      if (!FORMATS.includes(format)) {
        problems.push({
          what: `'${format}' is not a format.`,
          where: "--format",
          next: `Use ${FORMATS.join(" or ")}.`,
        });
      }
      const as = text(values.as);
      const identity = as === undefined ? undefined : identityOf(as, undefined, model);
      if (typeof identity === "string") problems.push({ what: `${identity}.`, where: "--as" });
      if (problems.length > 0 || typeof identity === "string") throw new InputError(problems);

      const answer = trustAdmits({ role, ...terms, now: Date.now() }, identity?.principal);
      if (answer.outcome === "deny") {
        throw new InputError({
          what: `${role.name} cannot be assumed: ${answer.because.replace(/\.$/, "")}.`,
          where: `${role.trustPolicy.source.file}: ${role.trustPolicy.source.address}`,
          next: "Give what the trust policy asks for: --external-id X, --as ARN of who assumes it, --session-name NAME.",
        });
      }
      const credential = createCredentialRegistry({ model, state: new StateFolder(directory) }).mintRoleSession({
        role,
        ...terms,
      });
      io.out(format === "curl" ? curlConfiguration(credential, regionOf(model)) : credentialProcess(credential));
      return 0;
    },
  };
}

export const command = credentialsCommand(async (directory, values) => {
  const [environment, account] = [text(values.env), text(values.account)];
  return loadModel(directory, {
    ...(environment === undefined ? {} : { environment }),
    ...(account === undefined ? {} : { account }),
  });
});

/** What the AWS CLI and SDKs read from a `credential_process`. */
function credentialProcess(credential: SessionCredential): string {
  const answer = {
    Version: 1,
    AccessKeyId: credential.accessKeyId,
    SecretAccessKey: credential.secretAccessKey,
    SessionToken: credential.sessionToken,
    Expiration: new Date(credential.expiresAt).toISOString(),
  };
  return `${JSON.stringify(answer)}\n`;
}

/** A curl configuration for its standard input, so that no secret stands on a command line. */
function curlConfiguration(credential: SessionCredential, region: string): string {
  return [
    `aws-sigv4 = "aws:amz:${region}:execute-api"`,
    `user = "${credential.accessKeyId}:${credential.secretAccessKey}"`,
    `header = "X-Amz-Security-Token: ${credential.sessionToken}"`,
    "",
  ].join("\n");
}

/** The region to sign for: that of the APIs. */
function regionOf({ apis }: Model): string {
  const regions = [...new Set(apis.map((api) => api.region))];
  const [region] = regions;
  if (region !== undefined && regions.length === 1) return region;
  throw new InputError({
    what: `A signature is for one region, and the APIs are in ${regions.join(", ") || "none"}.`,
    where: "--format curl",
    next: "Use the credential_process form, and name the region where you sign.",
  });
}

/** A role by its name, its ARN, or its Terraform address with or without the stack. */
function findRole({ roles }: Model, name: string): Role {
  const found = roles.filter((role) => [role.name, role.arn, role.address].includes(name));
  const matches = found.length > 0 ? found : roles.filter((role) => role.address.endsWith(`/${name}`));
  const [role, another] = matches;
  if (role !== undefined && another === undefined) return role;
  const listed = (another === undefined ? roles : matches).map(
    (known) => `${known.name} (${known.arn}, ${known.address})`,
  );
  throw new InputError({
    what: another === undefined ? `There is no role '${name}'.` : `'${name}' is the name of ${matches.length} roles.`,
    where: "ROLE",
    next: another === undefined ? `Known: ${listed.join(", ") || "none"}` : `Name it by ARN: ${listed.join(", ")}`,
  });
}

function text(value: Values[string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}
