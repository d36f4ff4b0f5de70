/** The layers of an IAM decision: how AWS names them in a refusal, and how a trace tells them. */
import type { AccessDecision, AccessInput, Layer, LayerName } from "../iam";
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

const STEPS: Readonly<Record<LayerName, StepName>> = {
  "service-control": "identity-policy",
  "vpc-endpoint": "vpc-endpoint-policy",
  resource: "resource-policy",
  identity: "identity-policy",
  "permissions-boundary": "identity-policy",
  session: "identity-policy",
};

const NAMES: Readonly<Record<LayerName, string>> = {
  "service-control": "the organization's service control policies",
  "vpc-endpoint": "the VPC endpoint policy",
  resource: "the resource policy",
  identity: "the caller's identity policies",
  "permissions-boundary": "the caller's permissions boundary",
  session: "the caller's session policies",
};

/** One step for each layer, and one for how they combine. */
export function layerSteps(input: AccessInput, access: AccessDecision): (() => TraceStep)[] {
  const own = layerOf(access, "identity")?.verdict ?? "NEITHER";
  const resource = layerOf(access, "resource")?.verdict ?? "NONE";
  return [
    ...access.layers.map((layer) => () => {
      const policies = policiesOf(input, layer.name);
      return policyStep(STEPS[layer.name], NAMES[layer.name], policies, input.request, layer);
    }),
    () => {
      const step = combineStep(access.crossAccount ? "B" : "A", "identity policies", own, resource, access.decision);
      const { missing } = access;
      const silent = missing === undefined || missing === "identity" || missing === "resource";
      if (access.decision !== "implicitDeny" || silent) return step;
      return { ...step, because: `${step.because} An Allow in ${NAMES[missing]} is needed as well.` };
    },
  ];
}

export function layerOf(access: AccessDecision, wanted: LayerName): Layer | undefined {
  return access.layers.find(({ name }) => name === wanted);
}

function policiesOf(input: AccessInput, layer: LayerName): Parameters<typeof policyStep>[2] {
  switch (layer) {
    case "service-control":
      return (input.serviceControlPolicies ?? []).flat();
    case "vpc-endpoint":
      return input.vpcEndpointPolicy === undefined ? [] : [input.vpcEndpointPolicy];
    case "resource":
      return input.resourcePolicy === undefined ? [] : [input.resourcePolicy];
    case "identity":
      return input.identityPolicies;
    case "permissions-boundary":
      return input.permissionsBoundaries ?? [];
    case "session":
      return input.sessionPolicies ?? [];
  }
}
