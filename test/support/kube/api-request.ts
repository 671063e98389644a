import { readFile } from "node:fs/promises";
import { Agent, request } from "undici";
import { isObject } from "../../../src/model/json.ts";
import { type KubeUser, USERS } from "./credentials.ts";

export interface ApiAnswer {
  readonly code: number;
  /** The object that was asked for, or the Status that says why not. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What a Status says; empty otherwise. */
  readonly message: string;
}

export interface ApiRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: object;
  readonly user?: KubeUser;
  readonly contentType?: string;
}

/** Asks an API server something itself, which is far quicker than kubectl. */
export type AskApi = (path: string, options?: ApiRequest) => Promise<ApiAnswer>;

export function askApi(url: string, caFile: string): AskApi {
  let agent: Agent | undefined;
  return async (path, { method = "GET", body, user = "admin", contentType = "application/json" } = {}) => {
    agent ??= new Agent({ connect: { ca: await readFile(caFile, "utf8") } });
    const answer = await request(url + path, {
      method,
      dispatcher: agent,
      headers: { authorization: `Bearer ${USERS[user].token}`, "content-type": contentType },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json: unknown = await answer.body.json();
    const object = isObject(json) ? json : {};
    const { message } = object;
    return { code: answer.statusCode, body: object, message: typeof message === "string" ? message : "" };
  };
}
