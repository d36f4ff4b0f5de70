/** What a request names that nothing is known of, each told once. */
export class Warnings {
  readonly #told = new Set<string>();
  readonly #warn: (text: string) => void;

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  unknownCaller(arn: string): void {
    this.#tell(
      `${arn} stands neither in the configuration nor in the callers file: it is decided on without identity policies.`,
    );
  }

  /** No mistake for sure: a witness of `diff` may name authorizers that one side alone has. */
  unknownAuthorizers(named: readonly string[], known: readonly string[], api: string): void {
    for (const name of named.filter((one) => !known.includes(one))) {
      this.#tell(`'${name}' is no Lambda authorizer of ${api}. Known: ${known.join(", ") || "none"}.`);
    }
  }

  #tell(text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#warn(text);
  }
}
