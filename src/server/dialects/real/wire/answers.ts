import { empty, html, jsonText } from "../../../respond.ts";
import { type Tree, writeTree } from "./tree.ts";

/** Thrown where the real server answers something else than what its caller was computing. */
export class Answered extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(`answered ${response.status}`);
    this.name = "Answered";
    this.response = response;
  }
}

/** An unhandled Python error: 500 with a page, whatever was written by then stays (llmstack-server.md 0, 3). */
export function crash(): Answered {
  return new Answered(serverError());
}

export function serverError(): Response {
  return html(500, "Server Error (500)");
}

/** What every unknown path answers to a reader: the page of the web interface (llmstack-server.md 0, 5). */
export function spa(): Response {
  return html(200, "LLMStack (reference server)");
}

/** What every unknown path answers to a writer (llmstack-server.md 1.2). */
export function csrfPage(): Response {
  return html(403, "403 Forbidden: no CSRF cookie");
}

/** Wrong host, or a body over 25 MiB, or a path that climbs (llmstack-server.md 1.2). */
export function badRequestPage(): Response {
  return html(400, "Bad Request (400)");
}

export function proxyTooLarge(): Response {
  return html(413, "413 Request Entity Too Large");
}

export function ok(tree: Tree, status = 200): Response {
  return jsonText(status, writeTree(tree));
}

export function detail(status: number, text: string): Response {
  return ok({ detail: text }, status);
}

/** No such row, as Django REST framework 3.15 says it. */
export function noSuch(model: string): Answered {
  return new Answered(detail(404, `No ${model} matches the given query.`));
}

/** Without a body and so without a content type: no permission (403), or a hidden object (404). */
export function bare(status: number): Response {
  return empty(status);
}

/** An array or object of members in this order; jsonb order is not of the answer's own keys. */
export function members(pairs: readonly (readonly [string, Tree])[]): string {
  return `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${writeTree(value)}`).join(",")}}`;
}
