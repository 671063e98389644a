import type { RefusalReason } from "../../refusal.ts";
import { json } from "../../respond.ts";

/** How the documented API says no: always JSON, with the sentences of Django REST framework. */
export function refuse(reason: RefusalReason): Response {
  switch (reason.kind) {
    case "not-authenticated":
      return json(403, { detail: reason.detail });
    case "no-such-route":
    case "not-found":
      return json(404, { detail: "Not found." });
    case "wrong-method":
      return json(405, { detail: `Method "${reason.method}" not allowed.` }, { allow: reason.allowed.join(", ") });
    case "media-type":
      return json(415, { detail: `Unsupported media type "${reason.given}" in request.` });
    case "too-large":
      return json(413, { detail: `The request body is larger than ${reason.limit / (1024 * 1024)} MiB.` });
    case "unreadable":
      return json(400, { detail: reason.detail });
    case "invalid":
      break;
  }
  return json(400, reason.fields);
}
