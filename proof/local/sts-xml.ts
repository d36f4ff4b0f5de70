import type { HttpAnswer } from "./http";
import type { StsError } from "./sts-errors";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** Element names to text or further elements, in the order written. */
export interface Elements {
  readonly [name: string]: string | Elements;
}

export function success(action: string, result: Elements, requestId: string): HttpAnswer {
  return answer(200, requestId, {
    [`${action}Response`]: { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } },
  });
}

export function failure(error: StsError, requestId: string): HttpAnswer {
  return answer(error.status, requestId, {
    ErrorResponse: { Error: { Type: "Sender", Code: error.code, Message: error.message }, RequestId: requestId },
  });
}

function answer(status: number, requestId: string, document: Elements): HttpAnswer {
  const body = write(document).replace(">", ` xmlns="${NAMESPACE}">`);
  return {
    status,
    headers: [
      ["x-amzn-RequestId", requestId],
      ["Content-Type", "text/xml"],
    ],
    body,
  };
}

function write(elements: Elements): string {
  return Object.entries(elements)
    .map(([name, value]) => `<${name}>${typeof value === "string" ? escape(value) : write(value)}</${name}>`)
    .join("");
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return (
    text
      .replace(/[&<>"]/g, (character) => entities[character] ?? character)
      // XML 1.0 cannot hold these at all.

      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
  );
}
