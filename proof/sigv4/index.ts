export { normalizePath } from "./canonical";
export { oneLine } from "./errors";
export type { LocalCredential, SignableRequest, SignatureResult, VerifyOptions } from "./types";
export { verifySignature } from "./verify";
