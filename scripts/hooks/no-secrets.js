"use strict";
/*
 * Refuses to commit what looks like a secret: a key of AWS, a private key, a Terraform state or plan. Tests use keys
 * that are shorter or say EXAMPLE.
 */
const { readFileSync } = require("node:fs");

const FILES = /(\.tfstate(\..*)?|\.tfplan|\/plan)$/;
const TEXTS = [
  ["an access key of AWS", /\b(AKIA|ASIA)(?![A-Z0-9]*(EXAMPLE|0000))[A-Z0-9]{16}\b/],
  ["a private key", /-----BEGIN (RSA |EC |OPENSSH )?PRIVATE KEY-----\r?\n[A-Za-z0-9+/=\r\n]{100,}/],
];

const problems = process.argv.slice(2).flatMap((file) => {
  if (FILES.test(file)) return [`${file} is a Terraform state or plan, which holds secrets.`];
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return TEXTS.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${file} holds ${what}.`);
});
if (problems.length > 0) {
  process.stderr.write(
    `${problems.join("\n")}\nTake it out before you commit: what is pushed once counts as public.\n`,
  );
  process.exitCode = 1;
}
