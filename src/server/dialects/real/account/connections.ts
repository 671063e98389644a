import { bare, ok } from "../wire/answers.ts";
import { given } from "../wire/python.ts";
import { isTreeObject, parseTree, type Tree, type TreeObject, writeTree } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";

const CONNECTIONS = "connections";

/** GET /api/connections: whole, with every secret in clear (llmstack-server.md 1.3, 4.6). */
export function listConnections(call: RealCall): Response {
  return ok(connectionsOf(call));
}

export function getConnection(call: RealCall): Response {
  const found = findConnection(call);
  return found === undefined ? bare(404) : ok(found);
}

/** Names may repeat. */
export async function createConnection(call: RealCall): Promise<Response> {
  const body = await call.body();
  const now = call.stamp();
  const id = call.uuid();
  const connection = {
    id,
    name: given(body, "name") ?? null,
    description: given(body, "description") ?? "",
    base_connection_type: given(body, "base_connection_type") ?? "browser_login",
    connection_type_slug: given(body, "connection_type_slug") ?? null,
    provider_slug: given(body, "provider_slug") ?? null,
    status: "Created",
    created_at: now,
    updated_at: now,
    configuration: given(body, "configuration") ?? null,
    created_by: null,
    _source_uuid: null,
  };
  const text = writeTree(connection);
  call.store.insert({ collection: CONNECTIONS, id, parent: call.user().username, text });
  return ok(connection);
}

export async function updateConnection(call: RealCall): Promise<Response> {
  const found = findConnection(call);
  if (found === undefined) return bare(404);
  const body = await call.body();
  const changed = {
    ...found,
    name: given(body, "name") ?? null,
    description: given(body, "description") ?? "",
    configuration: given(body, "configuration") ?? null,
    status: given(body, "status") ?? found["status"] ?? null,
    updated_at: call.stamp(),
  };
  call.store.replace(CONNECTIONS, call.parameter("uid") ?? "", writeTree(changed));
  return ok(changed);
}

export function deleteConnection(call: RealCall): Response {
  if (findConnection(call) === undefined) return bare(404);
  call.store.delete(CONNECTIONS, call.parameter("uid") ?? "");
  return bare(204);
}

/** Those that the account was made with, then those that were made since. */
function connectionsOf(call: RealCall): readonly Tree[] {
  const { username, connections } = call.user();
  return [...connections, ...call.store.list(CONNECTIONS, username).map(parseTree)];
}

function findConnection(call: RealCall): TreeObject | undefined {
  const found = connectionsOf(call).find(
    (connection) => isTreeObject(connection) && connection["id"] === call.parameter("uid"),
  );
  return isTreeObject(found) ? found : undefined;
}
