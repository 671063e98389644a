import type { Era } from "../era.ts";
import { listBackends, listProviders, getBackend } from "../processors/backends.ts";
import { ok } from "../wire/answers.ts";
import { given } from "../wire/python.ts";
import { FORM_TYPE, JSON_TYPE, MULTIPART_TYPE } from "../wire/read-tree.ts";
import type { TreeObject } from "../wire/tree.ts";
import type { Action, RealCall, RealRoute, View } from "../wire/view.ts";
import type { Account } from "./accounts.ts";
import { createConnection, deleteConnection, getConnection, listConnections, updateConnection } from "./connections.ts";
import type { Sessions } from "./sessions.ts";

const PARSES = [JSON_TYPE, FORM_TYPE, MULTIPART_TYPE];

const plainView = (name: string): View => ({ name, parses: PARSES, methods: {} });

const CONNECTIONS: View = {
  name: "Connections",
  parses: PARSES,
  methods: {
    GET: { needs: ["uid"], answer: getConnection },
    POST: { answer: createConnection },
    PATCH: { needs: ["uid"], answer: updateConnection },
    DELETE: { needs: ["uid"], answer: deleteConnection },
  },
};

/** Who is asked, what he may, and what his processors are (llmstack-server.md 1.4, 1.6, 4.6). */
export function accountRoutes(era: Era, sessions: Sessions): readonly RealRoute[] {
  return [
    route("/api/login", "Login", { POST: { access: "open", answer: (call) => login(call, sessions) } }),
    route("/api/me", "Current User", { GET: { answer: (call) => ok({ user: call.user().email }) } }),
    route("/api/profiles/me", "Profile", { GET: { answer: (call) => ok(profileOf(call.user())) } }),
    route("/api/profiles/me/flags", "Profile", { GET: { answer: (call) => ok(flagsOf(call.user())) } }),
    { path: "/api/connections", view: CONNECTIONS, actions: { GET: { answer: listConnections } } },
    { path: "/api/connections/<uid>", view: CONNECTIONS, actions: { GET: { needs: ["uid"], answer: getConnection } } },
    route("/api/apibackends", "Api Backend", { GET: { access: "open", answer: listBackends } }),
    route("/api/apibackends/<provider>/<slug>", "Api Backend", {
      GET: { access: "open", needs: ["provider", "slug"], answer: getBackend },
    }),
    route("/api/apiproviders", "Api Provider", { GET: { access: "open", answer: listProviders } }),
    ...later(era),
  ];
}

/** Routes that only tell releases apart (6.4). */
function later({ routes }: Era): readonly RealRoute[] {
  const list: Action = { answer: () => ok([]) };
  const store = route("/api/store/apps", "App Store", { GET: list });
  return [
    ...(routes.store === "none" ? [] : [routes.store === "fails" ? { ...store, describe: "fails" as const } : store]),
    ...(routes.sheets === "served" ? [route("/api/sheets", "Prompt Sheet", { GET: list })] : []),
  ];
}

function route(path: string, name: string, actions: RealRoute["actions"]): RealRoute {
  return { path, view: plainView(name), actions };
}

/** Opens a session; with its cookie every write needs a CSRF token (1.5). */
async function login(call: RealCall, sessions: Sessions): Promise<Response> {
  const body = await call.body();
  const [username, password] = ["username", "password"].map((key) => given(body, key));
  const found = call.accounts.find((account) => account.username === username && account.password === password);
  if (found === undefined) return ok("Invalid username or password", 400);
  const id = call.uuid().replaceAll("-", "");
  sessions.open(found, id);
  const answer = ok({ message: "Login successful" });
  answer.headers.append("set-cookie", `sessionid=${id}; HttpOnly; Path=/; SameSite=Lax`);
  answer.headers.append("set-cookie", `csrftoken=${id.slice(0, 32)}; Path=/; SameSite=Lax`);
  return answer;
}

/** The token is in it, and the keys of every provider would be (1.3). */
function profileOf({ username, email, token, organization }: Account): TreeObject {
  return { username, email, name: username, token, organization: organization ?? null, avatar: null, openai_key: null };
}

function flagsOf({ organization }: Account): TreeObject {
  return {
    CAN_PUBLISH_PUBLIC_APPS: true,
    CAN_PUBLISH_UNLISTED_APPS: true,
    CAN_PUBLISH_PRIVATE_APPS: true,
    CAN_PUBLISH_ORG_APPS: organization !== undefined,
    IS_ORGANIZATION_MEMBER: organization !== undefined,
  };
}
