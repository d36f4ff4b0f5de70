import { conditionHolds } from "../iam";
import type { Condition } from "../iam";
import type { RequestCaller } from "../decision/request-file";
import type { AccessRequest } from "../iam/types";
import type { CallerTests } from "./caller-tests";
import { timesOf } from "./circumstances";
import type { Trait } from "./subject";
import { valueClasses } from "./values";

/** What one person's requests may have, of which no file says which: a class for each that policies tell apart. */
export interface CredentialTraits {
  readonly traits: readonly Trait[];
  readonly asked: Partial<RequestCaller>;
}

type Type = "user" | "role" | "root";

function typeOf({ arn }: RequestCaller): Type {
  if (arn.endsWith(":root")) return "root";
  return arn.includes(":user/") ? "user" : "role";
}

/**
 * Every kind of credentials that the policies tell apart: temporary ones with and without MFA, by its age, and by when
 * they were issued; and, for who is no role, those that are kept. And every class of ids that AWS may have given.
 */
export function credentialTraits(tests: CallerTests, person: RequestCaller): readonly CredentialTraits[] {
  const type = typeOf(person);
  const ids = userIds(tests, type);
  return credentials(tests.credentials, type).flatMap((one) =>
    ids.map((id) => ({ traits: [...one.traits, ...id.traits], asked: { ...one.asked, ...id.asked } })),
  );
}

const PLAIN: CredentialTraits = { traits: [], asked: {} };

function credentials(conditions: readonly Condition[], type: Type): readonly CredentialTraits[] {
  if (conditions.length === 0) return [PLAIN];
  const on = (key: string) => conditions.filter(({ lowerKey }) => lowerKey === key);
  const issued = timesOf(on("aws:tokenissuetime"));
  const factors = [undefined, ...agesOf(on("aws:multifactorauthage"))];
  const asksForFactors = conditions.some(({ lowerKey }) => lowerKey !== "aws:tokenissuetime");
  const temporary = (issued.length === 0 ? [undefined] : issued).flatMap((span) =>
    (asksForFactors ? factors : [undefined]).map((age): CredentialTraits => {
      const words = [
        ...(asksForFactors ? [age === undefined ? "without MFA" : `with MFA${age.words}`] : []),
        ...(span === undefined ? [] : [`with credentials issued ${span.words}`]),
      ];
      return {
        traits: [{ of: "credentials", words: words.join(" and ") }],
        asked: {
          issuedAt: span?.time ?? ISSUED,
          ...(age === undefined ? {} : { mfaAgeSeconds: age.seconds }),
        },
      };
    }),
  );
  if (type === "role") return temporary;
  return [...temporary, { traits: [{ of: "credentials", words: "with credentials that are kept" }], asked: {} }];
}

/** Before the instant that analyses decide at. */
const ISSUED = "2026-01-15T11:00:00Z";

interface Age {
  readonly seconds: number;
  readonly words: string;
}

/** Spans of ages in which all the conditions answer the same. */
function agesOf(conditions: readonly Condition[]): readonly Age[] {
  const limits = [...new Set(conditions.flatMap(({ values }) => values.map(({ source }) => Number(source))))];
  const ages = [0, ...limits.flatMap((limit) => [Math.ceil(limit) - 1, limit, Math.floor(limit) + 1])]
    .filter((age) => Number.isInteger(age) && age >= 0)
    .sort((a, b) => a - b);
  const runs: { readonly answers: string; readonly first: number; last: number }[] = [];
  for (const age of ages) {
    const context = new Map([["aws:multifactorauthage", [String(age)]]]);
    const request: AccessRequest = { principal: { kind: "anonymous" }, action: "", resource: "", context };
    const answers = conditions.map((condition) => Number(conditionHolds(condition, "Allow", request))).join("");
    const before = runs.at(-1);
    if (before?.answers === answers) before.last = age;
    else runs.push({ answers, first: age, last: age });
  }
  return runs.map(({ first, last }, index) => {
    const from = index === 0 ? "" : ` ${first} s`;
    const until = index === runs.length - 1 ? " or more" : ` up to ${last} s`;
    return { seconds: first, words: runs.length === 1 ? "" : `${from}${until} ago` };
  });
}

const LETTERS = /^[A-Za-z0-9+=,.@:_-]$/;

function userIds({ userIdPatterns }: CallerTests, type: Type): readonly CredentialTraits[] {
  // The root user's is the account's.
  if (userIdPatterns === undefined || type === "root") return [PLAIN];
  const given = { kind: "characters", count: 17 } as const;
  const parts =
    type === "user"
      ? [{ kind: "text", value: "AIDA" } as const, given]
      : [
          { kind: "text", value: "AROA" } as const,
          given,
          { kind: "text", value: ":" } as const,
          { kind: "segment" } as const,
        ];
  return valueClasses(userIdPatterns, parts, "aws:userid", { allowed: (character) => LETTERS.test(character) })
    .filter(({ value }) => value !== undefined)
    .map(({ value = "", like }) => {
      const words = like.length === 0 ? "with another user id" : `with a user id like ${like.join(" and ")}`;
      return { traits: [{ of: "user id", words }], asked: { userId: value } };
    });
}
