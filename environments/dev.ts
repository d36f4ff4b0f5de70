import type { Environment } from "./schema";

/** Development. The account ids are placeholders: replace them before deploying. */
export const dev: Environment = {
  project: "portcullis",
  name: "dev",
  region: "eu-west-1",
  accountId: "111111111111",
  state: { kind: "local" },
  delivery: {
    apiGatewayLogging: true,
    operatorRoleArns: [],
    github: { repository: "example-org/portcullis", environment: "dev", createProvider: true },
  },
  partners: [
    {
      name: "acme",
      accountId: "222222222222",
      managed: true,
      provisionerRoleArn: "arn:aws:iam::222222222222:role/portcullis-provisioner",
      bootstrapRoleArn: "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole",
      vpcEndpointIds: ["vpce-0a1b2c3d4e5f67890"],
      externalId: "acme-orders-dev-7c1f0a52",
    },
  ],
  availabilityZones: ["eu-west-1a", "eu-west-1b"],
  vpcCidr: "10.20.0.0/16",
  deniedRanges: ["198.51.100.0/24", "2001:db8:bad::/48"],
  oidc: { issuer: "https://issuer.dev.portcullis.example", audience: "https://api.dev.portcullis.example" },
  saml: {
    issuer: "https://idp.dev.portcullis.example/metadata",
    audience: "https://api.dev.portcullis.example",
    recipient: "https://api.dev.portcullis.example/saml/acs",
    metadataUrl: "https://idp.dev.portcullis.example/metadata",
  },
  cors: { origin: "http://localhost:3000", maxAgeSeconds: 600 },
  cognito: {
    domainPrefix: "portcullis-dev-111111111111",
    mfa: "OPTIONAL",
    threatProtection: false,
    selfSignUp: true,
    groups: [
      { name: "readers", description: "May read their tenant's data" },
      { name: "operators", description: "May change their tenant's data" },
    ],
    callbackUrls: ["http://localhost:3000/callback"],
    logoutUrls: ["http://localhost:3000/"],
  },
  signingAudience: "portcullis-dev",
  authorizerTtlSeconds: { oauth: 300, saml: 300, signedParameters: 60 },
  firewall: { requestsPerFiveMinutes: 2000 },
  usagePlans: [],
  throttle: { requestsPerSecond: 50, burst: 100 },
  logRetentionDays: 30,
};
