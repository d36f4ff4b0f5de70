import type { Claims } from "./verify";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The dates of a JWT that API Gateway's parser turns into `java.util.Date`. */
const DATES: ReadonlySet<string> = new Set(["exp", "iat", "nbf"]);

/**
 * Claims as a REST API hands them to the integration in `requestContext.authorizer.claims`: every value a string.
 * `exp` and `iat` as Java writes a date, in UTC; booleans and numbers as text; lists joined by commas without
 * brackets; objects as JSON. Recorded from captured Lambda events; `nbf` follows `exp` by inference. How null comes
 * out is UNCONFIRMED: the claim is left out, so that no back end takes the word for a value.
 */
export function renderClaims(claims: Claims): Record<string, string> {
  const rendered: Record<string, string> = {};
  for (const [name, value] of Object.entries(claims)) {
    if (value === null || value === undefined) continue;
    rendered[name] = DATES.has(name) && typeof value === "number" ? javaDate(value) : text(value);
  }
  return rendered;
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(",");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/** `java.util.Date.toString()` in UTC: `Wed May 18 15:32:21 UTC 2022`. */
function javaDate(seconds: number): string {
  const date = new Date(Math.floor(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  const two = (part: number): string => String(part).padStart(2, "0");
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())} ${clock} UTC ${date.getUTCFullYear()}`;
}
