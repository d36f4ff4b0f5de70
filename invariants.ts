/**
 * What must hold of every request to this project's APIs, whatever a change does. `npx portcullis check` and `npm test`
 * prove each sentence over all requests, and show a request that breaks one that is not true.
 */
import {
  accounts,
  anonymous,
  atStage,
  endpoints,
  everyPrivateApi,
  itsOwnVpcs,
  noAddressIn,
  nobody,
  only,
  theApiAccount,
  tokensWithScope,
  whomever,
} from "./proof/analysis/invariants";

export default [
  nobody(anonymous()).reachesAnythingBut("GET /health", "OPTIONS /profile"),
  noAddressIn("198.51.100.0/24", "2001:db8:bad::/48").reachesAnything(),

  atStage("dev", only(accounts("222222222222"), theApiAccount()).reach("/orders", "/orders/{orderId}")),
  atStage("staging", only(accounts("444444444444"), theApiAccount()).reach("/orders", "/orders/{orderId}")),
  atStage("prod", only(accounts("666666666666"), theApiAccount()).reach("/orders", "/orders/{orderId}")),

  only(tokensWithScope("profile/read")).reach("GET /profile"),
  only(whomever("oauth").allows()).reach("/reports", "/reports/{reportId}", "/internal/files/{path+}"),
  only(whomever("saml").allows()).reach("/statements/{statementId}"),
  only(whomever("signed-parameters").allows()).reach("/webhooks", "/webhooks/{eventId}"),
  only(theApiAccount()).reach("/internal/ledger/{entryId}"),

  atStage("dev", everyPrivateApi().isReachedOnlyFrom(itsOwnVpcs(), endpoints("vpce-0a1b2c3d4e5f67890"))),
  atStage("staging", everyPrivateApi().isReachedOnlyFrom(itsOwnVpcs(), endpoints("vpce-0b1b2c3d4e5f67890"))),
  atStage("prod", everyPrivateApi().isReachedOnlyFrom(itsOwnVpcs(), endpoints("vpce-0c1b2c3d4e5f67890"))),
];
