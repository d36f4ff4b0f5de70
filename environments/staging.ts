import type { Environment } from "./schema";

/** Staging: like production, with less traffic and without the paid threat protection of the user pool. The account ids are placeholders: replace them before deploying. */
export const staging: Environment = {
  project: "portcullis",
  name: "staging",
  region: "eu-west-1",
  accountId: "333333333333",
  state: { kind: "s3", bootstrapped: false },
  delivery: {
    apiGatewayLogging: true,
    operatorRoleArns: [],
    github: { repository: "example-org/portcullis", environment: "staging", createProvider: true },
  },
  partners: [
    {
      name: "acme",
      accountId: "444444444444",
      managed: true,
      provisionerRoleArn: "arn:aws:iam::444444444444:role/portcullis-provisioner",
      bootstrapRoleArn: "arn:aws:iam::444444444444:role/OrganizationAccountAccessRole",
      vpcEndpointIds: ["vpce-0b1b2c3d4e5f67890"],
      externalId: "acme-orders-staging-51d0c8e9",
    },
  ],
  availabilityZones: ["eu-west-1a", "eu-west-1b"],
  vpcCidr: "10.21.0.0/16",
  deniedRanges: ["198.51.100.0/24", "2001:db8:bad::/48"],
  oidc: { issuer: "https://issuer.staging.portcullis.example", audience: "https://api.staging.portcullis.example" },
  saml: {
    issuer: "https://idp.staging.portcullis.example/metadata",
    audience: "https://api.staging.portcullis.example",
    recipient: "https://api.staging.portcullis.example/saml/acs",
    metadataUrl: "https://idp.staging.portcullis.example/metadata",
  },
  cors: { origin: "https://app.staging.portcullis.example", maxAgeSeconds: 600 },
  cognito: {
    domainPrefix: "portcullis-staging-333333333333",
    mfa: "ON",
    threatProtection: false,
    selfSignUp: false,
    groups: [
      { name: "readers", description: "May read their tenant's data" },
      { name: "operators", description: "May change their tenant's data" },
    ],
    callbackUrls: ["https://app.staging.portcullis.example/callback"],
    logoutUrls: ["https://app.staging.portcullis.example/"],
  },
  signingAudience: "portcullis-staging",
  authorizerTtlSeconds: { oauth: 300, saml: 300, signedParameters: 60 },
  firewall: { requestsPerFiveMinutes: 2000 },
  usagePlans: [],
  throttle: { requestsPerSecond: 50, burst: 100 },
  logRetentionDays: 90,
};
