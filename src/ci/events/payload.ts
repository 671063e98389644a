import { SyncError } from "../../model/errors.ts";
import { isArray, isObject } from "../../model/json.ts";

/** A value of an event's document, looked into without trusting its shape. */
export class Payload {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** What stands at a path of keys; nothing anywhere on the way gives an empty payload. */
  at(...keys: readonly string[]): Payload {
    return new Payload(
      keys.reduce<unknown>(
        (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
        this.#value,
      ),
    );
  }

  get isPresent(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }

  /** Undefined for what is no text or empty: CI systems write "" for what they do not have. */
  text(): string | undefined {
    return typeof this.#value === "string" && this.#value !== "" ? this.#value : undefined;
  }

  number(): number | undefined {
    const value =
      typeof this.#value === "string" && /^\d{1,12}$/u.test(this.#value) ? Number(this.#value) : this.#value;
    return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
  }

  /** The items of a list; none for anything else. */
  list(): readonly Payload[] {
    return isArray<unknown>(this.#value) ? this.#value.map((item) => new Payload(item)) : [];
  }

  /** The texts and numbers of a map, as texts. */
  texts(): Readonly<Record<string, string>> {
    if (!isObject(this.#value)) return {};
    const pairs = Object.entries(this.#value).flatMap(([key, value]) =>
      typeof value === "string" || typeof value === "number" ? [[key, String(value)] as const] : [],
    );
    return Object.fromEntries(pairs);
  }

  isTrue(): boolean {
    return this.#value === true;
  }

  /** A full commit id. Throws SyncError where there is none: nothing may be read in its place. */
  commit(what: string): string {
    const id = this.commitOrNone();
    if (id === undefined) throw new SyncError("usage", `the event does not tell ${what}`);
    return id;
  }

  commitOrNone(): string | undefined {
    const text = this.text();
    return text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(text) && !/^0+$/u.test(text)
      ? text
      : undefined;
  }
}

/** The branch of `refs/heads/NAME`; undefined for any other ref. */
export function branchOf(ref: string | undefined): string | undefined {
  return ref?.startsWith("refs/heads/") === true ? ref.slice("refs/heads/".length) : undefined;
}
