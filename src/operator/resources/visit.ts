import type { KubeObject } from "../../kube/kube-object.ts";
import type { ResourceType } from "../../kube/resource-type.ts";
import type { ReconcileContext } from "../controller.ts";
import type { Facts } from "../status/facts.ts";
import type { Settings } from "./settings.ts";

/** One resource while it is looked at. */
export interface Visit {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly settings: Settings;
  readonly facts: Facts;
  readonly context: ReconcileContext;
}
