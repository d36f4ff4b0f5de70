import { routes } from "../../environments/routes";

describe("The contract", () => {
  it.each(["public", "iam", "cognito", "oauth", "saml", "signedParameters"])(
    "shows the protection %s on a route",
    (kind) => expect(routes.routes.map(({ protection }) => protection.kind)).toContain(kind),
  );
});
