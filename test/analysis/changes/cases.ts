/** Mistakes that people make, each with exactly what it lets in, shuts out and changes. */
import { CALLERS } from "./callers";
import { MISTAKES } from "./mistakes";
import { POLICIES } from "./policies";
import { READINGS } from "./readings";
import { ROUTES } from "./routes";
import type { Change } from "./words";

export const CHANGES: readonly Change[] = [...ROUTES, ...POLICIES, ...CALLERS, ...MISTAKES, ...READINGS];
