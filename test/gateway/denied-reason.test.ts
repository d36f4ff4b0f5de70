import type { RouteAuth } from "../../proof/model/types";
import { reasonOf } from "../../proof/gateway/denied-reason";
import type { Assumptions } from "../../proof/decision/ports";
import {
  ARN,
  allowAll,
  ask,
  caller,
  denyAll,
  policy,
  request,
  returned,
  route,
  tokenAuthorizer,
} from "../decision/support";

const iam: RouteAuth = { type: "AWS_IAM" };
const orders = route("GET", "/orders", iam);
const reader = "arn:aws:sts::111122223333:assumed-role/reader/session";

/** What the line of a refused request says. */
async function told(
  world: Parameters<typeof ask>[0],
  path: string,
  assumptions: Assumptions,
  headers: [string, string][] = [],
): Promise<string> {
  const decision = await ask(world, request("GET", path, { headers }), assumptions);
  expect(decision.outcome).toBe("deny");
  return reasonOf(decision);
}

describe("the line of a refused request", () => {
  it("says of a path that does not exist first that no route serves it, then who asked", async () => {
    const unsigned = await told({ routes: [orders] }, "/dev/nosuch", { caller: null });
    expect(unsigned).toMatch(/^No route serves GET \/nosuch, .* Define the method, .* Nobody signed the request\./);
    expect(unsigned).toMatch(/ \(\S+: aws_api_gateway_rest_api\.api\)$/);
    expect(await told({ routes: [orders] }, "/dev/nosuch", { caller: caller() })).toContain(`the caller is ${reader}.`);
  });

  it.each([
    ["no resource policy", undefined, "there is no resource policy", "aws_api_gateway_method.get"],
    [
      "one that is silent",
      policy([]),
      "the resource policy neither allows nor denies it",
      "aws_api_gateway_rest_api_policy.p",
    ],
  ])(
    "of a missing Allow names the caller, the route, what would admit them and where, with %s",
    async (_, own, others, at) => {
      const source = { file: "cdk.tf.json", address: "aws_api_gateway_rest_api_policy.p" };
      const world = { routes: [orders], ...(own === undefined ? {} : { policy: { ...own, source } }) };
      const said = await told(world, "/dev/orders", { caller: caller() });
      expect(said).toContain(
        `The identity policies of ${reader} neither allow nor deny execute-api:Invoke on ${ARN}/dev/GET/orders, ${others}: `,
      );
      expect(said).toContain(" An Allow in the identity policies or in the resource policy would admit it. (");
      expect(said).toMatch(new RegExp(`: ${at}\\)$`));
    },
  );

  it("of a Deny names the statement, whom it denies and what would change that", async () => {
    const said = await told({ routes: [orders], policy: policy([allowAll, denyAll]) }, "/dev/orders", {
      caller: caller(),
    });
    expect(said).toContain(`it denies ${reader} execute-api:Invoke on ${ARN}/dev/GET/orders`);
    expect(said).toMatch(/ \(\S+: \S+ statement 1\)$/);
  });

  it("of an authorizer that denies everything names the principal, and says that it granted no route", async () => {
    const said = await told(
      { routes: [route("GET", "/orders", { type: "CUSTOM", authorizer: tokenAuthorizer() })] },
      "/dev/orders",
      { authorizerResult: returned([{ Effect: "Deny", Action: "execute-api:Invoke", Resource: `${ARN}/dev/*` }]) },
      [["Authorization", "Bearer t"]],
    );
    expect(said).toMatch(
      /^token-authorizer knows the caller as 'user-1' and granted it no route, so not arn:\S+\/dev\/GET\/orders either\. /,
    );
    expect(said).toContain(" Give the caller what the authorizer asks for, such as a scope of the route, ");
    expect(said).not.toContain("anonymous");
  });
});
