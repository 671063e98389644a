import { readFile } from "node:fs/promises";
import type { JsonObject } from "../../src/model/json.ts";
import { type GitHttp, serveGit } from "./git-http.ts";
import { type Origin, type OriginFile, originWith } from "./git-origin.ts";
import { type Namespace, type OperatorWorld, secretDocument, type Seen } from "./operator-world.ts";

/** What the repository asks for; a canary, so that it is seen where it leaks. */
const CREDENTIALS = "reader:canary-git-7c1d";

/** A GitSync of a private repository in a namespace of its own, and what tests do to it. */
export interface Followed {
  readonly namespace: Namespace;
  readonly origin: Origin;
  readonly git: GitHttp;
  /** Commits, and has the operator look at once. */
  readonly push: (files: Files) => Promise<string>;
  readonly lookNow: () => Promise<void>;
  readonly until: (isSo: (seen: Seen) => boolean) => Promise<Seen>;
  readonly close: () => Promise<void>;
}

type Files = Readonly<Record<string, OriginFile>>;

/** Makes a namespace with a GitSync of a private repository that holds these files. */
export async function followRepository(
  world: OperatorWorld,

  name: string,
  files: Files,
  spec: JsonObject = {},
): Promise<Followed> {
  const origin = await originWith(files);
  const git = await serveGit(origin, { credentials: CREDENTIALS });
  const namespace = await world.namespace(name);
  const [username = "", password = ""] = CREDENTIALS.split(":");
  const authority = await readFile(git.caFile, "utf8");
  await namespace.apply(secretDocument("git", { username, password, "ca.crt": authority }));
  await namespace.apply({
    apiVersion: "llmstack.ai/v1alpha1",
    kind: "GitSync",
    metadata: { name: "bots" },
    spec: {
      git: { url: git.address, ref: { branch: "main" }, path: "prod", secretRef: { name: "git" } },
      ...spec,
    },
  });
  let requests = 0;
  const lookNow = async (): Promise<void> => {
    requests += 1;
    await namespace.annotate("GitSync/bots", "llmstack.ai/reconcile-requested-at", `${name} ${requests}`);
  };
  return {
    namespace,
    origin,
    git,
    lookNow,
    push: async (changed) => {
      const commit = await origin.commit(changed);
      await lookNow();
      return commit;
    },
    until: (isSo) => namespace.until("GitSync/bots", isSo),
    close: async () => {
      await git.close();
      await origin.remove();
    },
  };
}
