import { isObject } from "../../../model/json.ts";
import type { Http } from "../../http.ts";

/** Who a token belongs to; empty where the server does not tell (llmstack-server.md 1.6). */
export async function readAccount(http: Http, signal: AbortSignal): Promise<string> {
  const { body } = await http.look("/api/me", signal);
  const user = isObject(body) ? body["user"] : undefined;
  return typeof user === "string" ? user : "";
}
