import type { Api, Deployment, Source } from "../../../model/types";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { listed } from "../statements";

/**
 * A stage serves the policy and the authorizers of its deployment. Where Terraform is not told to deploy anew when one of
 * them changes, the change is written and never holds (Redeploy a REST API to a stage; a trigger on an id alone does not
 * see what stands under the id).
 */
export const staleDeployment: Rule = {
  name: "stale-deployment",
  severity: "error",
  find: ({ model }) =>
    model.apis.flatMap((api) => (api.deployments ?? []).flatMap((deployment) => findIn(api, deployment))),
};

/** Attributes that stay as they are while what matters changes. */
const IDENTITY = new Set(["id", "arn", "name", "rest_api_id", "execution_arn", "root_resource_id"]);

function findIn(api: Api, deployment: Deployment): RuleFinding[] {
  const frozen = [...(api.policy === undefined ? [] : [api.policy]), ...api.authorizers].map(({ source }) => source);
  const missed = frozen.filter((source) => !isSeen(source, deployment));
  return [...missing(deployment, missed), ...unordered(api, deployment)];
}

function missing(deployment: Deployment, missed: readonly Source[]): RuleFinding[] {
  if (missed.length === 0 || deployment.computedElsewhere) return [];
  const what = listed(missed.map(({ address }) => resourceOf(address)[0] ?? address));
  const why = deployment.hasTriggers
    ? `The triggers of ${deployment.address} do not see ${what}`
    : `${deployment.address} has no triggers, so it does not see ${what}`;
  return [
    {
      message: `${why}: a change there is written and not served until somebody deploys by hand.`,
      where: { file: deployment.source.file, address: `${deployment.source.address}.triggers` },
      witness: null,
      fix: "Hash them as a whole: triggers = { redeployment = sha1(jsonencode([<policy>.policy, <authorizer>, …])) }, with create_before_destroy.",
    },
  ];
}

function isSeen({ address }: Source, { triggeredWith }: Deployment): boolean {
  const [resource, attribute] = resourceOf(address);
  return triggeredWith.some((reference) => {
    const [type, name, read] = reference.split(".");
    if (`${type}.${name}` !== resource) return false;
    // An API says more than its policy: only the attribute in question, or all of it, counts.
    if (type === "aws_api_gateway_rest_api") return read === undefined || read === attribute;
    return read === undefined || !IDENTITY.has(read);
  });
}

/** Terraform makes things that do not name one another in any order, so the policy may come after the snapshot. */
function unordered({ policy }: Api, { address, source, dependsOn, triggeredBy }: Deployment): RuleFinding[] {
  const [resource] = resourceOf(policy?.source.address ?? "");
  if (resource?.startsWith("aws_api_gateway_rest_api_policy.") !== true) return [];
  if ([...dependsOn, ...triggeredBy].some((named) => named === resource || named.startsWith(`${resource}.`))) return [];
  return [
    {
      message: `${address} does not wait for ${resource}: the first deployment may be made without the policy.`,
      where: source,
      witness: null,
      fix: `Add ${resource} to depends_on of the deployment.`,
    },
  ];
}

/** The resource as its own module calls it, as references do, and the attribute behind it. */
function resourceOf(address: string): [resource?: string, attribute?: string] {
  const own = address.replace(/\[[^\]]*\]/g, "").replace(/^(?:module\.[^.]+\.)+/, "");
  const [type, name, attribute] = own.split(".");
  if (type === undefined || name === undefined) return [];
  return attribute === undefined ? [`${type}.${name}`] : [`${type}.${name}`, attribute];
}
