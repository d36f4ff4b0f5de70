import type { Rule } from "../rule";

/** An authorizer that no method names protects nothing; its method may have been meant to name it. */
export const unusedAuthorizer: Rule = {
  name: "unused-authorizer",
  severity: "warning",
  find: ({ model }) =>
    model.apis.flatMap(({ authorizers, routes, name: api }) => {
      const used = new Set(routes.flatMap(({ auth }) => ("authorizer" in auth ? [auth.authorizer.address] : [])));
      return authorizers
        .filter(({ address }) => !used.has(address))
        .map(({ name, source }) => ({
          message: `No method of ${api} uses the authorizer ${name}.`,
          where: source,
          witness: null,
          fix: "Remove it, or give its id to the methods that it is for.",
        }));
    }),
};
