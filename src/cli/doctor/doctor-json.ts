import type { Client } from "../../client/client.ts";
import type { Capabilities } from "../../model/dialect.ts";
import type { JsonObject } from "../../model/json.ts";
import { SCHEMA_VERSION } from "../../report/json.ts";
import { given } from "../given.ts";
import { type Check, checkToJson } from "./check.ts";

/** The checks, with the facts that their words are made from. */
export function doctorToJson(checks: readonly Check[], client: Client | undefined): JsonObject {
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: "Doctor",
    ...(client !== undefined && { server: serverToJson(client) }),
    checks: checks.map(checkToJson),
  };
}

function serverToJson({ server, rules }: Client): JsonObject {
  const { kinds, ...capabilities } = rules.capabilities;
  const { url, dialect, recognisedBy, releases, account } = server;
  return {
    url,
    dialect,
    recognisedBy,
    ...given("releases", releases),
    ...given("account", account),
    capabilities: { ...capabilities, kinds: kindsToJson(kinds) },
  };
}

function kindsToJson(kinds: Capabilities["kinds"]): JsonObject {
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, { mark, fixed, unsupported, unclearable, neededForUpdate = [] }]) => [
      kind,
      {
        mark,
        fixed: [...fixed],
        unsupported: [...unsupported],
        unclearable: [...unclearable],
        neededForUpdate: [...neededForUpdate],
      },
    ]),
  );
}
