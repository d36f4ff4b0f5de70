import type { Resource } from "../terraform/resource";
import type { Reading } from "./reading";
import type { Api } from "./types";

/**
 * Says what stands in front of the APIs' stages and is not asked here: AWS WAF, and custom domains with their mutual TLS.
 * Each warning names the stages whose every route it is about.
 */
export function reportInFront(reading: Reading, apis: readonly Api[]): void {
  for (const type of ["aws_wafv2_web_acl_association", "aws_wafregional_web_acl_association"]) {
    for (const association of reading.resources(type)) reportWebAcl(reading, apis, association);
  }
  for (const domain of reading.resources("aws_api_gateway_domain_name")) reportDomain(reading, apis, domain);
}

/** The custom domain names of the configuration. */
export function domainNames(reading: Reading): string[] {
  return reading
    .resources("aws_api_gateway_domain_name")
    .flatMap((domain) => reading.text(domain, "domain_name", "warning") ?? []);
}

function reportWebAcl(reading: Reading, apis: readonly Api[], association: Resource): void {
  const arn = reading.text(association, "resource_arn", "warning") ?? "";
  const [, apiId, stageName] = /:\/restapis\/([^/]+)\/stages\/([^/]+)$/.exec(arn) ?? [];
  const api = apis.find(({ id }) => id === apiId);
  // An Application Load Balancer has one too.
  if (arn !== "" && api === undefined) return;
  const where = api === undefined ? "a stage that is not known" : `every route of ${api.name}, stage ${stageName}`;
  reading.report(
    `AWS WAF is left out: ${where} answers what its web ACL would block`,
    reading.source(association),
    "warning",
  );
}

function reportDomain(reading: Reading, apis: readonly Api[], domain: Resource): void {
  const name = reading.text(domain, "domain_name", "warning");
  const mapped = reading
    .resources("aws_api_gateway_base_path_mapping")
    .filter((mapping) => name !== undefined && reading.text(mapping, "domain_name", "warning") === name)
    .flatMap((mapping) => {
      const api = apis.find(({ id }) => id === reading.text(mapping, "api_id", "warning"));
      return api === undefined ? [] : [{ api, stage: reading.text(mapping, "stage_name", "warning") }];
    });
  const stages = mapped.map(({ api, stage }) => (stage === undefined ? api.name : `${api.name}, stage ${stage}`));
  const of = stages.length === 0 ? "" : ` (${stages.join("; ")})`;
  const mutual = reading.blocks(domain, "mutual_tls_authentication", "warning").length > 0;
  const closed = mapped.filter(({ api }) => api.disableExecuteApiEndpoint).map(({ api }) => api.name);
  const certificates = mutual
    ? `; its mutual TLS is not asked for: every route answers callers without a client certificate, whom AWS refuses${closed.length === 0 ? " there" : `, and ${closed.join(", ")} has no other address on AWS`}`
    : "";
  reading.report(
    `the custom domain ${name ?? "of this resource"}${of} is left out, call the stage's own URL${certificates}`,
    reading.source(domain),
    "warning",
  );
}
