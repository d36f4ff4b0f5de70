"use strict";
/*
 * What must not be committed: a key of AWS, a private key, a Terraform state or plan. Tests use keys that are shorter or
 * say EXAMPLE.
 */
const FILES = /(\.tfstate(\..*)?|\.tfplan|(^|\/)plan)$/;
const TEXTS = [
  ["an access key of AWS", /\b(AKIA|ASIA)(?![A-Z0-9]*(EXAMPLE|0000))[A-Z0-9]{16}\b/],
  // Its lines may stand in a string of JSON or of a program, where their ends are written as escapes.
  ["a private key", /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----(\\r)?(\\n|\r?\n)[A-Za-z0-9+/=\r\n\\]{100,}/],
];

/** What is secret about a file, each as a sentence. */
function secretsIn(file, text) {
  if (FILES.test(file)) return [`${file} is a Terraform state or plan, which holds secrets.`];
  return TEXTS.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${file} holds ${what}.`);
}

module.exports = { secretsIn };
