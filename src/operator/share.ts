import type { KubeConfig } from "@kubernetes/client-node";
import { createHash } from "node:crypto";
import { ownNamespace } from "../kube/kube-config.ts";
import type { LogFields } from "./log.ts";

/** What one operator looks after; others may look after the rest. */
interface Share {
  /** Empty for all. */
  readonly namespaces: readonly string[];
  readonly selector?: string;
}

export const NAME = "llmstack-sync";

/** Operators of different shares stand beside each other; replicas of one share stand by for each other. */
export function leaseName(namespaces: readonly string[], selector: string | undefined): string {
  if (namespaces.length === 0 && selector === undefined) return NAME;
  const share = JSON.stringify([namespaces.toSorted(), selector ?? ""]);
  return `${NAME}-${createHash("sha256").update(share).digest("hex").slice(0, 10)}`;
}

/** Which cluster it is, and which share of it, for the first line of a log. */
export function whereabouts(
  config: KubeConfig,
  { namespaces, selector, leases }: Share & { readonly leases: { readonly namespace?: string } | undefined },
): LogFields {
  return {
    apiServer: config.getCurrentCluster()?.server ?? "",
    namespaces: namespaces.length === 0 ? "all" : namespaces.join(", "),
    ...(selector !== undefined && { selector }),
    ...(leases !== undefined && {
      lease: `${leases.namespace ?? ownNamespace(config)}/${leaseName(namespaces, selector)}`,
    }),
  };
}
