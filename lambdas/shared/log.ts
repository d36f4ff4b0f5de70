/** What a log line may hold: flat, so that no event, token or claim set slips in whole. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Writes one JSON line that CloudWatch Logs Insights can query by field. Callers pass identifiers and reasons, never
 * headers, tokens, signatures or secrets.
 */
export function log(level: "info" | "warn" | "error", message: string, fields: LogFields = {}): void {
  const line = JSON.stringify({ level, message, ...fields });
  if (level === "error") console.error(line);
  else console.log(line);
}
