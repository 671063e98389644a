import type { Json } from "../model/json.ts";

/** An answer whose JSON text is at hand, so that nothing is serialised twice. */
export function jsonText(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { status, headers: { "content-type": "application/json", ...headers } });
}

export function json(status: number, value: Json, headers: Readonly<Record<string, string>> = {}): Response {
  return jsonText(status, JSON.stringify(value), headers);
}

/** A page as proxies and web frameworks answer it. */
export function html(status: number, title: string, headers: Readonly<Record<string, string>> = {}): Response {
  const page = `<!doctype html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return new Response(page, { status, headers: { "content-type": "text/html; charset=utf-8", ...headers } });
}

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers });
}

/** A JSON array of values that are JSON text already. */
export function jsonList(texts: readonly string[]): string {
  return `[${texts.join(",")}]`;
}
