import { createInformer } from "../../../src/kube/informer.ts";
import { loadKubeConfig } from "../../../src/kube/kube-config.ts";
import type { KubeObject } from "../../../src/kube/kube-object.ts";
import type { ResourceType } from "../../../src/kube/resource-type.ts";
import { createTransport } from "../../../src/kube/transport.ts";
import type { ControlPlane } from "./control-plane.ts";

/** Until it is so of all objects of a type in a namespace. They are watched: asking again and again would be a load of its own. */
export async function untilObjects(
  plane: ControlPlane,
  { type, namespace }: { readonly type: ResourceType; readonly namespace: string },
  isSo: (objects: readonly KubeObject[]) => boolean,
): Promise<void> {
  const loadConfig = (): ReturnType<typeof loadKubeConfig> =>
    loadKubeConfig({ file: plane.kubeconfigs.admin, env: {} });
  const transport = createTransport({ loadConfig, userAgent: "test" });
  const informer = createInformer(
    { type, namespaces: [namespace], content: "whole" },
    { transport, onProblem: () => undefined },
  );
  const done = Promise.withResolvers<void>();
  const look = (): void => {
    if (informer.hasSynced() && isSo(informer.list(namespace))) done.resolve();
  };
  informer.onChange(look);
  informer.start();
  await informer.synced(new AbortController().signal);
  look();
  await done.promise;
  await informer.stop();
  await transport.close();
}
