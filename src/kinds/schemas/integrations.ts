import type { JsonObject } from "../../model/json.ts";
import { textOrDirective as text } from "./directives.ts";

/** A value that servers give back in clear to whoever may edit the app (llmstack-server.md 3.1). */
const secret = (what: string): JsonObject =>
  text(`${what} A secret: give it as { $secret: { name, key } } or { $env: NAME }, never in clear.`);

/** The settings of an app's integrations. Servers cannot clear them once they are set: leaving one out changes nothing. */
export const integrations: JsonObject = {
  web_config: {
    type: "object",
    description: "Where the app may be embedded. Left out: left as it is.",
    properties: {
      allowed_sites: {
        type: "array",
        items: { type: "string" },
        description: "Web sites that may embed the app. Default: none. Example: [https://example.com].",
      },
      domain: text("A domain of its own for the app."),
    },
  },
  slack_config: {
    type: "object",
    description: "The Slack integration. Left out: left as it is.",
    properties: {
      app_id: text("The id of the Slack app. Example: A0123456789."),
      bot_token: secret("The token of the Slack bot."),
      verification_token: secret("Slack's verification token."),
      signing_secret: secret("Slack's signing secret."),
    },
  },
  discord_config: {
    type: "object",
    description: "The Discord integration. Left out: left as it is. slash_command_id is filled in by the server.",
    properties: {
      app_id: text("The id of the Discord application."),
      bot_token: secret("The token of the Discord bot."),
      public_key: secret("The public key of the Discord application."),
      slash_command_name: text("The slash command that runs the app. Example: ask."),
      slash_command_description: text("What Discord shows beside the slash command."),
    },
  },
  twilio_config: {
    type: "object",
    description: "The Twilio integration. Left out: left as it is.",
    properties: {
      account_sid: text("The id of the Twilio account."),
      auth_token: secret("The token of the Twilio account."),
      phone_numbers: { type: "array", items: { type: "string" }, description: "Numbers that the app answers." },
    },
  },
};
