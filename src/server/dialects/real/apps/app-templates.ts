import type { Tree } from "../wire/tree.ts";

/** Slugs of templates that releases ship (llmstack-server.md 7); what is in them is ours. */
const TEMPLATES = [
  "ai-sdr",
  "character-chatbot",
  "chatbot-with-internet",
  "language-translator",
  "voice-answers",
  "voice-chat",
  "website-chatbot",
] as const;

/** Every template in short. */
export function listTemplates(): Tree {
  return TEMPLATES.map((slug) => ({ ...about(slug), app: { type_slug: "text-chat" } }));
}

/** One whole template; null for a name that none has, which is answered 200 without a body (2.1). */
export function templateBySlug(slug: string | null | undefined): Tree {
  const found = TEMPLATES.find((name) => name === slug);
  if (found === undefined) return null;
  const app = {
    name: titleOf(found),
    slug: found,
    description: "",
    type_slug: "text-chat",
    config: {},
    input_fields: [],
    output_template: { markdown: "" },
    processors: [],
  };
  return { ...about(found), pages: [], app };
}

function about(slug: string): { readonly [key: string]: Tree } {
  return { name: titleOf(slug), description: "", slug, icon: "", category_slugs: [], provider_slug: "promptly" };
}

function titleOf(slug: string): string {
  return slug.replaceAll("-", " ");
}
