/** HTTP as the local AWS endpoints and the gateway exchange it, before and after Node's own objects. */
export interface HttpRequest {
  readonly method: string;
  /** Undecoded, without the query. */
  readonly rawPath: string;
  /** Undecoded, without the question mark. */
  readonly rawQuery: string;
  /** Names as sent, in the order sent, duplicates kept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** Host with port as the client named it. */
  readonly host: string;
  /** Where the request claims to come from: the TCP peer, unless its position is simulated. */
  readonly sourceIp: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | string;
}

/** A part of AWS, or of an identity provider, that the gateway answers on its own port. */
export interface LocalEndpoint {
  readonly name: string;
  /** The answer, or undefined where the request is not for this endpoint. */
  handle(request: HttpRequest): Promise<HttpAnswer | undefined>;
}

/** The first header of that name, in lower case. */
export function header(request: Pick<HttpRequest, "headers">, name: string): string | undefined {
  return request.headers.find(([one]) => one.toLowerCase() === name)?.[1];
}
