import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BUYER, EXTERNAL_ID, PARTNER, project, REGION } from "./project";
import { hasClient, itWith, Served } from "./served";

const run = promisify(execFile);
const thereIs = hasClient("botocore", ["python3", "-c", "import botocore"], "pip install botocore");
const itRuns = itWith(thereIs, "no botocore");

let served: Served;
beforeAll(async () => {
  const { directory, callersFile } = project();
  served = await Served.start(directory, "--callers", callersFile);
}, 60_000);
afterAll(() => served.stop());

const call = async (path: string, externalId = EXTERNAL_ID) => {
  const args = [served.url, PARTNER, externalId, served.url + path, REGION];
  const { stdout } = await run("python3", [join(__dirname, "call.py"), ...args], {
    env: {
      PATH: process.env["PATH"],
      HOME: tmpdir(),
      AWS_ACCESS_KEY_ID: BUYER.accessKeyId,
      AWS_SECRET_ACCESS_KEY: BUYER.secretAccessKey,
    },
  });
  return JSON.parse(stdout) as { status: number; body: unknown };
};

describe("botocore", () => {
  itRuns(
    "assumes a role and calls the route that its policy names, also with a query and an encoded space",
    async () => {
      expect(await call("/live/signed?b=2&a=x%20y&a=")).toMatchObject({
        status: 200,
        body: { identity: { userArn: "arn:aws:sts::111111111111:assumed-role/partner/botocore" } },
      });
    },
  );

  itRuns("is refused what its policy does not name, and what takes no signature, in AWS's words", async () => {
    const { status, body } = await call("/live/a");
    expect(status).toBe(401);
    expect(body).toEqual({ message: "Unauthorized" });
    expect(await call("/live/elsewhere")).toEqual({
      status: 403,
      body: {
        Message: expect.stringMatching(
          /^User: arn:aws:sts::111111111111:assumed-role\/partner\/botocore is not authorized to perform: execute-api:Invoke on resource: /,
        ) as string,
      },
    });
  });

  itRuns("raises AccessDenied where the external id is wrong", async () => {
    await expect(call("/live/signed", "guess")).rejects.toThrow(/AccessDenied.*AssumeRole/);
  });
});
