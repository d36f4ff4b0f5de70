import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadModel } from "../../proof/model/load";
import { BUYER, project, REGION } from "./project";
import { itWith, Served } from "./served";

const run = promisify(execFile);
const PASSWORD = "Correct-horse-7";

const browser = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);
if (browser === undefined) {
  process.stderr.write(
    "\nNOT RUN: the sign-in with openid-client in a real browser. Install Chromium (Debian: apt-get install chromium).\n",
  );
}
const itRuns = itWith(browser !== undefined, "no chromium or google-chrome");

let application: Server;
let served: Served | undefined;
const profile = mkdtempSync(join(tmpdir(), "portcullis-browser-"));
afterAll(async () => {
  await served?.stop();
  application?.close();
  rmSync(profile, { recursive: true, force: true });
});

async function openApplication(): Promise<string> {
  application = createServer((_request, response) => void response.end("Signed in.")).listen(0, "127.0.0.1");
  await once(application, "listening");
  return `http://127.0.0.1:${(application.address() as AddressInfo).port}/callback`;
}

describe("openid-client in a real browser, with code and PKCE", () => {
  itRuns(
    "signs a member in on the page, calls the API, and renews until a spent refresh token comes back",
    async () => {
      const redirectUri = await openApplication();
      const { directory, callersFile } = project(redirectUri);
      const pool = loadModel(directory).userPools[0];
      served = await Served.start(directory, "--callers", callersFile);
      const admin = new CognitoIdentityProviderClient({ region: REGION, endpoint: served.url, credentials: BUYER });
      const who = { UserPoolId: pool?.id, Username: "ada" };
      await admin.send(new AdminCreateUserCommand({ ...who, MessageAction: "SUPPRESS" }));
      await admin.send(new AdminSetUserPasswordCommand({ ...who, Password: PASSWORD, Permanent: true }));

      const { stdout } = await run(process.execPath, [
        join(__dirname, "sign-in.mjs"),
        JSON.stringify({
          gateway: served.url,
          issuer: pool?.issuer,
          clientId: pool?.clients[0]?.clientId,
          redirectUri,
          api: `${served.url}/live/profile`,
          user: "ada",
          password: PASSWORD,
          browser: (await run("which", [browser ?? ""])).stdout.trim(),
          profile,
          // A folder to look at the pages in, where a person names one.
          screenshots: process.env["PORTCULLIS_SCREENSHOTS"],
        }),
      ]);

      expect(JSON.parse(stdout)).toEqual({
        page: {
          title: "Sign in",
          language: "en",
          heading: "Sign in",
          fields: [
            { label: "User name or e-mail address", autocomplete: "username", required: true },
            { label: "Password", autocomplete: "current-password", required: true },
          ],
          focused: "username",
          scripts: 0,
        },
        problem: "Incorrect username or password.",
        subject: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        first: 200,
        userInfo: "ada",
        codeAgain: "invalid_grant",
        wrongVerifier: "invalid_grant",
        rotated: true,
        renewed: 200,
        reuse: "invalid_grant",
        // The reuse of a spent refresh token ends the whole sign-in.
        afterReuse: "invalid_grant",
        // Nothing that the page asked for was blocked by its own content security policy. The browser reports the 400
        // of the wrong password by itself.
        complaints: [expect.stringMatching(/status of 400/) as string],
      });
    },
    120_000,
  );
});
