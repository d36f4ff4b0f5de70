import { InputError } from "../errors";
import { readConfiguration } from "../terraform/configuration";
import type { ConfigurationOptions } from "../terraform/configuration";
import { buildApis } from "./apis";
import { modulesOf } from "./environments";
import { buildFunctions } from "./functions";
import { domainNames, reportInFront } from "./in-front";
import { reportBrokenLinks } from "./links";
import { buildOidcIssuers } from "./oidc-issuers";
import { Reading } from "./reading";
import { buildRoles, buildUsers } from "./principals";
import { buildSecrets } from "./secrets";
import type { Model, Problem } from "./types";
import { reportUnread } from "./unread";
import { buildApiKeys, buildUsagePlans } from "./usage-plans";
import { buildUserPools } from "./user-pools";
import { buildVpcEndpoints } from "./vpc-endpoints";

export interface LoadOptions extends ConfigurationOptions {
  /** Keeps only the stacks of this environment. */
  readonly environment?: string;
}

/**
 * Reads a directory of synthesized CDKTF output or Terraform JSON into a model with every reference resolved.
 *
 * @throws InputError if the directory is missing, holds nothing to read, malformed JSON, no REST API, an unknown
 *   environment, or several environments of which none was asked for.
 */
export function loadModel(directory: string, options: LoadOptions = {}): Model {
  const { account = "000000000000" } = options;
  if (!/^\d{12}$/.test(account)) {
    throw new InputError({ what: `'${account}' is not an account id of 12 digits.`, where: "--account" });
  }
  const configuration = readConfiguration(directory, options);
  const modules = modulesOf(configuration.modules, options.environment);
  const reading = new Reading(modules, configuration.modules.length > 1);
  const apis = buildApis(reading);
  if (apis.length === 0) {
    const why = reading.problems.map(({ message, source }) => ({ what: message, where: source.file }));
    const none = { what: `${directory} holds no REST API (aws_api_gateway_rest_api)` };
    throw new InputError([...why, { ...none, next: "Name a directory whose configuration has one." }]);
  }
  const functions = buildFunctions(reading);
  const model = {
    apis,
    functions,
    userPools: buildUserPools(reading),
    oidcIssuers: buildOidcIssuers(functions),
    roles: buildRoles(reading),
    users: buildUsers(reading),
    secrets: buildSecrets(reading),
    vpcEndpoints: buildVpcEndpoints(reading),
    usagePlans: buildUsagePlans(reading),
    apiKeys: buildApiKeys(reading),
    domainNames: domainNames(reading),
  };
  reportBrokenLinks(reading, model);
  reportUnread(reading);
  reportInFront(reading, apis);
  return { ...model, problems: distinct(reading.problems) };
}

/** One cause that several attributes depend on is told once for each of them, and no oftener. */
function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [`${problem.source.file}\0${problem.message}`, problem]));
  return [...seen.values()];
}
