import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { asStored } from "../resource-policy/document";
import { applyStatements, planStatements, type PipelineScope } from "./pipeline-policies";

const ISSUER = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";

export interface GithubRolesProps extends PipelineScope {
  readonly provider: AwsProvider;
  /** `owner/name`. */
  readonly repository: string;
  /** The protected GitHub environment whose approval an apply waits for. */
  readonly githubEnvironment: string;
  /** An account holds one provider for GitHub; false where another project made it. */
  readonly createProvider: boolean;
}

/**
 * How GitHub Actions gets in: no stored keys, and two roles that cannot be mistaken for each other. A pull request can
 * read and never write; only a job in the protected environment can write. Each trust names exact `sub` claims, because
 * a pattern such as `repo:owner/*` would trust every branch of every repository.
 * https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect
 */
export class GithubRoles extends Construct {
  readonly plan: IamRole;
  readonly apply: IamRole;

  constructor(scope: Construct, id: string, props: GithubRolesProps) {
    super(scope, id);
    const { provider, partition, accountId, namePrefix } = props;
    const providerArn = props.createProvider
      ? new IamOpenidConnectProvider(this, "provider", {
          provider,
          url: `https://${ISSUER}`,
          clientIdList: [AUDIENCE],
        }).arn
      : `arn:${partition}:iam::${accountId}:oidc-provider/${ISSUER}`;
    const role = (name: string, subjects: readonly string[], statements: readonly object[]): IamRole => {
      const made = new IamRole(this, name, {
        provider,
        name: `${namePrefix}-${name}`,
        maxSessionDuration: 3600,
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Federated: providerArn },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {
                  [`${ISSUER}:aud`]: AUDIENCE,
                  [`${ISSUER}:sub`]: asStored(subjects.map((subject) => `repo:${props.repository}:${subject}`)),
                },
              },
            },
          ],
        }),
      });
      new IamRolePolicy(this, `${name}-policy`, {
        provider,
        name,
        role: made.name,
        policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
      });
      return made;
    };
    // The main branch plans on a schedule, to find drift.
    this.plan = role("plan", ["pull_request", "ref:refs/heads/main"], planStatements(props));
    this.apply = role("apply", [`environment:${props.githubEnvironment}`], applyStatements(props));
  }
}
