import type { Row } from "../../../support/sweep.ts";
import { anApp } from "../../../support/server-requests.ts";

/** A row of the first version is there by then, and the answer is 500 all the same (llmstack-server.md 2.3). */
const POISON = "500 html";
const UNKNOWN_TYPE = { versioned: "500 html", rest: "404 detail" };
const NEWER_TYPE = { versioned: "201 app", rest: "404 detail" };

const created = (body: unknown, expected: Row[1] = "201 app"): Row => ["POST /api/apps", expected, body];

/** Bodies of POST /api/apps, field by field (2.2, 2.3). */
export const APP_BODY_ROWS: readonly Row[] = [
  created(anApp()),
  created(anApp({ draft: false })),
  created(anApp({ draft: false, is_published: true, visibility: 0 })),
  created(anApp({ is_published: true })),
  created(anApp({ whatever: { slug: 1 }, slug: "s", categories: [], version: "0.0.1", uuid: "x" })),
  created({ name: "Bare", type_slug: "web" }),
  created({}, UNKNOWN_TYPE),
  created({ type_slug: "web" }, "500 html"),
  created("", UNKNOWN_TYPE),
  created("{", "400 detail"),
  created('{"name": NaN}', "400 detail"),
  created('{"name": Infinity}', "400 detail"),
  created("[]", UNKNOWN_TYPE),
  created('"text"', "500 html"),

  created(anApp({ name: null }), "500 html"),
  created(anApp({ name: "" })),
  created(anApp({ name: 7 })),
  created(anApp({ name: "😀".repeat(100) })),
  created(anApp({ name: "x".repeat(100) })),
  created(anApp({ name: "x".repeat(101) }), "500 html"),

  created(anApp({ type_slug: "none" }), UNKNOWN_TYPE),
  created(anApp({ type_slug: null }), UNKNOWN_TYPE),
  created(anApp({ type_slug: undefined }), UNKNOWN_TYPE),
  created(anApp({ type_slug: "web" })),
  created(anApp({ type_slug: "agent" })),
  created(anApp({ type_slug: "workflow" }), NEWER_TYPE),
  created(anApp({ type_slug: "voice-agent" }), NEWER_TYPE),
  created(anApp({ app_type: 99 }), "404 detail"),
  created(anApp({ app_type: 3, type_slug: "none" })),

  created(anApp({ description: null }), "500 html"),
  created(anApp({ description: "" })),
  created(anApp({ icon: null })),
  created(anApp({ icon: "" })),
  created(anApp({ icon: "https://example.org/i.png" })),
  created(anApp({ icon: "data:image/png;name=i.png;base64,AAAA" })),
  created(anApp({ icon: "data:image/png;base64,AAAA" }), {
    versioned: POISON,
    pipeline: POISON,
    rest: "201 app",
  }),
  created(anApp({ icon: 7 }), { versioned: POISON, pipeline: POISON, rest: "201 app" }),

  created(anApp({ config: null }), { "v0.0.28": "201 app", "v0.0.25": "201 app", rest: POISON }),
  created(anApp({ config: [1, "a"] })),
  created(anApp({ config: "text" })),
  created(anApp({ config: { assistant_image: null } })),
  created(anApp({ config: { assistant_image: "https://example.org/i.png" } })),
  created(anApp({ config: { assistant_image: "data:image/png;base64,AAAA" } }), {
    "v0.0.28": "201 app",
    "v0.0.25": "201 app",
    rest: POISON,
  }),
  created(anApp({ comment: null }), POISON),
  created(anApp({ draft: null }), POISON),
  created(anApp({ draft: "false" }), POISON),
  created(anApp({ config: { text: "\0" } }), POISON),
  created(JSON.stringify(anApp()).replace('"Hello"', String.raw`"\ud800"`), POISON),
  created(JSON.stringify(anApp()).replace('"Hello"', "1e400"), POISON),
  created(JSON.stringify(anApp()).replace('"Hello"', "18446744073709551616"), POISON),
  created(JSON.stringify(anApp()).replace('"Hello"', "18446744073709551615")),

  created(anApp({ input_fields: "anything", output_template: 1 })),
  created(anApp({ input_fields: null, output_template: null })),
  created(anApp({ processors: [] })),
  created(anApp({ processors: null })),
  created(anApp({ processors: [null] })),
  created(anApp({ processors: [1] })),
  created(anApp({ processors: ["text"] })),

  created(anApp({ web_config: { allowed_sites: ["https://example.org"], domain: null } })),
  created(anApp({ web_config: { allowed_sites: "x" } }), "500 html"),
  created(anApp({ slack_config: { bot_token: "t", unknown: 1 } })),
  created(anApp({ slack_config: { bot_token: 1 } }), "500 html"),
  created(anApp({ slack_config: [1] }), "500 html"),
  created(anApp({ discord_config: {} })),
  created(anApp({ twilio_config: null })),
  created(anApp({ template_slug: "website-chatbot" })),
  created(anApp({ template_slug: "none" })),
];
