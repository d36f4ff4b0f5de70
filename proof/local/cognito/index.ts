import type { Model } from "../../model/types";
import type { LocalEndpoint } from "../http";
import type { LocalIssuers } from "../issuer";
import type { StateFolder } from "../state";
import { cognitoApi } from "./api";
import type { CognitoApiOptions } from "./api";
import { discoveryEndpoint } from "./discovery";
import { hostedUi } from "./hosted-ui";
import { messageBox } from "./messages";

export interface CognitoOptions extends Pick<CognitoApiOptions, "invoke" | "administrators" | "onRefusal"> {
  readonly model: Model;
  readonly issuers: LocalIssuers;
  readonly state: StateFolder;
  /** Milliseconds since the epoch; `Date.now` where absent. */
  readonly now?: () => number;
}

/** Everything that unmodified clients of the directory's user pools call, on the gateway's own port. */
export function cognitoEndpoints(options: CognitoOptions): readonly LocalEndpoint[] {
  const context = { ...options, now: options.now ?? Date.now, deliver: messageBox(options.state) };
  return [discoveryEndpoint(context), cognitoApi(context), hostedUi(context)];
}
