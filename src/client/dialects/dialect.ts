import type { DialectRules } from "../../model/dialect.ts";
import type { Client, ServerInfo } from "../client.ts";
import type { Http } from "../http.ts";

/** What a dialect makes; the rest of a Client is the same for all. */
export type DialectClient = Omit<Client, "requestCount">;

/** One family of servers: a folder of facts (`rules`) and wire mapping (`open`). */
export interface Dialect {
  readonly name: string;
  /** The servers it is for, in words. */
  readonly servers: string;
  readonly rules: DialectRules;
  /** May ask the server who the token belongs to; reads only. */
  open(http: Http, server: ServerInfo, signal: AbortSignal): Promise<DialectClient>;
}
