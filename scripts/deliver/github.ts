import { unzipSync } from "fflate";
import { InputError } from "../../proof/errors";
import { DeliveryFailure } from "./failure";

interface Written {
  readonly body?: string | null;
  readonly user?: { readonly login: string } | null;
}
interface Comment extends Written {
  readonly id: number;
}
interface Issue extends Written {
  readonly number: number;
  readonly pull_request?: unknown;
}

/** Who writes with the token of a job. */
const OWN_LOGIN = "github-actions[bot]";

/** Anybody can write the marker, and whoever wrote a comment or an issue can change afterwards what it says. */
function isOwn({ body, user }: Written, marker: string): boolean {
  return user?.login === OWN_LOGIN && body?.includes(marker) === true;
}

/** The few things the pipeline asks of GitHub. https://docs.github.com/rest */
export class GitHub {
  readonly #api: string;
  readonly #token: string;

  /** Reads GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL, as GitHub Actions sets them. @throws InputError */
  constructor(env: NodeJS.ProcessEnv) {
    const missing = ["GITHUB_TOKEN", "GITHUB_REPOSITORY"].filter((name) => (env[name] ?? "") === "");
    if (missing.length > 0) {
      throw new InputError(missing.map((name) => ({ what: `${name} is not set.`, next: "GitHub Actions sets it." })));
    }
    this.#token = env["GITHUB_TOKEN"] ?? "";
    this.#api = `${env["GITHUB_API_URL"] ?? "https://api.github.com"}/repos/${env["GITHUB_REPOSITORY"]}`;
  }

  /** Rewrites the pipeline's own comment that holds the marker, or adds one. */
  async keepComment(pullRequest: number, marker: string, body: string): Promise<void> {
    const comments = await this.#all<Comment>(`/issues/${pullRequest}/comments`);
    const found = comments.find((comment) => isOwn(comment, marker));
    if (found === undefined) await this.#json("POST", `/issues/${pullRequest}/comments`, { body });
    else await this.#json("PATCH", `/issues/comments/${found.id}`, { body });
  }

  /** Rewrites the pipeline's own open issue that holds the marker, or opens one; closes it where `body` is undefined. */
  async keepIssue(marker: string, title: string, body: string | undefined): Promise<void> {
    const open = await this.#all<Issue>("/issues?state=open");
    const found = open.find((issue) => issue.pull_request === undefined && isOwn(issue, marker));
    if (body === undefined) {
      if (found !== undefined) {
        await this.#json("POST", `/issues/${found.number}/comments`, { body: "Everything is as configured again." });
        await this.#json("PATCH", `/issues/${found.number}`, { state: "closed", state_reason: "completed" });
      }
    } else if (found === undefined) await this.#json("POST", "/issues", { title, body });
    else await this.#json("PATCH", `/issues/${found.number}`, { title, body });
  }

  /**
   * The files of an artifact of the latest run of a workflow for the pull request that a commit came from.
   *
   * @returns undefined where the commit came from no pull request, or the run kept no such artifact
   */
  async artifactOfMerged(
    commit: string,
    workflow: string,
    artifact: string,
  ): Promise<Readonly<Record<string, Uint8Array>> | undefined> {
    type Pull = {
      readonly merge_commit_sha: string | null;
      readonly merged_at: string | null;
      readonly head: { readonly sha: string };
    };
    const pulls = await this.#json<readonly Pull[]>("GET", `/commits/${commit}/pulls`);
    const merged = pulls.find((pull) => pull.merged_at !== null && pull.merge_commit_sha === commit);
    if (merged === undefined) return undefined;
    const query = `head_sha=${merged.head.sha}&event=pull_request&status=completed&per_page=20`;
    const { workflow_runs } = await this.#json<{ workflow_runs: readonly { readonly id: number }[] }>(
      "GET",
      `/actions/workflows/${workflow}/runs?${query}`,
    );
    // Newest first: an earlier run may have planned against a main that has moved on since.
    const [latest] = workflow_runs;
    if (latest === undefined) return undefined;
    const { artifacts } = await this.#json<{
      artifacts: readonly { readonly id: number; readonly expired: boolean }[];
    }>("GET", `/actions/runs/${latest.id}/artifacts?name=${encodeURIComponent(artifact)}`);
    const kept = artifacts.find(({ expired }) => !expired);
    if (kept === undefined) return undefined;
    const answer = await this.#fetch("GET", `/actions/artifacts/${kept.id}/zip`);
    return unzipSync(new Uint8Array(await answer.arrayBuffer()));
  }

  async #all<T>(path: string): Promise<readonly T[]> {
    const found: T[] = [];
    for (let page = 1; ; page += 1) {
      const separator = path.includes("?") ? "&" : "?";
      const some = await this.#json<readonly T[]>("GET", `${path}${separator}per_page=100&page=${page}`);
      found.push(...some);
      if (some.length < 100) return found;
    }
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await (await this.#fetch(method, path, body)).json()) as T;
  }

  async #fetch(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await fetch(`${this.#api}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.#token}`,
        "x-github-api-version": "2022-11-28",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.ok) return answer;
    throw new DeliveryFailure({
      what: `GitHub answered ${answer.status} to ${method} ${path}: ${(await answer.text()).slice(0, 300)}`,
      next: answer.status === 403 ? "The job's permissions must allow it." : "Run the job again.",
    });
  }
}
