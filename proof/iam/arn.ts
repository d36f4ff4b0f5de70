/** `arn:partition:service:region:account:resource`; the resource keeps its own colons and slashes. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/** The six parts of an ARN, or undefined where `text` is none. */
export function parseArn(text: string): Arn | undefined {
  const parts = splitArn(text);
  if (parts?.[0] !== "arn") return undefined;
  const [, partition, service, region, accountId, resource] = parts;
  return partition === "" || service === "" || resource === ""
    ? undefined
    : { partition, service, region, accountId, resource };
}

type Parts = readonly [string, string, string, string, string, string];

/** Cut at the first five colons, or undefined where there are fewer. */
export function splitArn(text: string): Parts | undefined {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < 5; i++) {
    const colon = text.indexOf(":", from);
    if (colon < 0) return undefined;
    parts.push(text.slice(from, colon));
    from = colon + 1;
  }
  parts.push(text.slice(from));
  return parts as unknown as Parts;
}
