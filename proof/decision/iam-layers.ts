/** The layers of an IAM decision: how AWS names them in a refusal, and how a trace tells them. */
import type { AccessDecision, Layer, LayerName } from "../iam";
import type { PolicyParty } from "./denials";
import type { StepName, TraceStep } from "./types";
import { combineStep, policyStep } from "./words";

export const PARTIES: Readonly<Record<LayerName, PolicyParty>> = {
  "service-control": "service control policy",
  "vpc-endpoint": "VPC endpoint policy",
  resource: "resource-based policy",
  identity: "identity-based policy",
  "permissions-boundary": "permissions boundary",
  session: "session policy",
};

/** The step that tells of a layer, and the words for its policies. */
const TOLD: Readonly<Record<LayerName, readonly [StepName, string]>> = {
  "service-control": ["identity-policy", "the organization's service control policies"],
  "vpc-endpoint": ["vpc-endpoint-policy", "the VPC endpoint policy"],
  resource: ["resource-policy", "the resource policy"],
  identity: ["identity-policy", "the caller's identity policies"],
  "permissions-boundary": ["identity-policy", "the caller's permissions boundary"],
  session: ["identity-policy", "the caller's session policies"],
};

/** One step for each layer, and one for how they combine. */
export function layerSteps(access: AccessDecision): (() => TraceStep)[] {
  const { request } = access;
  const own = layerOf(access, "identity")?.verdict ?? "NEITHER";
  const resource = layerOf(access, "resource")?.verdict ?? "NONE";
  return [
    ...access.layers.map((layer) => () => policyStep(...TOLD[layer.name], layer.policies, request, layer)),
    () => {
      const table = access.crossAccount ? "B" : "A";
      const step = combineStep(request, { table, party: "identity policies", own, resource, outcome: access.decision });
      const { missing } = access;
      if (missing === undefined || missing === "identity" || missing === "resource") return step;
      return { ...step, because: `${step.because} An Allow in ${TOLD[missing][1]} is needed as well.` };
    },
  ];
}

export function layerOf(access: AccessDecision, wanted: LayerName): Layer | undefined {
  return access.layers.find(({ name }) => name === wanted);
}
