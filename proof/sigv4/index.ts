export { normalizePath } from "./canonical";
export type { LocalCredential, SignableRequest, SignatureResult, VerifyOptions } from "./types";
export { verifySignature } from "./verify";
