import type { KubeObject } from "../../kube/kube-object.ts";
import { namespaceOf } from "../../kube/kube-object.ts";
import type { Verdict } from "../status/verdict.ts";
import type { ServerConnection } from "./server-connection.ts";

/** How a server stands at this moment, in this process. */
export type ServerState =
  /** Nobody has asked it yet. */
  | { readonly is: "unknown"; readonly last?: ServerConnection }
  | { readonly is: "ready"; readonly connection: ServerConnection; readonly last?: ServerConnection }
  /** It does not answer, or not to us: nobody else need try. `last` is how it was spoken to before. */
  | { readonly is: "broken"; readonly verdict: Verdict; readonly last?: ServerConnection };

/** The circuit breakers: one server's trouble is found out once, and nobody asks it before it is back. */
export class ServerRegistry {
  readonly #states = new Map<string, ServerState>();
  readonly #listeners: ((server: KubeObject, state: ServerState) => void)[] = [];

  stateOf(server: KubeObject): ServerState {
    return this.#states.get(keyOf(server)) ?? { is: "unknown" };
  }

  /** Keeps the connection that there was where nothing about it has changed: others may be in the middle of it. */
  ready(server: KubeObject, connection: ServerConnection): void {
    const { last } = this.stateOf(server);
    const kept = last?.fingerprint === connection.fingerprint ? last : connection;
    this.#set(server, { is: "ready", connection: kept, last: kept });
  }

  broken(server: KubeObject, verdict: Verdict): void {
    const { last } = this.stateOf(server);
    this.#set(server, { is: "broken", verdict, ...(last !== undefined && { last }) });
  }

  forget(server: KubeObject): void {
    this.#states.delete(keyOf(server));
  }

  /** Told of every change of a state, not of what stays as it is. */
  onChange(listener: (server: KubeObject, state: ServerState) => void): void {
    this.#listeners.push(listener);
  }

  #set(server: KubeObject, state: ServerState): void {
    const before = this.stateOf(server);
    this.#states.set(keyOf(server), state);
    const isSame = before.is === state.is && before.last === state.last;
    if (!isSame) for (const listener of this.#listeners) listener(server, state);
  }
}

function keyOf(server: KubeObject): string {
  return `${server.kind}/${namespaceOf(server)}/${server.metadata.name}/${server.metadata.uid}`;
}
