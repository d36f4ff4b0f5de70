import { resolve } from "node:path";
import { InputError } from "../../errors";
import { loadModel } from "../../model/load";
import { confinedProblems } from "../../model/confined";
import type { Model } from "../../model/types";
import type { Io, Values } from "../command";

/**
 * The configuration that a command reasons about. Warnings go to stderr.
 *
 * @param side what problems begin with, where there are several: `BASE: `
 * @throws InputError for what cannot be read, with every problem of it
 */
export function loadForAnalysis(io: Io, directory: string, { env, account }: Values, side = ""): Model {
  const model = loadModel(resolve(io.cwd, directory), {
    ...(typeof env === "string" ? { environment: env } : {}),
    ...(typeof account === "string" ? { account } : {}),
  });
  // Of what the model marks as not known every decision is a refusal, which the analysis calls undecided.
  const confined = confinedProblems(model);
  const errors = model.problems.filter(
    (problem) => problem.severity === "error" && !confined(problem) && !BEHIND.test(problem.source.address),
  );
  if (errors.length > 0) {
    throw new InputError(
      errors.map(({ message, source }) => ({ what: message, where: `${side}${source.file}: ${source.address}` })),
    );
  }
  for (const { message, source } of model.problems) {
    io.err(`warning: ${side}${source.file}: ${source.address}: ${message}\n`);
  }
  return model;
}

/** What lies behind authorization, and what a stage is deployed with: no request is admitted or refused by it here. */
const BEHIND =
  /(^|\/|\.)aws_(api_gateway_(integration|integration_response|gateway_response|model|request_validator|usage_plan|usage_plan_key|api_key|method_settings|deployment)|lambda_|secretsmanager_|cloudwatch_)/;
