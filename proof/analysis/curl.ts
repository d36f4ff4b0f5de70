import type { RequestFile } from "../decision/request-file";

/**
 * A request file as a curl line against a deployed stage. What only the caller has (keys, a token) is named by a shell
 * variable; where the request must come from is for the reader to arrange.
 *
 * @param host where the API answers: `abcdefghij.execute-api.us-east-1.amazonaws.com`
 */
export function curlOf(file: RequestFile, host: string): string {
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
  return ["curl", "--path-as-is", ...verb, ...signed, ...token, ...sent, quoted(url)].join(" ");
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
