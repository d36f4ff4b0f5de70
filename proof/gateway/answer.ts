/** What goes back to the client, before the headers that every answer has. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | string;
}

export function jsonAnswer(status: number, body: string, headers: readonly (readonly [string, string])[] = []): Answer {
  return { status, headers: [["Content-Type", "application/json"], ...headers], body };
}
