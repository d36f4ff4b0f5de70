import type { Environment } from "./schema";

/** Production. The account ids are placeholders: replace them before deploying. */
export const prod: Environment = {
  project: "portcullis",
  name: "prod",
  region: "eu-west-1",
  accountId: "555555555555",
  state: { kind: "s3", bootstrapped: false },
  delivery: {
    apiGatewayLogging: true,
    operatorRoleArns: [],
    github: { repository: "example-org/portcullis", environment: "prod", createProvider: true },
  },
  partners: [
    {
      name: "acme",
      accountId: "666666666666",
      managed: true,
      provisionerRoleArn: "arn:aws:iam::666666666666:role/portcullis-provisioner",
      bootstrapRoleArn: "arn:aws:iam::666666666666:role/OrganizationAccountAccessRole",
      vpcEndpointIds: ["vpce-0c1b2c3d4e5f67890"],
      externalId: "acme-orders-prod-f2a97b36",
    },
  ],
  availabilityZones: ["eu-west-1a", "eu-west-1b"],
  vpcCidr: "10.22.0.0/16",
  deniedRanges: ["198.51.100.0/24", "2001:db8:bad::/48"],
  oidc: { issuer: "https://issuer.portcullis.example", audience: "https://api.portcullis.example" },
  saml: {
    issuer: "https://idp.portcullis.example/metadata",
    audience: "https://api.portcullis.example",
    recipient: "https://api.portcullis.example/saml/acs",
    metadataUrl: "https://idp.portcullis.example/metadata",
  },
  cors: { origin: "https://app.portcullis.example", maxAgeSeconds: 600 },
  cognito: {
    domainPrefix: "portcullis-prod-555555555555",
    mfa: "ON",
    threatProtection: true,
    selfSignUp: false,
    groups: [
      { name: "readers", description: "May read their tenant's data" },
      { name: "operators", description: "May change their tenant's data" },
    ],
    callbackUrls: ["https://app.portcullis.example/callback"],
    logoutUrls: ["https://app.portcullis.example/"],
  },
  signingAudience: "portcullis-prod",
  authorizerTtlSeconds: { oauth: 300, saml: 300, signedParameters: 60 },
  firewall: { requestsPerFiveMinutes: 10000 },
  usagePlans: [],
  throttle: { requestsPerSecond: 500, burst: 1000 },
  logRetentionDays: 365,
};
