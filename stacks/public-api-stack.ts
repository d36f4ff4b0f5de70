import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { WebAcl } from "../constructs/firewall/web-acl";
import { CustomDomain } from "../constructs/rest-api/custom-domain";
import type { Environment } from "../environments/schema";
import { ApiStack, type ApiStackProps } from "./api-stack";

/** The regional REST API with all its access controls. */
export class PublicApiStack extends ApiStack {
  constructor(scope: Construct, environment: Environment, props: ApiStackProps) {
    super(scope, environment, "public", props, {
      endpoint: { type: "REGIONAL" },
      network: { kind: "anywhere-but", ranges: environment.deniedRanges },
      disableDefaultEndpoint: environment.domain !== undefined,
      canary: environment.canary,
    });
    const { provider, api } = this;
    const { domain, firewall } = environment;
    if (firewall !== undefined) {
      new WebAcl(this, "firewall", {
        name: this.nameOf("public-api"),
        stageArn: api.stage.stage.arn,
        requestsPerFiveMinutes: firewall.requestsPerFiveMinutes,
        deniedRanges: environment.deniedRanges,
        log: this.log,
      });
    }
    if (domain === undefined) {
      new TerraformOutput(this, "url", { value: api.stage.stage.invokeUrl, description: "Where the API answers." });
    } else {
      const custom = new CustomDomain(this, "domain", { provider, api, ...domain });
      new TerraformOutput(this, "dns-target", {
        value: custom.domain.regionalDomainName,
        description: `Point ${domain.name} here, with a CNAME or an alias record.`,
      });
    }
  }
}
