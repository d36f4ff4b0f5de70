import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { Functions } from "../lambda/functions";
import type { NodeFunctionProps } from "../lambda/node-function";
import { refuse, type Problem } from "../problems";
import { problemsOfAnswer, problemsOfAuthorizers, problemsOfEnvironment, type Quotas } from "../quotas/quotas";
import type { Protection, ProtectionKind } from "../routes/protection";
import { routesOf, type RouteTable } from "../routes/route-table";
import { authorizerRoutes, routesVariable, type AuthorizedRoute } from "./authorizer-routes";
import { CognitoAuthorizer, LambdaAuthorizer } from "./authorizers";
import type { MethodAuthorization } from "./route-method";
import type { SigningSecret } from "./signing-secret";

/** What the authorizers of an environment trust. */
export interface Trust {
  readonly userPoolArn: string;
  readonly oidc: { readonly issuer: string; readonly audience: string };
  readonly saml: SamlTrust;
  /** Seconds a decision is reused, 0 to 3600. */
  readonly ttlSeconds: { readonly oauth: number; readonly saml: number; readonly signedParameters: number };
}

export interface SamlTrust {
  /** Entity id of the identity provider. */
  readonly issuer: string;
  /** Entity id of this API, which the assertion has to be restricted to. */
  readonly audience: string;
  /** The `Recipient` of the assertion's subject confirmation. */
  readonly recipient: string;
  /** Where the identity provider publishes its signing certificates. */
  readonly metadataUrl: string;
}

export interface ApiAuthorizersProps {
  readonly provider: AwsProvider;
  readonly api: ApiGatewayRestApi;
  readonly table: RouteTable;
  readonly functions: Functions;
  readonly trust: Trust;
  readonly signingSecret: () => SigningSecret;
  readonly quotas: Quotas;
  /** Characters of `<execution ARN>/<stage>/` as they will be. */
  readonly answerArnLength: number;
}

type Authorizer = CognitoAuthorizer | LambdaAuthorizer;

/** The authorizers of one API: each made once, when a route first needs it. */
export class ApiAuthorizers extends Construct {
  private readonly made = new Map<ProtectionKind, Authorizer>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApiAuthorizersProps,
  ) {
    super(scope, id);
  }

  /** The arguments of the method that give a route its protection. */
  authorizationOf(protection: Protection): MethodAuthorization {
    switch (protection.kind) {
      case "public":
        return { authorization: "NONE" };
      case "iam":
        return { authorization: "AWS_IAM" };
      case "cognito":
        return {
          authorization: "COGNITO_USER_POOLS",
          authorizerId: this.idOf("cognito", () => this.cognito()),
          authorizationScopes: [...protection.scopes],
        };
      case "oauth":
        return { authorization: "CUSTOM", authorizerId: this.idOf("oauth", () => this.oauth()) };
      case "saml":
        return { authorization: "CUSTOM", authorizerId: this.idOf("saml", () => this.saml()) };
      case "signedParameters":
        return { authorization: "CUSTOM", authorizerId: this.idOf("signedParameters", () => this.signedParameters()) };
    }
  }

  private idOf(kind: ProtectionKind, make: () => Authorizer): string {
    const made = this.made.get(kind) ?? make();
    this.made.set(kind, made);
    refuse(problemsOfAuthorizers([...this.made.keys()], this.props.quotas, this.node.path));
    return made.authorizer.id;
  }

  private cognito(): CognitoAuthorizer {
    const { provider, api, trust } = this.props;
    return new CognitoAuthorizer(this, "cognito", {
      provider,
      api,
      name: "cognito",
      userPoolArns: [trust.userPoolArn],
    });
  }

  private oauth(): LambdaAuthorizer {
    const { oidc, ttlSeconds } = this.props.trust;
    const routes = routesOf(this.props.table, "oauth").map(({ verb, path, protection: { scopes } }) => ({
      verb,
      path,
      needs: { scopes },
    }));
    return this.lambda("oauth", routes, {
      type: "TOKEN",
      identitySources: ["method.request.header.Authorization"],
      tokenPattern: "^Bearer [-0-9A-Za-z._~+/]+=*$",
      resultTtlSeconds: ttlSeconds.oauth,
      environment: {
        OIDC_ISSUER: oidc.issuer,
        OIDC_AUDIENCE: oidc.audience,
      },
    });
  }

  private saml(): LambdaAuthorizer {
    const { saml, ttlSeconds } = this.props.trust;
    const routes = routesOf(this.props.table, "saml").map(({ verb, path, protection: { scopes } }) => ({
      verb,
      path,
      needs: { scopes },
    }));
    return this.lambda("saml", routes, {
      type: "TOKEN",
      identitySources: ["method.request.header.Authorization"],
      // Base64 or base64url of the assertion.
      tokenPattern: "^Bearer [-0-9A-Za-z+/_]+=*$",
      resultTtlSeconds: ttlSeconds.saml,
      environment: {
        SAML_ISSUER: saml.issuer,
        SAML_AUDIENCE: saml.audience,
        SAML_RECIPIENT: saml.recipient,
        SAML_METADATA_URL: saml.metadataUrl,
      },
    });
  }

  private signedParameters(): LambdaAuthorizer {
    const secret = this.props.signingSecret();
    const routes = routesOf(this.props.table, "signedParameters").map(({ verb, path, protection: { clients } }) => ({
      verb,
      path,
      needs: { clients },
    }));
    return this.lambda("signed-parameters", routes, {
      type: "REQUEST",
      identitySources: [
        "method.request.header.X-Client-Id",
        "method.request.querystring.expires",
        "method.request.querystring.signature",
        "stageVariables.signingAudience",
      ],
      resultTtlSeconds: this.props.trust.ttlSeconds.signedParameters,
      environment: {
        SIGNING_SECRET_ID: secret.secret.arn,
      },
      statements: secret.readStatements,
    });
  }

  private lambda(
    name: string,
    routes: readonly AuthorizedRoute[],
    props: Pick<LambdaAuthorizer["props"], "type" | "identitySources" | "tokenPattern" | "resultTtlSeconds"> & {
      readonly environment: Readonly<Record<string, string>>;
      readonly statements?: NodeFunctionProps["statements"];
    },
  ): LambdaAuthorizer {
    const { environment, statements, ...authorizer } = props;
    const { provider, api, functions, answerArnLength } = this.props;
    const where = `${this.node.path} ${name}`;
    const withRoutes = (named: readonly AuthorizedRoute[]): Record<string, string> => ({
      ...environment,
      ROUTES: routesVariable(named),
    });
    const problems = (named: readonly AuthorizedRoute[]): Problem[] => [
      ...problemsOfAnswer(named, answerArnLength, where),
      ...problemsOfEnvironment(withRoutes(named), where),
    ];
    const named = authorizerRoutes(routes, (all) => problems(all).length === 0);
    refuse(problems(named));
    return new LambdaAuthorizer(this, name, {
      ...authorizer,
      provider,
      api,
      name,
      function: functions.authorizer(`${name}-authorizer`, withRoutes(named), statements),
    });
  }
}
