import * as fc from "fast-check";
import { statementApplies } from "../../proof/iam";
import { statementsAbout } from "../../proof/iam/by-account";
import type { Principal } from "../../proof/iam";
import { requests, RUNS, statements } from "./arbitraries";
import { ACCOUNT, ANONYMOUS, aws, compiled, OTHER } from "./helpers";

const THIRD = "333333333333";
const of = (principal: unknown) => ({
  Effect: "Allow",
  Principal: principal,
  Action: "execute-api:Invoke",
  Resource: "*",
});
/** Compiled for each test: what was found out about a policy is kept with it. */
const policy = () =>
  compiled(
    [
      of({ AWS: ACCOUNT }),
      of({ AWS: [`arn:aws:iam::${OTHER}:role/partner`, `arn:aws:iam::${ACCOUNT}:user/alice`] }),
      of({ AWS: "*" }),
      of("*"),
      of({ AWS: OTHER, Service: "apigateway.amazonaws.com" }),
      { Effect: "Deny", NotPrincipal: { AWS: ACCOUNT }, Action: "execute-api:Invoke", Resource: "*" },
      of({ AWS: `arn:aws:sts::${OTHER}:assumed-role/partner/one` }),
    ],
    "resource",
  );

describe("The statements that may be about a caller", () => {
  it.each<[string, Principal, number[]]>([
    ["of the own account", aws(`arn:aws:iam::${ACCOUNT}:user/bob`), [0, 1, 2, 3, 4, 5]],
    ["of a partner's account", aws(`arn:aws:sts::${OTHER}:assumed-role/partner/two`), [1, 2, 3, 4, 5, 6]],
    ["of an account nobody names", aws(`arn:aws:iam::${THIRD}:root`), [2, 3, 4, 5]],
    ["who is anonymous", ANONYMOUS, [2, 3, 4, 5]],
    ["that is a service: all", { kind: "service", service: "apigateway.amazonaws.com" }, [0, 1, 2, 3, 4, 5, 6]],
  ])("%s", (_who, principal, expected) => {
    const asked = policy();
    const about = statementsAbout(asked, principal);
    expect(about.map((statement) => asked.statements.indexOf(statement))).toEqual(expected);
  });

  it("are in their order and include every statement that applies", () =>
    fc.assert(
      fc.property(fc.array(statements(true), { minLength: 1, maxLength: 6 }), requests, (drawn, request) => {
        const some = compiled(drawn, "resource");
        const about = statementsAbout(some, request.principal);
        expect(about).toEqual(some.statements.filter((statement) => about.includes(statement)));
        expect(some.statements.filter((each) => statementApplies(each, request) && !about.includes(each))).toEqual([]);
      }),
      RUNS,
    ));
});
