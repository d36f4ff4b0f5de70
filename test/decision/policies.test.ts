import { compileAuthorizerPolicy, PolicyStore } from "../../proof/decision/policies";
import { InputError } from "../../proof/errors";
import { policy, source } from "./support";

const open = { Effect: "Allow", Action: "*", Resource: "*" };

it("a policy is compiled once for each kind that it is asked for as", () => {
  const store = new PolicyStore();
  const [one, other] = [policy([open]), policy([open])];
  expect(store.get(one, "identity")).toBe(store.get(one, "identity"));
  expect(store.get(one, "boundary").kind).toBe("boundary");
  expect(store.get(one, "identity").kind).toBe("identity");
  expect(store.get(one, "identity")).not.toBe(store.get(other, "identity"));
  expect(store.all([one, other], "identity")).toEqual([store.get(one, "identity"), store.get(other, "identity")]);
});

it("a policy that is not valid is an error of the input each time it is asked for", () => {
  const store = new PolicyStore();
  const broken = policy([{ ...open, Effect: "Perhaps" }]);
  for (const _ of [1, 2]) expect(() => store.get(broken, "identity")).toThrow(InputError);
});

it("all that is wrong with what an authorizer returned is told in one go", () => {
  const document = {
    Version: "2012-10-17",
    Statement: [
      { ...open, Effect: "Perhaps" },
      { ...open, Action: 7 },
    ],
  };
  const compiled = compileAuthorizerPolicy(document, source("aws_api_gateway_authorizer.token"));
  expect("invalid" in compiled && compiled.invalid).toMatch(/Perhaps.*\. .*Action/);
});
