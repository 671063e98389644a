import type { JsonObject } from "../model/json.ts";
import type { EntryFate } from "./faults/faults.ts";
import type { Countdown } from "./countdown.ts";
import type { RefusalReason } from "./refusal.ts";
import type { Store } from "./store/store.ts";

/** One family of servers as this one plays it: a table of routes and a way to say no. */
export interface Dialect {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly routes: readonly Route[];
  /** Named JSON Schemas that the routes refer to, for the OpenAPI document. */
  readonly schemas: JsonObject;
  refuse(reason: RefusalReason): Response;
}

export type MediaType = "application/json" | "application/yaml";

/** One operation. The table of these is what is mounted and what the OpenAPI document says. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** As OpenAPI writes it: `/api/apps/{uuid}`. */
  readonly path: string;
  /** Unique, for clients that are generated from the document. */
  readonly operation: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: "token" | "open";
  /** Absent: a body is not read. */
  readonly body?: { readonly schema: string; readonly consumes: readonly MediaType[] };
  readonly answers: readonly RouteAnswer[];
  answer(call: Call): Response | Promise<Response>;
}

export interface RouteAnswer {
  readonly status: number;
  readonly description: string;
  /** Media type to schema; absent for an answer without a body. */
  readonly content?: JsonObject;
}

/** One request on its way through a route, with what its answer may need. */
export interface Call {
  /** The part of the path in those braces, decoded. */
  parameter(name: string): string;
  readonly body: JsonObject;
  readonly store: Store;
  /** Now, in ISO 8601 with microseconds; never the same twice. */
  stamp(): string;
  uuid(): string;
  /** What a fault wants of the entries that this request makes. */
  readonly fate: EntryFate | undefined;
  readonly processing: Countdown;
}
