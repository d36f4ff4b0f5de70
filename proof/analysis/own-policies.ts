/** Roles whose own policies newly let them assume a role, under a trust policy that says what it said. */
import type { Role } from "../model/types";
import type { Assumers } from "./assumers";
import { assumes } from "./assumers";
import type { DiffKind } from "./change";
import { mayPass } from "./role-chains";
import type { Side } from "./view";

export function changedPassages(sides: readonly [Side, Side], to: readonly [Role, Role]): readonly Assumers[] {
  const [before, after] = sides.map(({ model }) => new Map(model.roles.map((role) => [role.arn, role])));
  const arns = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...arns].flatMap((arn): Assumers[] => {
    const [was, is] = [before?.get(arn), after?.get(arn)];
    if (arn === to[0].arn || ownText(was) === ownText(is)) return [];
    const passed = was === undefined ? "no" : mayPass(sides[0], was, to[0]);
    const passes = is === undefined ? "no" : mayPass(sides[1], is, to[1]);
    if (passed === passes) return [];
    const open = passed === "perhaps" || passes === "perhaps";
    const kind: DiffKind = open ? "undecided" : passes === "certain" ? "gained" : "lost";
    const told = { gained: "now let it", lost: "no longer let it", undecided: "may or may not let it", changed: "" }[
      kind
    ];
    const [from, other] = kind === "lost" ? [was, is] : [is, was];
    const proven =
      !open && new Set(sides.map((side) => assumes(side, { arn: to[0].arn, assumedBy: { arn } }))).size === 2;
    const because = from?.identityPolicies.find(
      (one) => !ownText(other).includes(JSON.stringify(one.document)),
    )?.source;
    return [
      {
        kind,
        who: arn,
        reason: `The policies of ${arn} ${told} assume ${to[0].arn}.`,
        ...(proven ? { assumedBy: { arn } } : {}),
        ...(because === undefined ? {} : { because }),
      },
    ];
  });
}

function ownText(role: Role | undefined): string {
  const all = [...(role?.identityPolicies ?? []), role?.permissionsBoundary];
  return all.map((one) => one?.unresolved ?? JSON.stringify(one?.document)).join("\n");
}
