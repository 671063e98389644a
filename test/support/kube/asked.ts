import type { IncomingMessage, ServerResponse } from "node:http";

export interface Asked {
  readonly verb: "list" | "watch" | "get" | "create" | "update" | "patch" | "delete";
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers in place of the server. */
export type Misbehaviour = (asked: Asked, response: ServerResponse) => void;

export function askedOf({ method = "", url = "", headers }: IncomingMessage, body: string): Asked {
  const { pathname: path, searchParams: query } = new URL(url, "http://api");
  const isCollection = /^(?:\/api\/v1|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/[^/]+)?\/[^/]+$/u.test(path);
  const reads = query.get("watch") === "true" ? "watch" : isCollection ? "list" : "get";
  const writes: Readonly<Record<string, Asked["verb"]>> = {
    POST: "create",
    PUT: "update",
    PATCH: "patch",
    DELETE: "delete",
  };
  return { verb: writes[method] ?? reads, method, path, query, headers, body };
}

export function json(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** A refusal as the API server words it. */
export function status(response: ServerResponse, code: number, reason: string): void {
  json(response, code, {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code,
    reason,
    message: `it is ${reason}`,
  });
}
