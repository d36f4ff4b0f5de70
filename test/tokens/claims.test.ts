import { renderClaims } from "../../proof/tokens/claims";

describe("claims as a REST API hands them to the integration", () => {
  it.each<[string, string, unknown, string]>([
    ["exp as a Java date in UTC", "exp", 1652887941, "Wed May 18 15:32:21 UTC 2022"],
    ["iat as a Java date in UTC", "iat", 1652884341, "Wed May 18 14:32:21 UTC 2022"],
    ["a day of one digit with a nought", "exp", 1777593600, "Fri May 01 00:00:00 UTC 2026"],
    ["the last second of a year", "exp", 1767225599, "Wed Dec 31 23:59:59 UTC 2025"],
    ["a leap day", "iat", 1709164799.9, "Wed Feb 28 23:59:59 UTC 2024"],
    ["a date beyond the calendar as its digits", "exp", 1e15, "1000000000000000"],
    ["auth_time as digits", "auth_time", 1652884341, "1652884341"],
    ["a true as a word", "email_verified", true, "true"],
    ["a false as a word", "phone_number_verified", false, "false"],
    ["a list joined by commas without brackets", "cognito:groups", ["developers", "admins"], "developers,admins"],
    ["a list of one as its member", "cognito:groups", ["developers"], "developers"],
    ["an empty list as nothing", "cognito:groups", [], ""],
    ["an object as JSON", "address", { formatted: "a, b" }, '{"formatted":"a, b"}'],
    ["objects in a list as JSON", "identities", [{ userId: "1" }, { userId: "2" }], '{"userId":"1"},{"userId":"2"}'],
    ["text as it is", "scope", "orders/read openid", "orders/read openid"],
    ["a number as digits", "version", 2, "2"],
  ])("%s", (_what, name, value, text) => {
    expect(renderClaims({ [name]: value })).toEqual({ [name]: text });
  });

  it("leaves a null out, so that no back end takes the word for a value", () => {
    expect(renderClaims({ a: null, b: undefined, c: "null" })).toEqual({ c: "null" });
  });
});
