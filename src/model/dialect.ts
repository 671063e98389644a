import type { Json, JsonObject } from "./json.ts";
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
  /** Places that a write fails on when they are empty, whatever else it changes; absent: none. */
  readonly neededForUpdate?: readonly Pointer[];
}

export interface Capabilities {
  readonly kinds: { readonly [kind: string]: KindCapabilities };
  readonly entryMark: "metadata" | "name-suffix";
  /** Whether the metadata that a manifest gives an entry is kept by the server. */
  readonly entryMetadata: "kept" | "dropped";
  /** Drafts and versions exist: live may differ from what a list shows. */
  readonly versions: boolean;
  /** Each write of an app makes a version with a number of its own, so that references which name it go stale. */
  readonly mintsVersions: boolean;
  /** Connections exist, which manifests may refer to by name. */
  readonly connections: boolean;
}

/** What a reference is made from. Only `uuid` is needed for forms that name nothing else. */
export interface ReferenceTarget {
  readonly uuid: string;
  readonly publishedUuid?: string;
  /** Of what runs. */
  readonly version?: number;
  /** The callee's `input_fields`. */
  readonly inputFields?: Json;
}

/** The pure half of a dialect: what the plan asks. The wire half is a Client. */
export interface DialectRules {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** What a reference to `target` looks like on the wire. */
  formatReference(form: ReferenceForm, target: ReferenceTarget): Json;
  /** The uuid that a value of that form names, or undefined when it names none. */
  parseReference(form: ReferenceForm, value: Json): string | undefined;
  /** True where a live value that no manifest declares is the server's own default, so no drift. */
  isServerDefault(kind: string, pointer: Pointer, value: Json, document: JsonObject): boolean;
  /**
   * True where the server is known to make `got` of a `sent` value: an image becomes an address, a hidden setting
   * nothing. That is neither drift nor worth a report; what changed in the manifest is told by the mark.
   */
  isServerRewrite(kind: string, pointer: Pointer, values: RewrittenValues, document: JsonObject): boolean;
}

/** One place as it was declared and as the server has it; `got` is undefined where nothing stands there. */
export interface RewrittenValues {
  readonly sent: Json;
  readonly got: Json | undefined;
}
