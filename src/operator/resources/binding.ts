import { annotationOf } from "../../kube/kube-object.ts";
import type { Binding } from "../status/facts.ts";
import type { Visit } from "./visit.ts";

export const ACCEPT_SERVER = "llmstack.ai/accept-server";

/** Why nothing may be written yet: the resource was synced with another server before, and nobody agreed to this one. */
export function bindingProblem({ object, facts }: Pick<Visit, "object" | "facts">, now: Binding): string | undefined {
  const { server } = facts;
  if (server === undefined || isSameServer(server, now)) return undefined;
  if (annotationOf(object, ACCEPT_SERVER) === now.uid) return undefined;
  const what = whatChanged(server, now);
  return `It was synced with ${server.kind} ${server.name} (${server.url}) before, and ${what}. Annotate ${ACCEPT_SERVER}: ${now.uid} to have it made on this one; what is on the other one stays there.`;
}

export function isSameServer(left: Binding, right: Binding): boolean {
  return left.uid === right.uid && left.url === right.url && left.account === right.account;
}

function whatChanged(before: Binding, now: Binding): string {
  if (before.uid !== now.uid) return `now belongs on ${now.kind} ${now.name} (${now.url})`;
  if (before.url !== now.url) return `that one's url is ${now.url} now`;
  return `its token belongs to ${now.account ?? "an account that the server does not tell"} now, not to ${before.account ?? "one that it did not tell"}`;
}
