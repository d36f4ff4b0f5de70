import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { InputError } from "../../errors";
import { loadModel } from "../../model/load";
import type { Model, Problem, Source } from "../../model/types";
import type { Io, Values } from "../command";

/**
 * The configuration that a command reasons about. Warnings go to stderr.
 *
 * @throws InputError for what cannot be read, with every problem of it
 */
export function loadForAnalysis(io: Io, directory: string, { env, account }: Values): Model {
  const path = resolve(io.cwd, directory);
  if (!existsSync(path)) {
    throw new InputError({ what: `${directory} does not exist.`, next: "Name a directory that holds Terraform JSON." });
  }
  const model = loadModel(path, {
    ...(typeof env === "string" ? { environment: env } : {}),
    ...(typeof account === "string" ? { account } : {}),
  });
  const told = toldApart(model);
  const errors = model.problems.filter((problem) => problem.severity === "error" && !told(problem));
  if (errors.length > 0) {
    throw new InputError(
      errors.map(({ message, source }) => ({ what: message, where: `${source.file}: ${source.address}` })),
    );
  }
  for (const { message, source } of model.problems) {
    io.err(`warning: ${source.file}: ${source.address}: ${message}\n`);
  }
  return model;
}

/** What lies behind authorization, and what a stage is deployed with: no request is admitted or refused by it here. */
const BEHIND =
  /(^|\/|\.)aws_(api_gateway_(integration|integration_response|gateway_response|model|request_validator|usage_plan|usage_plan_key|api_key|method_settings|deployment)|lambda_|secretsmanager_|cloudwatch_)/;

/**
 * Which errors an analysis can go on with: those about policies and routes that the model marks as not known, which
 * every decision refuses and the analysis calls undecided, and those that no answer depends on.
 */
function toldApart(model: Model): (problem: Problem) => boolean {
  const principals = [...model.roles, ...model.users];
  const policies = [
    ...model.apis.map(({ policy }) => policy),
    ...model.vpcEndpoints.map(({ policy }) => policy),
    ...principals.flatMap(({ identityPolicies, permissionsBoundary }) => [...identityPolicies, permissionsBoundary]),
    ...model.roles.map(({ trustPolicy }) => trustPolicy),
  ];
  const unknown = new Set(
    policies.flatMap((policy) => (policy?.unresolved === undefined ? [] : [place(policy.source)])),
  );
  const refused = model.apis.flatMap(({ routes }) => routes.filter(({ refused: why }) => why !== undefined));
  return ({ source, message }) =>
    unknown.has(place(source)) ||
    BEHIND.test(source.address) ||
    message.endsWith(" has no integration") ||
    refused.some((route) => place(source).startsWith(place(route.source)));
}

function place({ file, address }: Source): string {
  return `${file} ${address}`;
}
