import { bare, ok } from "../wire/answers.ts";
import { given, needed } from "../wire/python.ts";
import { FORM_TYPE, JSON_TYPE, MULTIPART_TYPE } from "../wire/read-tree.ts";
import type { Action, RealCall, RealRoute, View } from "../wire/view.ts";
import { findApp } from "./app-row.ts";
import { newestLiveOf, versionsOf } from "./version-row.ts";

/** Where Slack, Discord and Twilio post to. Nothing is run for them here: they get the answers of apps without settings. */
export const WEBHOOKS: readonly RealRoute[] = [
  webhook("discord", "Discord", discord),
  webhook("slack", "Slack", slack),
  webhook("twiliosms", "Twilio SMS", twilioMessage),
  webhook("twiliovoice", "Twilio SMS", () => ok({ error: "Invalid Twilio configuration" }, 403)),
];

/** The same routes where they are of the class of apps, whose verbs leak there. */
export function webhooksOf(view: View, action: Action): readonly RealRoute[] {
  return WEBHOOKS.map(({ path }) => ({ path, view, actions: { POST: action } }));
}

function webhook(platform: string, name: string, answer: Action["answer"]): RealRoute {
  return {
    path: `/api/apps/<uid>/${platform}/run`,
    view: { name, parses: [JSON_TYPE, FORM_TYPE, MULTIPART_TYPE], methods: {} },
    actions: { POST: { needs: ["uid"], access: "open", answer } },
  };
}

async function discord(call: RealCall): Promise<Response> {
  const type = given(await call.body(), "type");
  return ok({ type: type === 1 ? 1 : 5 });
}

async function slack(call: RealCall): Promise<Response> {
  const body = await call.body();
  if (given(body, "type") === "url_verification") return ok({ challenge: needed(body, "challenge") });
  // Nothing here is ever signed by Slack.
  return ok({ error: "Invalid request" }, 403);
}

function twilioMessage(call: RealCall): Response {
  const live = newestLiveOf(versionsOf(call, findApp(call).uuid));
  return live === undefined ? ok({ error: "App data not found" }, 404) : bare(204);
}
