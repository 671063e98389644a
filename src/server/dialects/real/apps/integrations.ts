import { isArray } from "../../../../model/json.ts";
import { crash } from "../wire/answers.ts";
import { isTreeObject, isTruthy, parseTree, type Tree, type TreeObject, writeTree } from "../wire/tree.ts";

interface Member {
  readonly default: Tree;
  readonly accepts: (value: Tree) => boolean;
}

const text = (value: Tree): boolean => typeof value === "string";
const TEXT: Member = { default: "", accepts: text };
const OPTIONAL_TEXT: Member = { default: null, accepts: (value) => value === null || text(value) };
const FLAG: Member = { default: false, accepts: (value) => typeof value === "boolean" };
const LIST: Member = { default: [], accepts: (value) => isArray(value) };
const TEXTS: Member = { default: [], accepts: (value) => isArray<Tree>(value) && value.every(text) };

/** The members of each integration; others are dropped, missing ones get their default (llmstack-server.md 3.1). */
const INTEGRATIONS: Readonly<Record<string, Readonly<Record<string, Member>>>> = {
  web_config: { allowed_sites: LIST, domain: OPTIONAL_TEXT },
  slack_config: { app_id: TEXT, bot_token: TEXT, verification_token: TEXT, signing_secret: TEXT },
  discord_config: {
    app_id: TEXT,
    slash_command_name: TEXT,
    slash_command_description: TEXT,
    bot_token: TEXT,
    public_key: TEXT,
    slash_command_id: OPTIONAL_TEXT,
  },
  twilio_config: {
    account_sid: TEXT,
    auth_token: TEXT,
    phone_numbers: TEXTS,
    auto_create_sms_webhook: FLAG,
    auto_create_voice_webhook: FLAG,
  },
};

export const INTEGRATION_KEYS: readonly string[] = Object.keys(INTEGRATIONS);

/**
 * The integrations that a body sets; falsy ones are kept as they are, so that nothing clears one. Throws Answered 500
 * for a member of a wrong type (2.3, 2.5).
 */
export function readIntegrations(body: TreeObject): Readonly<Record<string, string>> {
  const set: Record<string, string> = {};
  for (const [key, known] of Object.entries(INTEGRATIONS)) {
    const given = body[key];
    if (given !== undefined && isTruthy(given)) set[key] = writeTree(readOne(given, known));
  }
  return set;
}

/** What writers are answered, in clear; null where nothing was ever set. */
export function integrationOf(integrations: Readonly<Record<string, string>>, key: string): Tree {
  const stored = integrations[key];
  return stored === undefined ? null : parseTree(stored);
}

function readOne(given: Tree, known: Readonly<Record<string, Member>>): TreeObject {
  if (!isTreeObject(given)) throw crash();
  return Object.fromEntries(
    Object.entries(known).map(([name, member]) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value === undefined) return [name, member.default];
      if (!member.accepts(value)) throw crash();
      return [name, value];
    }),
  );
}
