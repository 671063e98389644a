import type { Json, JsonObject } from "./json.ts";
import type { LiveResource } from "./live.ts";
import type { Pointer } from "./pointer.ts";
import type { ReferenceForm } from "./template.ts";

/** What one kind can do on one family of servers. Facts only, so that a plan can be explained from them. */
export interface KindCapabilities {
  /** Where our mark lives: kept and changeable, kept but fixed at creation, or nowhere. */
  readonly mark: "mutable" | "fixed" | "none";
  /** Places that a write cannot change after creation: a difference there is a replace. */
  readonly fixed: readonly Pointer[];
  /** Places the server has no notion of: a manifest that states one is held. `/publish` and `/entries` count too. */
  readonly unsupported: readonly Pointer[];
  /** Places that cannot be emptied once filled: such a difference is held as unclearable. */
  readonly unclearable: readonly Pointer[];
}

export interface Capabilities {
  readonly kinds: { readonly [kind: string]: KindCapabilities };
  readonly entryMark: "metadata" | "name-suffix";
  /** Drafts and versions exist: live may differ from what a list shows. */
  readonly versions: boolean;
}

/** The pure half of a dialect: what the plan asks. The wire half is a Client. */
export interface DialectRules {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** What a reference to `target` looks like on the wire. */
  formatReference(form: ReferenceForm, target: Pick<LiveResource, "uuid">): Json;
  /** The uuid that a value of that form names, or undefined when it names none. */
  parseReference(form: ReferenceForm, value: Json): string | undefined;
  /** True where a live value that no manifest declares is the server's own default, so no drift. */
  isServerDefault(kind: string, pointer: Pointer, value: Json, document: JsonObject): boolean;
}
