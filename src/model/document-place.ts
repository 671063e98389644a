import type { KindSpec } from "./kind.ts";
import { pointer, type Pointer } from "./pointer.ts";

/** A place in the documents of one kind. Each is made once, so that thousands of documents that are alike share them. */
export class DocumentPlace {
  readonly isSecret: boolean;
  readonly #spec: KindSpec;
  readonly #path: Pointer;
  readonly #inside = new Map<string | number, DocumentPlace>();

  constructor(spec: KindSpec, path: Pointer) {
    this.#spec = spec;
    this.#path = path;
    this.isSecret = spec.isSecretPath(path);
  }

  /** The place of a member or an item. */
  in(segment: string | number): DocumentPlace {
    const known = this.#inside.get(segment);
    if (known !== undefined) return known;
    const place = new DocumentPlace(this.#spec, this.#path + pointer(segment));
    this.#inside.set(segment, place);
    return place;
  }
}

const roots = new WeakMap<KindSpec, DocumentPlace>();

/** The place of a whole document. */
export function rootPlace(spec: KindSpec): DocumentPlace {
  const known = roots.get(spec);
  if (known !== undefined) return known;
  const root = new DocumentPlace(spec, "");
  roots.set(spec, root);
  return root;
}
