import { createHash, createHmac, getDiffieHellman, randomBytes } from "node:crypto";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import { cognitoApi } from "../../proof/local/cognito/api";
import { client, decode, model, pool } from "./issuer-fixture";
import { serve } from "./cognito-server";

/*
 * A client of its own, written from what AWS's clients send. The group is Node's modp15 (RFC 3526, 3072 bits), which
 * is the one Cognito uses.
 */
const N = BigInt(`0x${getDiffieHellman("modp15").getPrime("hex")}`);
const hex = (value: bigint): string => {
  const text = value.toString(16);
  const even = text.length % 2 === 0 ? text : `0${text}`;
  return parseInt(even.slice(0, 2), 16) > 127 ? `00${even}` : even;
};
const sha = (hexText: string): bigint => BigInt(`0x${createHash("sha256").update(hexText, "hex").digest("hex")}`);
const power = (base: bigint, exponent: bigint): bigint => {
  if (exponent === 0n) return 1n;
  const half = power((base * base) % N, exponent / 2n);
  return exponent % 2n === 1n ? (half * base) % N : half;
};

function signature(password: string, a: bigint, given: Record<string, string>, timestamp: string): string {
  const { SALT = "", SRP_B = "", USER_ID_FOR_SRP: user = "", SECRET_BLOCK = "" } = given;
  const name = pool().id.split("_")[1] ?? "";
  const [publicA, publicB] = [power(2n, a), BigInt(`0x${SRP_B}`)];
  const identity = createHash("sha256").update(`${name}${user}:${password}`).digest("hex");
  const x = sha(hex(BigInt(`0x${SALT}`)) + identity);
  const u = sha(hex(publicA) + hex(publicB));
  const k = sha(hex(N) + hex(2n));
  const base = (((publicB - k * power(2n, x)) % N) + N) % N;
  const shared = power(base, a + u * x);
  const extracted = createHmac("sha256", Buffer.from(hex(u), "hex"))
    .update(Buffer.from(hex(shared), "hex"))
    .digest();
  const key = createHmac("sha256", extracted).update("Caldera Derived Key\u0001").digest().subarray(0, 16);
  const message = [Buffer.from(name), Buffer.from(user), Buffer.from(SECRET_BLOCK, "base64"), Buffer.from(timestamp)];
  return createHmac("sha256", key).update(Buffer.concat(message)).digest("base64");
}

const byDefault = client({ name: "default", settings: { prevent_user_existence_errors: "ENABLED" } });

async function start() {
  const { origin } = await serve(model({ userPools: [pool({ clients: [byDefault] })] }), (context) => [
    cognitoApi(context),
  ]);
  const aws = new sdk.CognitoIdentityProviderClient({
    endpoint: origin,
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIALOCAL", secretAccessKey: "local" },
  });
  const UserPoolId = pool().id;
  await aws.send(new sdk.AdminCreateUserCommand({ UserPoolId, Username: "alice" }));
  await aws.send(
    new sdk.AdminSetUserPasswordCommand({ UserPoolId, Username: "alice", Password: "Pass-word-1", Permanent: true }),
  );
  const a = BigInt(`0x${randomBytes(32).toString("hex")}`);
  const begin = (USERNAME: string, SRP_A = power(2n, a).toString(16)) =>
    aws.send(
      new sdk.InitiateAuthCommand({
        ClientId: byDefault.clientId,
        AuthFlow: "USER_SRP_AUTH",
        AuthParameters: { USERNAME, SRP_A },
      }),
    );
  const signIn = async (USERNAME: string, password: string, timestamp = "Fri May 1 12:00:00 UTC 2026") => {
    const { ChallengeName, ChallengeParameters = {}, Session } = await begin(USERNAME);
    return aws.send(
      new sdk.RespondToAuthChallengeCommand({
        ClientId: byDefault.clientId,
        ChallengeName,
        Session,
        ChallengeResponses: {
          USERNAME: ChallengeParameters["USER_ID_FOR_SRP"] ?? "",
          PASSWORD_CLAIM_SECRET_BLOCK: ChallengeParameters["SECRET_BLOCK"] ?? "",
          PASSWORD_CLAIM_SIGNATURE: signature(password, a, ChallengeParameters, timestamp),
          TIMESTAMP: timestamp,
        },
      }),
    );
  };
  return { begin, signIn };
}

describe("sign-in without sending the password", () => {
  it("takes the right password, over many exchanges", async () => {
    const { signIn } = await start();
    for (let round = 0; round < 12; round += 1) {
      const { AuthenticationResult } = await signIn("alice", "Pass-word-1");
      expect(decode(AuthenticationResult?.AccessToken ?? "").claims["username"]).toBe("alice");
    }
  });

  it("refuses a wrong password, and a user who does not exist in the same words", async () => {
    const { begin, signIn } = await start();
    await expect(signIn("alice", "Pass-word-2")).rejects.toThrow("Incorrect username or password.");
    await expect(signIn("nobody", "Pass-word-1")).rejects.toThrow("Incorrect username or password.");
    const [first, second] = [await begin("nobody"), await begin("nobody")];
    expect(first.ChallengeParameters?.["SALT"]).toBe(second.ChallengeParameters?.["SALT"]);
  });

  it.each([
    ["zero", "0"],
    ["the prime itself", N.toString(16)],
    ["twice the prime", (2n * N).toString(16)],
    ["no number", "xyz"],
  ])("refuses %s as the client's value, which would make the key known", async (_what, srpA) => {
    const { begin } = await start();
    await expect(begin("alice", srpA)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });
});
