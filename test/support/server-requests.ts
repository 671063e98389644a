import { isObject } from "../../src/model/json.ts";
import { createServer, type ReferenceServer, type ServerOptions } from "../../src/server/create-server.ts";

/** A reference server in memory with a known token, and short ways to ask it things. */
export function startServer(options: Partial<ServerOptions> = {}): Api {
  return apiOf(createServer({ dialect: "doc", token: TOKEN, ...options }));
}

export const TOKEN = "0123456789abcdef0123456789abcdef01234567";

export interface Api {
  readonly server: ReferenceServer;
  /** A request with the token; a body that is no string is sent as JSON. */
  readonly send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; undefined where it is none. */
  readonly json: unknown;
  /** The uuid in it; empty where there is none. */
  readonly uuid: string;
}

export function apiOf(server: ReferenceServer): Api {
  return {
    server,
    send: async (method, path, body, headers = {}) => {
      const request = new Request(`http://llmstack.test${path}`, {
        method,
        headers: { authorization: `Token ${TOKEN}`, ...contentType(body), ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      return readAnswer(await server.handle(request));
    },
  };
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = parse(text);
  const uuid = isObject(json) && typeof json["uuid"] === "string" ? json["uuid"] : "";
  return { status: response.status, headers: response.headers, text, json, uuid };
}

export const NOBODY = "00000000-0000-4000-8000-000000000000";

/** A small app; `more` overrides its keys. */
export function anApp(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "Helper",
    type_slug: "text-chat",
    config: { welcome_message: "Hello" },
    output_template: { markdown: "{{_inputs1.answer}}" },
    processors: [
      {
        id: "_inputs1",
        provider_slug: "promptly",
        processor_slug: "text_chat",
        input: { question: "{{_inputs0.question}}" },
        config: { datasource: [] },
      },
    ],
    ...more,
  };
}

function contentType(body: unknown): Record<string, string> {
  return body === undefined ? {} : { "content-type": "application/json" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
