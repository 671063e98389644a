import { type KubeObject, namespaceOf } from "../../kube/kube-object.ts";
import type { Cluster } from "../cluster.ts";

/** Which resource a live object is of, where several could mean it: the older one keeps it. */
export class Claims {
  readonly #cluster: Cluster;
  /** What was synced here, until the caches know it. */
  readonly #claims = new Map<string, KubeObject>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  take(object: KubeObject, url: string, uuid: string): void {
    this.#claims.set(`${url} ${uuid}`, object);
  }

  forget(object: KubeObject): void {
    for (const [key, claimant] of this.#claims) {
      if (claimant.metadata.uid === object.metadata.uid) this.#claims.delete(key);
    }
  }

  /** In words, why it is not this resource's; undefined where it is. */
  claimedBy(object: KubeObject, url: string, uuid: string): string | undefined {
    const own = this.#claims.get(`${url} ${uuid}`);
    const holders = [...this.#cluster.ownersOf(url, uuid), ...(own === undefined ? [] : [own])];
    const others = holders.filter(({ metadata }) => metadata.uid !== object.metadata.uid);
    const isHeld = others.length < holders.length;
    const older = others.find((other) => isOlder(other, object) || (!isHeld && isAsOld(other, object)));
    if (older === undefined) return undefined;
    return `The live object (${uuid}) belongs to ${older.kind} ${namespaceOf(older)}/${older.metadata.name}, which is older.`;
  }
}

function isOlder(left: KubeObject, right: KubeObject): boolean {
  return isAsOld(left, right) ? left.metadata.uid < right.metadata.uid : createdAt(left) < createdAt(right);
}

/** Times are whole seconds. */
function isAsOld(left: KubeObject, right: KubeObject): boolean {
  return createdAt(left) === createdAt(right);
}

function createdAt({ metadata }: KubeObject): string {
  const { creationTimestamp } = metadata;
  return typeof creationTimestamp === "string" ? creationTimestamp : "";
}
