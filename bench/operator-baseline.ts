import pLimit from "p-limit";
import type { ResourceType } from "../src/kube/resource-type.ts";
import { isReady } from "../src/operator/status/conditions.ts";
import { FINALIZER } from "../src/operator/resources/finalizer.ts";
import { resourceTypes } from "../src/operator/resources/resource-kinds.ts";
import { appDocument, type OperatorWorld } from "../test/support/operator-world.ts";
import { TOKEN } from "../test/support/server-requests.ts";

const SIGNAL = new AbortController().signal;
/** More at a time is no faster: the API server is busy. */
const AT_ONCE = 20;

/**
 * The writes that nobody can do without, as fast as both sides take them, in milliseconds: the finalizer of each
 * resource, its app, its status. Nothing is read, compared, queued or watched. The status is the one that the operator
 * wrote for such an app, so it has been run before.
 */
export async function bareWrites(world: OperatorWorld, apps: number, parallelism: number): Promise<number> {
  const type = appType();
  const model = await world.kube.get(type, { namespace: "bench", name: "app-0" }, SIGNAL);
  if (!isReady(model?.["status"])) throw new Error("the operator has made nothing ready");
  const space = await world.namespace("bare");
  const toKube = pLimit(AT_ONCE);
  const names = [...Array(apps).keys()].map((index) => `bare-${index}`);
  await toKube.map(names, (name) => space.apply(appDocument(name)));
  const toServer = pLimit(parallelism);
  const start = performance.now();
  await Promise.all(
    names.map(async (name) => {
      const ops = [{ op: "add", path: "/metadata/finalizers", value: [FINALIZER] }] as const;
      const object = await toKube(() => world.kube.patchJson(type, { namespace: space.name, name }, ops, SIGNAL));
      await toServer(() => create(world.llmstackUrl, name));
      await toKube(() => world.kube.applyStatus(type, { ...object, status: model?.["status"] ?? {} }, SIGNAL));
    }),
  );
  return performance.now() - start;
}

function appType(): ResourceType {
  const type = resourceTypes.find(({ kind }) => kind === "App");
  if (type === undefined) throw new Error("there is no kind App");
  return type;
}

async function create(url: string, name: string): Promise<void> {
  const config = { welcome_message: "Hello", "x-llmstack-sync": "x".repeat(300) };
  const answer = await fetch(`${url}/api/apps`, {
    method: "POST",
    headers: { authorization: `Token ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ name, type_slug: "web", processors: [], config }),
  });
  await answer.arrayBuffer();
  if (answer.status !== 201) throw new Error(`POST answered ${answer.status}`);
}
