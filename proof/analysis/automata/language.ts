import { DEAD } from "./machine";
import type { Machine, State } from "./machine";

/** One part of a language of strings. */
export type Part =
  | { readonly kind: "text"; readonly value: string }
  /** One segment: not empty, without `/`, and neither `.` nor `..`, which never reach a resource. */
  | { readonly kind: "segment" }
  /** One or more segments. Only at the end. */
  | { readonly kind: "segments" }
  /** Any string, the empty one included. Only at the end. */
  | { readonly kind: "anything" }
  /** So many characters. */
  | { readonly kind: "characters"; readonly count: number };

interface Place {
  readonly character?: string;
  readonly open?: "segment" | "segments" | "anything" | "one";
}

/** How far into a segment: nothing yet, one dot (1), two dots, or something that is a segment. */
const FRESH = 0;
const DOTS = 2;
const INSIDE = 3;

/**
 * A language as a machine. @param allowed the characters there are; all of them where absent
 */
export function languageMachine(parts: readonly Part[], allowed?: (character: string) => boolean): Machine {
  const places = parts.flatMap((part): Place[] => {
    if (part.kind === "text") return [...part.value].map((character) => ({ character }));
    if (part.kind === "characters") return Array<Place>(part.count).fill({ open: "one" });
    return [{ open: part.kind }];
  });
  const state = (place: number, within = FRESH): State => place * 4 + within;
  const step = (from: State, character: string): State => {
    if (typeof from !== "number" || from < 0 || (allowed !== undefined && !allowed(character))) return DEAD;
    const [index, within] = [from >> 2, from & 3];
    const place = places[index];
    if (place === undefined) return DEAD;
    if (place.character !== undefined) return place.character === character ? state(index + 1) : DEAD;
    if (place.open === "anything") return from;
    if (place.open === "one") return state(index + 1);
    if (character !== "/") return state(index, character === "." && within < DOTS ? within + 1 : INSIDE);
    if (within !== INSIDE) return DEAD;
    if (place.open === "segments") return state(index);
    return places[index + 1]?.character === "/" ? state(index + 2) : DEAD;
  };
  return {
    start: state(0),
    step,
    accepts(from) {
      if (typeof from !== "number" || from < 0) return false;
      const [index, within] = [from >> 2, from & 3];
      const open = places[index]?.open;
      if (index === places.length || (open === "anything" && index === places.length - 1)) return true;
      return open !== undefined && index === places.length - 1 && within === INSIDE;
    },
    *live(from) {
      if (typeof from !== "number" || from < 0) return;
      const place = places[from >> 2];
      if (place?.character !== undefined) yield place.character;
      else if (place?.open === "segment" || place?.open === "segments") yield* ["/", "."];
    },
  };
}

/** The characters of a path on the wire that are not `?` or `#` (RFC 3986, and what a request file may hold). */
export function isPathCharacter(character: string): boolean {
  return /^[\x21-\x22\x24-\x3e\x40-\x7e]$/.test(character);
}

/** The paths that a route's template stands for: `{id}` is one segment, `{proxy+}` one or more. */
export function templateParts(template: string): readonly Part[] {
  const segments = template.split("/").filter((segment) => segment !== "");
  if (segments.length === 0) return [{ kind: "text", value: "/" }];
  return segments.flatMap((segment): Part[] => [
    { kind: "text", value: "/" },
    !segment.startsWith("{") || !segment.endsWith("}")
      ? { kind: "text", value: segment }
      : { kind: segment.endsWith("+}") ? "segments" : "segment" },
  ]);
}
