import { InputError } from "../errors";
import type { Api } from "../model/types";
import type { RequestFile } from "./request-file";
import type { WireRequest } from "./types";

/** The API that a request file names. @throws InputError naming the known ones */
export function apiOf(file: RequestFile, apis: readonly Api[], where: string): Api {
  const known = apis.map(({ name, id: apiId }) => `${name} (${apiId})`).join(", ");
  if (file.api === undefined) {
    const [only] = apis;
    if (apis.length === 1 && only !== undefined) return only;
    throw new InputError({ what: `is missing, and there are several APIs: ${known}.`, where: `${where}: api` });
  }
  const named = apis.filter((api) => [api.id, api.name, api.address].includes(file.api ?? ""));
  const [found] = named;
  if (found === undefined) {
    throw new InputError({ what: `'${file.api}' is no API here. Known: ${known}.`, where: `${where}: api` });
  }
  if (named.length > 1) {
    throw new InputError({
      what: `'${file.api}' is the name of several APIs: ${known}.`,
      where: `${where}: api`,
      next: "Use the id.",
    });
  }
  return found;
}

/**
 * The request as it would stand on the wire.
 *
 * @throws InputError where the stage has to be named
 */
export function wireRequestOf(file: RequestFile, api: Api, where: string, requestId: string): WireRequest {
  const headers = Object.entries(file.headers ?? {}).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  if (!headers.some(([name]) => name.toLowerCase() === "host")) headers.unshift(["Host", `${api.id}.localhost`]);
  const { id: vpcId, endpoint, sourceIp: vpcSourceIp } = file.vpc ?? {};
  const position = {
    ...(vpcId === undefined ? {} : { id: vpcId }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(vpcSourceIp === undefined ? {} : { sourceIp: vpcSourceIp }),
  };
  return {
    method: file.method,
    rawPath: `/${stageOf(file, api, where)}${file.path}`,
    rawQuery: Object.entries(file.query ?? {})
      .flatMap(([name, values]) => values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`))
      .join("&"),
    headers,
    body: Buffer.from(file.body ?? ""),
    network: { sourceIp: sourceIpOf(file), ...(file.vpc === undefined ? {} : { vpc: position }) },
    requestId,
  };
}

/** The address that a request comes from. */
export function sourceIpOf({ sourceIp }: RequestFile): string {
  return sourceIp ?? "127.0.0.1";
}

function stageOf(file: RequestFile, api: Api, where: string): string {
  if (file.stage !== undefined) return file.stage;
  const [only] = api.stages;
  if (api.stages.length === 1 && only !== undefined) return only.name;
  const known = api.stages.map(({ name }) => name).join(", ") || "none";
  throw new InputError({ what: `is missing; the stages of ${api.name}: ${known}.`, where: `${where}: stage` });
}
