import type { LocalUser } from "../users";
import { invalidParameter } from "./error";

/** `ListUsers` takes `name = "value"` and, for the beginning of a value, `name ^= "value"` (API reference, `ListUsers`). */
export function matchesFilter(user: LocalUser, filter: string): boolean {
  if (filter.trim() === "") return true;
  const [, name = "", operator, quoted = ""] = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(filter) ?? [];
  if (name === "") throw invalidParameter("One or more invalid parameters given to filter.");
  const wanted = quoted.replace(/\\(.)/g, "$1");
  const value = valueOf(user, name);
  if (value === undefined) return false;
  return operator === "=" ? value === wanted : value.startsWith(wanted);
}

function valueOf(user: LocalUser, name: string): string | undefined {
  const own: Readonly<Record<string, string>> = {
    username: user.username,
    sub: user.sub,
    "cognito:user_status": user.status,
    status: user.enabled ? "Enabled" : "Disabled",
  };
  return own[name] ?? user.attributes[name];
}
