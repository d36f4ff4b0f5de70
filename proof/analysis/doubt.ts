import type { RequestFile } from "../decision/request-file";
import type { Decision } from "../decision/types";
import { conditionHolds } from "../iam";
import type { AccessRequest } from "../iam/types";
import type { LiveRule } from "./rules";
import { conditionsText } from "./rules";

/**
 * Why the decision does not stand for all of the class: a statement of which it cannot be told whether it applies, and
 * that would turn it. More Allows never deny and more Denies never allow, so the others do not matter.
 */
export function doubtAbout(decision: Decision, live: readonly LiveRule[], witness: RequestFile): string | undefined {
  if (!live.some(({ doubt }) => doubt !== undefined)) return undefined;
  const request = atWitness(witness);
  const here = live.filter(({ open, rule }) =>
    open.every((condition) => conditionHolds(condition, rule.statement.effect, request)),
  );
  const doubtful = here.filter(({ doubt }) => doubt !== undefined);
  const effectOf = ({ rule }: LiveRule) => rule.statement.effect;
  const certain = here.filter(({ doubt }) => doubt === undefined);
  const turning =
    decision.outcome === "allow"
      ? doubtful.filter(
          (one) =>
            effectOf(one) === "Deny" ||
            !certain.some((other) => effectOf(other) === "Allow" && other.rule.policy.kind === one.rule.policy.kind),
        )
      : certain.some((one) => effectOf(one) === "Deny") || decision.denial?.errorType !== "AccessDeniedException"
        ? []
        : doubtful;
  const [first] = turning;
  if (first === undefined) return undefined;
  const { sid, index } = first.rule.statement.ref;
  return `It cannot be told whether statement ${sid ?? index} of ${first.rule.policy.source.address} applies: ${first.doubt}.`;
}

/** What the statements in play demand, without where it is written. */
export function fingerprintOf(live: readonly LiveRule[]): string {
  return live
    .map(({ rule, grant }) => {
      const { effect, conditions, resource } = rule.statement;
      const where = rule.variableResource ? resource?.patterns.map(({ source }) => source).sort() : [];
      return JSON.stringify([rule.policy.kind, effect, grant, conditionsText(conditions), where]);
    })
    .sort()
    .join("\n");
}

/** The keys that open conditions look at, as the witness has them. */
function atWitness({ sourceIp, vpc, headers, time }: RequestFile): AccessRequest {
  const context = new Map<string, readonly string[]>();
  const set = (key: string, value: string | undefined): void => {
    if (value !== undefined) context.set(key, [value]);
  };
  set("aws:sourceip", sourceIp);
  set("aws:sourcevpc", vpc?.id);
  set("aws:sourcevpce", vpc?.endpoint);
  set("aws:vpcsourceip", vpc?.sourceIp);
  set("aws:referer", headers?.["Referer"]?.[0]);
  set("aws:useragent", headers?.["User-Agent"]?.[0]);
  set("aws:currenttime", time);
  set("aws:epochtime", time === undefined ? undefined : String(Math.floor(Date.parse(time) / 1000)));
  return { principal: { kind: "anonymous" }, action: "", resource: "", context };
}
