import type { JsonObject } from "../model/json.ts";
import type { Note } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { FoundDirective } from "./find-directives.ts";
import type { KubernetesValues } from "./kubernetes-values.ts";
import type { WantedFile } from "./loaded-files.ts";
import type { Site } from "./site.ts";

/** One document that is ours, in the form of a custom resource whatever form it was written in. */
export interface Manifest {
  readonly key: ResourceKey;
  readonly kind: string;
  /** metadata.name. */
  readonly name: string;
  readonly namespace: string | undefined;
  readonly body: JsonObject;
  readonly spec: JsonObject;
  readonly site: Site;
  readonly directives: readonly FoundDirective[];
  /** Some key in its document starts with `$`: there are directives or escaped keys to resolve. */
  readonly hasDollarKey: boolean;
  /** False where a problem was found already: it counts as a target of references, and is never applied. */
  readonly isSound: boolean;
  /** `resource` files can go to a cluster as they are. */
  readonly form: "resource" | "llmstack";
  /** About how long it is as JSON: never less than a sixth of the truth. */
  readonly weight: number;
}

/** Everything that the files of a run say, before any other file was read. */
export interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly values: readonly KubernetesValues[];
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  /** What the manifests ask for beside themselves, each once. */
  readonly wanted: readonly WantedFile[];
  /** Some document could not be understood, so what seems to be missing may only be broken. */
  readonly isPartial: boolean;
}
