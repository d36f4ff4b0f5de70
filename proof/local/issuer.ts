import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { InputError } from "../errors";
import type { StateFolder } from "./state";

/** A public signing key as user pools and OIDC issuers publish it (RFC 7517). */
export interface PublicKey {
  readonly kty: "RSA";
  readonly alg: "RS256";
  readonly use: "sig";
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

export interface KeySet {
  readonly keys: readonly PublicKey[];
}

interface KeyFile {
  readonly issuer: string;
  /** The key that signs, then the one it replaced. */
  readonly keys: readonly { readonly kid: string; readonly privateKey: JsonWebKey }[];
}

interface SigningKey {
  readonly public: PublicKey;
  readonly private: KeyObject;
}

/**
 * The local key pair that stands in for one issuer (a user pool, an OIDC provider). The issuer's URL stays the real
 * one in every token; only the key is local, and it is the same in every process that works on the same directory.
 */
export class LocalIssuer {
  readonly url: string;
  readonly #state: StateFolder;
  readonly #file: string;
  #keys: readonly SigningKey[] | undefined;

  /** @param url the `iss` claim, e.g. `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf` */
  constructor(state: StateFolder, url: string) {
    this.url = url;
    this.#state = state;
    this.#file = `issuer-${createHash("sha256").update(url).digest("hex").slice(0, 16)}.json`;
  }

  /** The public keys, current first, after a rotation with the one before it. Made at the first call. */
  jwks(): KeySet {
    return { keys: this.#load().map((key) => key.public) };
  }

  /** The public key of that id. An id not seen before has the keys read again, so that a rotation elsewhere counts. */
  key(kid: string): PublicKey | undefined {
    const find = (): PublicKey | undefined => this.#keys?.find((key) => key.public.kid === kid)?.public;
    const known = find();
    if (known !== undefined) return known;
    const stored = this.#state.read(this.#file);
    if (stored === undefined) return undefined;
    this.#keys = this.#parse(stored);
    return find();
  }

  /** A compact JWS over the claims, RS256 with the current key. `header` adds to `alg` and `kid`. */
  sign(claims: Readonly<Record<string, unknown>>, header: Readonly<Record<string, unknown>> = {}): string {
    const [current] = this.#load();
    if (current === undefined) throw this.#broken();
    const input = [{ kid: current.public.kid, alg: "RS256", ...header }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    return `${input}.${sign("RSA-SHA256", Buffer.from(input), current.private).toString("base64url")}`;
  }

  /** Makes a new signing key. The one before stays in the key set, so that tokens under way keep working. */
  rotate(): void {
    this.#load();
    const stored = this.#state.read(this.#file) as KeyFile;
    const next: KeyFile = { issuer: this.url, keys: [newKey(), ...stored.keys.slice(0, 1)] };
    this.#state.write(this.#file, next);
    this.#keys = this.#parse(next);
  }

  #load(): readonly SigningKey[] {
    this.#keys ??= this.#parse(
      this.#state.readOrCreate(this.#file, (): KeyFile => ({ issuer: this.url, keys: [newKey()] })),
    );
    return this.#keys;
  }

  #parse(stored: unknown): readonly SigningKey[] {
    try {
      const file = stored as KeyFile;
      if (file.issuer !== this.url || file.keys.length === 0) throw this.#broken();
      return file.keys.map(({ kid, privateKey }) => {
        const { n, e } = privateKey;
        if (n === undefined || e === undefined) throw this.#broken();
        return {
          public: { kty: "RSA", alg: "RS256", use: "sig", kid, n, e },
          private: createPrivateKey({ key: privateKey, format: "jwk" }),
        };
      });
    } catch {
      throw this.#broken();
    }
  }

  #broken(): InputError {
    return new InputError({
      what: `The stored signing keys of ${this.url} cannot be used.`,
      where: `${this.#state.path}/${this.#file}`,
      next: "Delete the file; new keys are made at the next start, and tokens signed before stop working.",
    });
  }
}

/** The local issuers of one directory, one object per issuer URL. */
export class LocalIssuers {
  readonly #state: StateFolder;
  readonly #issuers = new Map<string, LocalIssuer>();

  constructor(state: StateFolder) {
    this.#state = state;
  }

  of(url: string): LocalIssuer {
    let issuer = this.#issuers.get(url);
    if (issuer === undefined) {
      issuer = new LocalIssuer(this.#state, url);
      this.#issuers.set(url, issuer);
    }
    return issuer;
  }

  /** The key look-up that token verification takes. Only ask for issuers you trust: it answers for any that exists. */
  readonly keyOf = (url: string, kid: string): PublicKey | undefined => this.of(url).key(kid);
}

/** Cognito's key ids are 32 bytes in base64 with its padding, and clients have tripped over that; ours are too. */
function newKey(): KeyFile["keys"][number] {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { kid: randomBytes(32).toString("base64"), privateKey: privateKey.export({ format: "jwk" }) };
}
