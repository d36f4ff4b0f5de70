import type { RoutedCourse } from "./course";
import { allow } from "./course";
import { requireResourceAllow } from "./perimeter";
import type { Decision } from "./types";

/** Authorization NONE: the resource policy alone decides, and has to allow where there is one. */
export function decideNone(course: RoutedCourse): Decision {
  const passed = requireResourceAllow(course);
  return "refused" in passed ? passed.refused : allow(course, {}, passed.decidedBy);
}
