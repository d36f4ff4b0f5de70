import { createHash } from "node:crypto";
import type { HttpAnswer } from "../http";

/** One page of the sign-in: a form that posts back to where it was loaded from. */
export interface Page {
  readonly title: string;
  /** What went wrong, in a sentence. */
  readonly problem?: string;
  readonly intro?: string;
  readonly hidden?: Readonly<Record<string, string>>;
  readonly fields?: readonly Field[];
  readonly button?: string;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: "text" | "password";
  /** `autocomplete` of HTML, for password managers and assistive technology. */
  readonly autocomplete: string;
  readonly numeric?: boolean;
}

const STYLE = `body{font:1.1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
label{display:block;margin-top:1rem}input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #595959}
button{font:inherit;margin-top:1.5rem;padding:.5rem 1.5rem;color:#fff;background:#0b5394;border:0}
[role=alert]{border-left:.3rem solid #a80000;padding-left:.8rem}code{overflow-wrap:anywhere}
:focus-visible{outline:.2rem solid #d07000;outline-offset:.1rem}`;
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/**
 * @param destination origin the form may end in besides this server's own, by redirect
 * @param cookies `Set-Cookie` values
 */
export function render(status: number, page: Page, destination: string, cookies: readonly string[] = []): HttpAnswer {
  const { title, problem, intro, hidden = {}, fields = [], button } = page;
  const inputs = fields.map(
    ({ name, label, type, autocomplete, numeric }, index) =>
      `<label for="${name}">${escape(label)}</label><input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false" required${numeric === true ? ' inputmode="numeric" pattern="[0-9]{6}"' : ""}${index === 0 ? " autofocus" : ""}>`,
  );
  const kept = Object.entries(hidden).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`,
  );
  const form =
    button === undefined
      ? ""
      : `<form method="post">${kept.join("")}${inputs.join("")}<button type="submit">${escape(button)}</button></form>`;
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escape(title)}</h1>${problem === undefined ? "" : `<p role="alert">${escape(problem)}</p>`}${intro === undefined ? "" : `<p>${escape(intro)}</p>`}${form}</main></body></html>
`;
  return {
    status,
    headers: [
      ["content-type", "text/html; charset=utf-8"],
      ["cache-control", "no-store"],
      [
        "content-security-policy",
        `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${destination === "" ? "" : ` ${destination}`}; frame-ancestors 'none'; base-uri 'none'`,
      ],
      // With no-referrer browsers would say `Origin: null` when the form is sent.
      ["referrer-policy", "same-origin"],
      ["x-content-type-options", "nosniff"],
      ["x-frame-options", "DENY"],
      ...cookies.map((cookie) => ["set-cookie", cookie] as const),
    ],
    body,
  };
}

function escape(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? "");
}
