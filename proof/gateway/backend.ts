import type { Engine } from "../decision/engine";
import { prepareEngine } from "../decision/engine";
import type { Ports, SyncPorts } from "../decision/ports";
import type { Wording } from "../decision/denials";
import { LambdaRuntime } from "../lambda/runtime";
import type { Redirect, RuntimeOptions } from "../lambda/types";
import type { LocalEndpoint } from "../local/http";
import type { Model } from "../model/types";
import { authorizerRunner } from "./authorizer-runner";
import { hostNames } from "./host-names";
import { Hosts } from "./hosts";
import type { IntegrationTools } from "./integrate";
import { invokePermission } from "./invoke-permission";
import type { ServedApi } from "./served-api";
import { prepareApi } from "./served-api";
import { triggerRunner } from "./trigger-runner";

/** A model made ready, before it is known where the gateway listens. */
export interface Prepared {
  readonly model: Model;
  readonly engine: Engine;
  readonly served: readonly ServedApi[];
  readonly hosts: Hosts<ServedApi>;
}

/** What stands in for AWS and for identity providers, once the gateway's own address is known. */
export interface LocalServices {
  /** @param invoke runs a user pool's trigger; rejects where it fails */
  endpoints(invoke: (functionArn: string, event: unknown) => Promise<unknown>): readonly LocalEndpoint[];
  readonly redirects: readonly Redirect[];
  readonly ports: Pick<SyncPorts, "findCredential" | "jwks">;
  readonly credentialsOf: NonNullable<RuntimeOptions["credentialsOf"]>;
}

/** Everything that answers requests, made from one model. */
export interface Backend extends Prepared, IntegrationTools {
  readonly ports: Ports;
  readonly endpoints: readonly LocalEndpoint[];
  /** Whether a Host header means a gateway that listens on the address or name `bound`. */
  isNamed(host: string, bound: string): boolean;
  /** The VPC of an endpoint that the configuration knows. */
  vpcOf(endpoint: string): string | undefined;
  /** Counts a request that this backend answers. */
  begin(): void;
  end(): void;
  /** No further request comes; functions end with the last that is under way. */
  retire(): void;
}

/** @throws InputError with everything in the model that cannot be decided on */
export function prepare(model: Model, wording?: Wording): Prepared {
  const engine = prepareEngine(model, wording === undefined ? {} : { wording });
  const served = model.apis.map((api) => prepareApi(api, model));
  return { model, engine, served, hosts: new Hosts(served) };
}

/**
 * @param origin `http://127.0.0.1:9300`
 * @param before the backend whose place it takes, and whose warm functions it keeps where they are the same
 */
export function openBackend(
  prepared: Prepared,
  origin: string,
  services: LocalServices,
  log?: RuntimeOptions["log"],
  before?: Backend,
): Backend {
  const { model } = prepared;
  const options = {
    redirects: services.redirects,
    endpointUrl: origin,
    credentialsOf: services.credentialsOf,
    ...(log === undefined ? {} : { log }),
  };
  const runtime = new LambdaRuntime(model.functions, options, before?.runtime);
  const mayInvoke = invokePermission(model);
  const vpcs = new Map(model.vpcEndpoints.map((endpoint) => [endpoint.id, endpoint.vpcId]));
  let underWay = 0;
  let retired = false;
  const closeWhenDone = () => {
    if (retired && underWay === 0) runtime.close();
  };
  return {
    ...prepared,
    runtime,
    mayInvoke,
    endpoints: services.endpoints(triggerRunner(model.userPools, runtime, mayInvoke)),
    ports: {
      now: Date.now,
      findCredential: (id, token) => services.ports.findCredential(id, token),
      jwks: (issuer) => services.ports.jwks(issuer),
      invokeAuthorizer: authorizerRunner(model.apis, runtime, mayInvoke),
    },
    isNamed: hostNames(model),
    vpcOf: (endpoint) => vpcs.get(endpoint),
    begin: () => {
      underWay += 1;
    },
    end: () => {
      underWay -= 1;
      closeWhenDone();
    },
    retire: () => {
      retired = true;
      closeWhenDone();
    },
  };
}
