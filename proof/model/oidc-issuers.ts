import type { LambdaFunction, OidcIssuer } from "./types";

/** The issuers that functions trust, by the convention of `OidcIssuer`. */
export function buildOidcIssuers(functions: readonly LambdaFunction[]): OidcIssuer[] {
  return functions.flatMap((fn) =>
    Object.entries(fn.environment).flatMap(([name, issuer]): OidcIssuer[] => {
      if (!name.endsWith("ISSUER") || !issuer.startsWith("https://")) return [];
      const prefix = name.slice(0, -"ISSUER".length);
      const list = (suffix: string): string[] => split(fn.environment[`${prefix}${suffix}`]);
      const jwksUri = fn.environment[`${prefix}JWKS_URI`];
      return [
        {
          issuer,
          audiences: list("AUDIENCE"),
          clientIds: list("CLIENT_ID"),
          ...(jwksUri === undefined || jwksUri === "" ? {} : { jwksUri }),
          functionAddress: fn.address,
          source: { file: fn.source.file, address: `${fn.source.address}.environment.variables["${name}"]` },
        },
      ];
    }),
  );
}

function split(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
