import type { Informer } from "../kube/informer.ts";
import { type KubeObject, namespaceOf } from "../kube/kube-object.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { ResourceKey } from "../model/resource.ts";
import { keyOf } from "./resources/closure.ts";
import { settingsOf } from "./resources/settings.ts";
import { usesOf } from "./resources/uses.ts";
import { type Resolution, resolveServer } from "./servers/resolve-server.ts";
import { factsIn } from "./status/facts.ts";
import { LastWritten } from "./status/status-writer.ts";

interface Informers {
  /** By kind. */
  readonly resources: ReadonlyMap<string, Informer>;
  readonly servers: Informer;
  readonly clusterServers: Informer;
}

/** The cluster as this process knows it: resources, servers, and who has to do with whom. */
export class Cluster {
  readonly informers: Informers;
  readonly written = new LastWritten();

  constructor(informers: Informers) {
    this.informers = informers;
    for (const informer of informers.resources.values()) {
      informer.addIndex("uses", (object) => usesOf(object).resources.map((key) => `${namespaceOf(object)}/${key}`));
      informer.addIndex("values", (object) =>
        usesOf(object).values.map(({ kind, name }) => valueKey(kind, namespaceOf(object), name)),
      );
      informer.addIndex("live", (object) => {
        const { uuid, server } = factsIn(object["status"]);
        return uuid === undefined || server === undefined ? [] : [liveKey(server.url, uuid)];
      });
    }
  }

  get(kind: string, namespace: string, name: string): KubeObject | undefined {
    const cached = this.informers.resources.get(kind)?.get(namespace, name);
    return cached === undefined ? undefined : this.written.of(cached);
  }

  find(namespace: string, key: ResourceKey): KubeObject | undefined {
    const slash = key.indexOf("/");
    return this.get(key.slice(0, slash), namespace, key.slice(slash + 1));
  }

  all(): readonly KubeObject[] {
    return [...this.informers.resources.values()].flatMap((informer) => informer.list());
  }

  serverOf(object: KubeObject): Resolution {
    const { servers, clusterServers } = this.informers;
    return resolveServer(namespaceOf(object), settingsOf(specOf(object)).serverRef, {
      server: (namespace, name) => servers.get(namespace, name),
      clusterServer: (name) => clusterServers.get("", name),
    });
  }

  /** Resources that belong on a server now, or are bound to it. */
  usersOf({ kind, metadata }: KubeObject): readonly KubeObject[] {
    return this.all().filter((object) => {
      if (factsIn(this.written.of(object)["status"]).server?.uid === metadata.uid) return true;
      const { server } = this.serverOf(object);
      return server?.kind === kind && server.metadata.uid === metadata.uid;
    });
  }

  dependentsOf(object: KubeObject): readonly KubeObject[] {
    return this.#byIndex("uses", `${namespaceOf(object)}/${keyOf(object)}`);
  }

  /** What it refers to. */
  neededBy(object: KubeObject): readonly KubeObject[] {
    return usesOf(object).resources.flatMap((key) => this.find(namespaceOf(object), key) ?? []);
  }

  usersOfValue(kind: string, namespace: string, name: string): readonly KubeObject[] {
    return this.#byIndex("values", valueKey(kind, namespace, name));
  }

  /** Resources whose status names this live object as theirs. */
  ownersOf(url: string, uuid: string): readonly KubeObject[] {
    return this.#byIndex("live", liveKey(url, uuid));
  }

  #byIndex(name: string, value: string): readonly KubeObject[] {
    return [...this.informers.resources.values()].flatMap((informer) => informer.byIndex(name, value));
  }
}

export function specOf({ spec }: KubeObject): JsonObject {
  return isJsonObject(spec) ? spec : {};
}

function valueKey(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

function liveKey(url: string, uuid: string): string {
  return `${url} ${uuid}`;
}
