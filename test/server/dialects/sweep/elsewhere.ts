import type { Row } from "../../../support/sweep.ts";

/** Who asks, what the server is, and what is no route (llmstack-server.md 0, 1, 4.6, 6.4). */
export const OTHER_ROWS: readonly Row[] = [
  ["GET /api/me", "200 user"],
  ["GET /api/me as nobody", "403 detail"],
  ["GET /api/me as impostor", "403 detail"],
  ["GET /api/profiles/me/flags as nobody", "403 detail"],
  ["POST /api/login as nobody", "200 message", { username: "owner", password: "promptly" }],
  ["POST /api/login as nobody", "400 string", { username: "owner", password: "wrong" }],
  ["GET /api/connections", "200 []"],
  [
    "POST /api/connections",
    "200 connection",
    { name: "Mail", connection_type_slug: "basic", provider_slug: "promptly" },
  ],
  ["GET /api/apibackends as nobody", "200 [backend]"],
  ["GET /api/apibackends/promptly/text_chat as nobody", "200 backend"],
  ["GET /api/apiproviders as nobody", "200 [provider]"],

  ["GET /api/none", "200 html"],
  ["GET /api/none as nobody", "200 html"],
  ["HEAD /api/none", "200 html"],
  ["OPTIONS /api/none", "200 html"],
  ["POST /api/none", "403 html", {}],
  ["PUT /api/none", "403 html", {}],
  ["PATCH /api/none", "403 html", {}],
  ["DELETE /api/none", "403 html"],
  ["DELETE /api/none as impostor", "403 html"],
  ["GET /", "200 html"],
  ["GET /api/schema", "200 html"],
  ["GET /api/datasources/NONE/entries/NONE", "200 html"],
  ["GET /api/sheets", { versioned: "200 []", "v0.2.5": "200 []", rest: "200 html" }],

  ["OPTIONS /api/apps", "200 view"],
  ["OPTIONS /api/apps as nobody", "403 detail"],
  ["OPTIONS /api/apps/NONE", "200 view"],
  ["OPTIONS /api/app_types", { versioned: "200 html", rest: "200 view" }],
  ["OPTIONS /api/data/pipeline/templates", { versioned: "200 view", pipeline: "200 view", rest: "200 html" }],
  ["OPTIONS /api/datasources", { "v0.1.4": "500 html", rest: "200 viewWithFields" }],
  ["OPTIONS /api/store/apps", { versioned: "200 view", "v0.2.5": "200 view", classic: "200 html", rest: "500 html" }],
  ["OPTIONS /api/sheets", { versioned: "200 view", "v0.2.5": "200 view", rest: "200 html" }],
];
