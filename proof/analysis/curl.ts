import type { RequestCaller, RequestFile } from "../decision/request-file";
import type { Demands } from "./behind";

/**
 * A request file as a curl line against a deployed stage. What only the caller has (keys, a token, a body) is named by a
 * shell variable; where the request must come from is for the reader to arrange. Who has to assume a role does so first,
 * with the AWS CLI.
 *
 * @param host where the API answers: `abcdefghij.execute-api.us-east-1.amazonaws.com`
 * @param demands what it has to hold to pass what stands behind authorization
 */
export function curlOf(file: RequestFile, host: string, demands?: Demands): string {
  const { method, path, query, headers, caller, claims, stage } = file;
  const pairs = Object.entries(query ?? {}).flatMap(([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  const url = `https://${host}/${stage ?? ""}${path}${pairs.length === 0 ? "" : `?${pairs.join("&")}`}`;
  const region = /\.execute-api\.([^.]+)\./.exec(host)?.[1] ?? "us-east-1";
  const sent = Object.entries(headers ?? {}).flatMap(([name, values]) =>
    // Behind a colon, curl takes nothing for a header that is to be left out.
    values.map((value) => `-H ${quoted(value === "" ? `${name};` : `${name}: ${value}`)}`),
  );
  const signed =
    caller === null || caller === undefined
      ? []
      : [
          `--aws-sigv4 ${quoted(`aws:amz:${region}:execute-api`)}`,
          '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
          '-H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"',
        ];
  const token = claims === undefined ? [] : ['-H "Authorization: Bearer $TOKEN"'];
  const verb = method === "HEAD" ? ["--head"] : ["-X", method];
  const taken = [...Object.keys(headers ?? {}), ...(signed.length + token.length > 0 ? ["Authorization"] : [])];
  const { options, parameters } = filledIn(demands, taken, Object.keys(query ?? {}));
  const where = parameters.map((one, index) => `${index + pairs.length === 0 ? "'?'" : "'&'"}${one}`).join("");
  const line = ["curl", "--path-as-is", ...verb, ...signed, ...token, ...sent, ...options, quoted(url) + where].join(
    " ",
  );
  return `${assumption(caller)}${line}${assumption(caller) === "" ? "" : "; }"}`;
}

/** Room for what is demanded and not in the request already: options, and parameters of the query. */
function filledIn(
  { apiKey, headers, query, contentType }: Demands = { apiKey: false, headers: [], query: [] },
  sent: readonly string[],
  asked: readonly string[],
): { readonly options: readonly string[]; readonly parameters: readonly string[] } {
  const names = sent.map((name) => name.toLowerCase());
  const missing = headers.filter(
    (name) => ![...names, "x-api-key", "content-type", "host"].includes(name.toLowerCase()),
  );
  const has = (name: string): boolean => names.includes(name);
  const isAsked = (name: string): boolean => headers.some((one) => one.toLowerCase() === name);
  const type = contentType ?? (isAsked("content-type") ? "application/json" : undefined);
  return {
    options: [
      ...((apiKey || isAsked("x-api-key")) && !has("x-api-key") ? ['-H "x-api-key: $API_KEY"'] : []),
      ...missing.map((name) => `-H ${quoted(`${name}: `)}${variable(name)}`),
      ...(type === undefined || has("content-type") ? [] : [`-H ${quoted(`Content-Type: ${type}`)}`]),
      ...(contentType === undefined ? [] : ['--data "$BODY"']),
    ],
    parameters: query
      .filter((name) => !asked.includes(name))
      .map((name) => `${quoted(`${encodeURIComponent(name)}=`)}${variable(name)}`),
  };
}

/** `X-Request-Id` as `"$X_REQUEST_ID"`. */
function variable(name: string): string {
  const word = name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  return `"$${/^\d/.test(word) ? "_" : ""}${word}"`;
}

/** The call that gives the session, its keys in the variables that the request is signed with, up to the request. */
function assumption(caller: RequestCaller | null | undefined): string {
  const { arn, session, tags = {}, assumedBy } = caller ?? {};
  if (arn === undefined || assumedBy === undefined || assumedBy.service !== undefined) return "";
  const { federated, externalId } = assumedBy;
  const saml = federated?.includes(":saml-provider/") === true;
  const call =
    federated === undefined
      ? ["assume-role", `--role-session-name ${quoted(session ?? "local")}`, ...tagsOf(tags)]
      : saml
        ? ["assume-role-with-saml", `--principal-arn ${quoted(federated)}`, '--saml-assertion "$SAML_ASSERTION"']
        : [
            "assume-role-with-web-identity",
            `--role-session-name ${quoted(session ?? "local")}`,
            '--web-identity-token "$WEB_IDENTITY_TOKEN"',
          ];
  return [
    "aws sts",
    ...call,
    `--role-arn ${quoted(arn)}`,
    ...(externalId === undefined ? [] : [`--external-id ${quoted(externalId)}`]),
    "--query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text",
    "| { read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN && ",
  ].join(" ");
}

/** The role's own tags need not be said of a caller, so these are the session's. A token or an assertion holds its own. */
function tagsOf(tags: Readonly<Record<string, string>>): readonly string[] {
  const pairs = Object.entries(tags).map(([key, value]) => quoted(`Key=${shorthand(key)},Value=${shorthand(value)}`));
  return pairs.length === 0 ? [] : ["--tags", ...pairs];
}

/** As the AWS CLI reads a value (AWS CLI user guide, "Using shorthand syntax"). */
function shorthand(text: string): string {
  return /^[\w.:/@+-]*$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
