import { headerValues, lastHeader, multiValues, queryPairs } from "../../proof/decision/wire";
import { request } from "./support";

describe("a query is decoded as API Gateway hands it on (R LocalStack test_lambda_aws_proxy_integration)", () => {
  it.each<[string, [string, string][]]>([
    ["", []],
    [
      "a=1&a=2",
      [
        ["a", "1"],
        ["a", "2"],
      ],
    ],
    ["email=test%2Balias@gmail.com", [["email", "test+alias@gmail.com"]]],
    ["plus=test+alias@gmail.com", [["plus", "test alias@gmail.com"]]],
    ["url=https://www.google.com/", [["url", "https://www.google.com/"]]],
    ["a=b=c", [["a", "b=c"]]],
    ["=b", [["", "b"]]],
    ["flag", [["flag", ""]]],
    ["&&a=1&", [["a", "1"]]],
    ["%zz=%", [["%zz", "%"]]],
    ["a%20b=%C3%A9", [["a b", "é"]]],
  ])("%s", (rawQuery, pairs) => {
    expect(queryPairs(rawQuery)).toEqual(pairs);
  });
});

it("headers are found without case, in order, and the last one counts where one counts", () => {
  const wire = request("GET", "/", {
    headers: [
      ["X-A", "1"],
      ["x-a", "2"],
      ["X-Ab", "3"],
    ],
  });
  expect([headerValues(wire, "x-a"), lastHeader(wire, "x-a"), lastHeader(wire, "x-b")]).toEqual([
    ["1", "2"],
    "2",
    undefined,
  ]);
});

it("values are gathered by exact name in the order in which names came", () => {
  expect([
    ...multiValues([
      ["b", "1"],
      ["a", "2"],
      ["b", "3"],
    ]),
  ]).toEqual([
    ["b", ["1", "3"]],
    ["a", ["2"]],
  ]);
});
