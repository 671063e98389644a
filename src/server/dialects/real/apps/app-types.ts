import type { Tree, TreeObject } from "../wire/tree.ts";

/** A type of app (llmstack-server.md 4.2). `id` is its row in the fixture; null where it works without one. */
export interface AppType {
  readonly id: number | null;
  readonly slug: string;
  readonly name: string;
  /** Fields of `config` and their defaults: served as a schema, never enforced. */
  readonly config: TreeObject;
}

const CHAT = {
  input_template: "",
  welcome_message: "",
  assistant_image: "",
  window_color: "#477195",
  chat_bubble_text: null,
  chat_bubble_style: null,
  suggested_messages: [],
  layout: null,
  init_on_load: null,
};

/** Those with a row: the only ones up to v0.2.5. */
export const APP_TYPE_ROWS: readonly AppType[] = [
  { id: 1, slug: "web", name: "Web App", config: page({ allowed_sites: [] }) },
  { id: 2, slug: "text-chat", name: "Chat Bot", config: CHAT },
  {
    id: 3,
    slug: "agent",
    name: "Agent",
    config: {
      ...CHAT,
      provider: "openai",
      model: "gpt-4o-mini",
      stream: null,
      user_message: "",
      system_message: "You are a helpful assistant.",
      max_steps: 10,
      chat_history_limit: 0,
      temperature: 0.7,
    },
  },
];

/** v0.2.6 also knows these, by their slug alone. */
export const APP_TYPES: readonly AppType[] = [
  ...APP_TYPE_ROWS,
  { id: null, slug: "workflow", name: "Workflow", config: page({ renderer_settings: { renderer_slug: "web" } }) },
  {
    id: null,
    slug: "voice-agent",
    name: "Voice Agent",
    config: {
      system_message: "You are a helpful assistant.",
      max_steps: 10,
      backend: { backend_type: "multi_modal", provider: "openai", model: "gpt-4o-realtime", voice: "alloy" },
      input_audio_format: "pcm16",
      output_audio_format: "pcm16",
    },
  },
  { id: null, slug: "slack", name: "Slack", config: {} },
  { id: null, slug: "discord", name: "Discord", config: {} },
  { id: null, slug: "twilio", name: "Twilio", config: {} },
  { id: null, slug: "twilio-sms", name: "Twilio SMS", config: {} },
];

/** What a voice agent asks for whatever its POST says (llmstack-server.md 2.3). */
export const VOICE_AGENT_INPUT: Tree = [
  {
    name: "task",
    type: "multi",
    stream: true,
    required: true,
    description: "What to do.",
    placeholder: "Your message",
  },
];

/** A type as the API answers it: its schema is part of every app (2.4). From v0.2.6 on its number is not [S]. */
export function serializeType({ id, slug, name, config }: AppType, number: "told" | "untold"): Tree {
  const properties = Object.fromEntries(
    Object.entries(config).map(([field, value]) => [field, { title: field, default: value }]),
  );
  return {
    ...(number === "told" && { id }),
    slug,
    name,
    description: "",
    config_schema: { type: "object", title: name, properties },
    config_ui_schema: Object.fromEntries(
      Object.keys(config).map((field) => [field, { "ui:label": field, "ui:advanced": false }]),
    ),
  };
}

function page(more: TreeObject): TreeObject {
  return { input_template: "", layout: null, init_on_load: null, ...more };
}
