import { toText, Unknown } from "../terraform/value";
import { groupBy } from "./group-by";
import type { Reading } from "./reading";
import type { Secret } from "./types";

export function buildSecrets(reading: Reading): Secret[] {
  const versions = groupBy(reading.resources("aws_secretsmanager_secret_version"), (version) =>
    reading.text(version, "secret_id"),
  );
  const policies = groupBy(reading.resources("aws_secretsmanager_secret_policy"), (policy) =>
    reading.text(policy, "secret_arn"),
  );
  return reading.resources("aws_secretsmanager_secret").map((resource) => {
    const arn = reading.text(resource, "arn") ?? "";
    const name = reading.text(resource, "name") ?? resource.name;
    const attached = policies.get(arn)?.[0];
    const policy = attached === undefined ? reading.policy(resource, "policy") : reading.policy(attached, "policy");
    const own = [...(versions.get(arn) ?? []), ...(versions.get(name) ?? [])];
    return {
      address: reading.address(resource),
      name,
      arn,
      versions: own.map((version) => {
        const value = version.configured("secret_string");
        const stages = reading.texts(version, "version_stages") ?? ["AWSCURRENT"];
        // A value that is not known is made locally, as for the secrets that hold none.
        return { stages, ...(value === undefined || value instanceof Unknown ? {} : { value: toText(value) ?? "" }) };
      }),
      ...(policy === undefined ? {} : { policy }),
      tags: reading.tags(resource),
      source: reading.source(resource),
    };
  });
}
