import { isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import { TOKEN } from "./server-requests.ts";

/** What a person does on an LLMStack server, and sees there. */
export interface ByHand {
  /** Names of what is listed. */
  names(collection: "apps" | "datasources"): Promise<readonly Json[]>;
  send(method: string, path: string, body?: JsonObject): Promise<Response>;
  /** As the editor does it: the mark stays. */
  tune(app: string, config: JsonObject): Promise<void>;
  configOf(app: string): Promise<JsonObject>;
}

export function byHand(url: string): ByHand {
  const send: ByHand["send"] = (method, path, body) =>
    fetch(`${url}/api/${path}`, {
      method,
      headers: { authorization: `Token ${TOKEN}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const configOf: ByHand["configOf"] = async (app) => {
    const answer = await (await send("GET", `apps/${app}`)).json();
    const data = isObject(answer) && isObject(answer["data"]) ? answer["data"] : {};
    return isObject(data["config"]) ? (data["config"] as JsonObject) : {};
  };
  return {
    send,
    configOf,
    names: async (collection) => {
      const list = (await (await send("GET", collection)).json()) as readonly JsonObject[];
      return list.map(({ name }) => name ?? null);
    },
    tune: async (app, config) => {
      await send("PATCH", `apps/${app}`, { config: { ...(await configOf(app)), ...config } });
    },
  };
}
