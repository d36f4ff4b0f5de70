import { cognito, iam, oauth, publicRoute, saml, signedParameters } from "../constructs/routes/protection";
import { defineRoutes } from "../constructs/routes/route-table";

/** The contract: who may call what. Everything else about access is derived from it. */
export const routes = defineRoutes([
  {
    verb: "GET",
    path: "/health",
    protection: publicRoute({
      reason: "Load balancers and status pages call it; it says that the API is up and nothing else.",
    }),
    handler: "health",
  },

  { verb: "GET", path: "/orders", protection: iam({ partners: ["acme"] }), handler: "caller" },
  {
    verb: "POST",
    path: "/orders",
    protection: iam({ partners: ["acme"] }),
    handler: "caller",
    request: {
      body: {
        type: "object",
        required: ["item", "quantity"],
        properties: { item: { type: "string" }, quantity: { type: "integer", minimum: 1 } },
      },
    },
    throttle: { requestsPerSecond: 10, burst: 20 },
  },
  { verb: "GET", path: "/orders/{orderId}", protection: iam({ partners: ["acme"] }), handler: "caller" },

  { verb: "GET", path: "/profile", protection: cognito({ scopes: ["profile/read"] }), handler: "caller", cors: true },

  { verb: "GET", path: "/reports/{reportId}", protection: oauth({ scopes: ["reports/read"] }), handler: "caller" },
  { verb: "POST", path: "/reports", protection: oauth({ scopes: ["reports/write"] }), handler: "caller" },

  {
    verb: "GET",
    path: "/statements/{statementId}",
    protection: saml({ scopes: ["statements/read"] }),
    handler: "caller",
  },

  { verb: "GET", path: "/webhooks/{eventId}", protection: signedParameters({ clients: ["acme"] }), handler: "caller" },
  { verb: "POST", path: "/webhooks", protection: signedParameters({ clients: ["acme"] }), handler: "caller" },

  {
    verb: "GET",
    path: "/internal/ledger/{entryId}",
    protection: iam({ ownAccount: true }),
    handler: "caller",
    apis: ["private"],
  },
  {
    verb: "POST",
    path: "/internal/settlements",
    protection: iam({ partners: ["acme"] }),
    handler: "caller",
    apis: ["private"],
  },
  {
    verb: "GET",
    path: "/internal/files/{path+}",
    protection: oauth({ scopes: ["files/read"] }),
    handler: "caller",
    apis: ["private"],
  },
]);
