import { DeliveryFailure } from "./failure";
import type { State } from "./stack-run";

/** A stage that is deployed, as its stack's state knows it. */
export interface LiveStage {
  readonly stack: string;
  /** Terraform address of the stage. */
  readonly address: string;
  readonly apiName: string;
  readonly restApiId: string;
  readonly stageName: string;
  readonly deploymentId: string;
  /** Where callers reach it. */
  readonly url: string;
  /** Reached only from inside a VPC, so not from a pipeline. */
  readonly isPrivate: boolean;
}

/** The stages in a stack's state. */
export function stagesIn(stack: string, state: State): readonly LiveStage[] {
  const resources = state.resources.flatMap(({ type, name, instances }) =>
    instances.map(({ attributes = {} }) => ({ type, address: `${type}.${name}`, values: attributes })),
  );
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const apis = resources.filter(({ type }) => type === "aws_api_gateway_rest_api");
  return resources
    .filter(({ type }) => type === "aws_api_gateway_stage")
    .map(({ address, values }) => {
      const api = apis.find((one) => one.values["id"] === values["rest_api_id"]);
      const [endpoint] = (api?.values["endpoint_configuration"] ?? []) as readonly {
        readonly types?: readonly string[];
      }[];
      return {
        stack,
        address,
        apiName: text(api?.values["name"]),
        restApiId: text(values["rest_api_id"]),
        stageName: text(values["stage_name"]),
        deploymentId: text(values["deployment_id"]),
        url: text(values["invoke_url"]),
        isPrivate: endpoint?.types?.includes("PRIVATE") === true,
      };
    });
}

/** The calls to API Gateway that a roll-back takes. */
export interface Deployments {
  /** Takes a snapshot of the API as it stands and answers its id. */
  create(restApiId: string, description: string): Promise<string>;
  /** Points a stage at a deployment. */
  use(restApiId: string, stageName: string, deploymentId: string): Promise<void>;
  delete(restApiId: string, deploymentId: string): Promise<void>;
}

/** A stage with the snapshot it can be taken back to. */
export interface Kept {
  readonly stage: LiveStage;
  readonly deploymentId: string;
}

const DESCRIPTION = "Kept while a release is probed";

/**
 * Keeps what the stages serve now. Terraform deletes the previous deployment as soon as the stage points at the new
 * one, so a roll-back needs a snapshot of its own, taken before anything changes.
 *
 * @throws DeliveryFailure for a stage without a deployment
 */
export async function keep(stages: readonly LiveStage[], deployments: Deployments): Promise<readonly Kept[]> {
  const without = stages.filter(({ deploymentId }) => deploymentId === "");
  if (without.length > 0) {
    throw new DeliveryFailure(
      without.map(({ stack, address }) => ({
        what: "The stage has no deployment, so it serves nothing that could be gone back to.",
        where: `${stack}: ${address}`,
        next: "Somebody removed it by hand: npm run deploy -- <environment> makes a new one.",
      })),
    );
  }
  const kept: Kept[] = [];
  for (const stage of stages) {
    kept.push({ stage, deploymentId: await deployments.create(stage.restApiId, DESCRIPTION) });
  }
  return kept;
}

/** Points every stage back at what it served before. Terraform will show that as drift until the next release. */
export async function rollBack(kept: readonly Kept[], deployments: Deployments): Promise<void> {
  for (const { stage, deploymentId } of kept) await deployments.use(stage.restApiId, stage.stageName, deploymentId);
}

/** Drops the snapshots of a release that went well. */
export async function drop(kept: readonly Kept[], deployments: Deployments): Promise<void> {
  for (const { stage, deploymentId } of kept) await deployments.delete(stage.restApiId, deploymentId);
}
