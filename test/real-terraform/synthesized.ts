import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../environments";
import { routes } from "../../environments/routes";
import { checkEnvironment, type Environment } from "../../environments/schema";
import { defineRoutes } from "../../constructs/routes/route-table";
import { synthesize } from "../../stacks/synthesize";

/** A new folder; local state files stand in it, beside the synthesized directories. */
export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "portcullis-terraform-")));
}

/** Synthesizes one environment, or all of them, into a directory of the folder. */
export function synthesized(folder: string, environment?: string): string {
  const outdir = join(folder, "cdktf.out");
  synthesize(environments(environment), routes, { outdir });
  return outdir;
}

/** The environment `dev` with everything switched on that an environment file can switch on. */
export function synthesizedWithEveryOption(folder: string): string {
  const [dev] = environments("dev");
  const everything: Environment = {
    ...(dev as Environment),
    domain: {
      name: "api.dev.portcullis.example",
      certificateArn: "arn:aws:acm:eu-west-1:111111111111:certificate/12345678-1234-1234-1234-123456789012",
      mutualTls: {
        truststoreUri: "s3://portcullis-dev-truststore/clients.pem",
        truststoreVersion: "3sL4kqtJlcpXroDTDmJ",
      },
    },
    canary: { stable: "first", percent: 10 },
    usagePlans: [
      { name: "gold", throttle: { requestsPerSecond: 20, burst: 40 }, callsPerMonth: 100_000, holders: ["acme"] },
    ],
  };
  const checked = checkEnvironment("every option", everything);
  if ("problems" in checked) throw new Error(JSON.stringify(checked.problems));
  const metered = defineRoutes(
    routes.routes.map((route) => (route.path === "/orders" ? { ...route, metered: true } : route)),
  );
  const outdir = join(folder, "every-option.out");
  synthesize([checked.environment], metered, { outdir });
  return outdir;
}
