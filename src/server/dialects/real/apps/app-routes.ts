import type { Era } from "../era.ts";
import { bare, ok } from "../wire/answers.ts";
import { FORM_TYPE, JSON_TYPE, MULTIPART_TYPE, YAML_TYPE } from "../wire/read-tree.ts";
import type { Action, RealRoute, View } from "../wire/view.ts";
import { listTemplates, templateBySlug } from "./app-templates.ts";
import { serializeType } from "./app-types.ts";
import { getApps, getPublished, getShared, getVersions, removeApp } from "./app-views.ts";
import { createApp } from "./create-app.ts";
import { publish, unpublish } from "./publish-app.ts";
import { runProcessor, runRealApp } from "./run-real-app.ts";
import { updateApp } from "./update-app.ts";
import { WEBHOOKS, webhooksOf } from "./webhooks.ts";

/** Whatever a route of this class was made for, it also gets, patches and deletes apps (llmstack-server.md 2.1). */
const APP: View = {
  name: "App",
  parses: [JSON_TYPE, FORM_TYPE, MULTIPART_TYPE, YAML_TYPE],
  lists: "hold-no-key",
  methods: {
    GET: { takes: ["uid"], answer: getApps },
    POST: { answer: createApp },
    PATCH: { needs: ["uid"], answer: updateApp },
    DELETE: { needs: ["uid"], answer: removeApp },
  },
};

const APP_TYPE: View = { name: "App Type", parses: [JSON_TYPE, FORM_TYPE, MULTIPART_TYPE], methods: {} };

/** Static paths first: `templates` and `shared` are no uuids. */
export function appRoutes(era: Era): readonly RealRoute[] {
  const versions = { GET: { needs: ["uid"], takes: ["version"], answer: getVersions } };
  // Where the session is in the body, a session in the path is one parameter too many.
  const run: Action = {
    needs: ["uid"],
    takes: era.apps.run === "strict" ? [] : ["session_id"],
    access: "open",
    answer: runRealApp,
  };
  return [
    { path: "/api/apps/templates", view: APP, actions: { GET: { answer: () => ok(listTemplates()) } } },
    {
      path: "/api/apps/templates/<slug>",
      view: APP,
      actions: { GET: { needs: ["slug"], answer: ({ parameter }) => answerTemplate(parameter("slug")) } },
    },
    { path: "/api/apps", view: APP, actions: { GET: { answer: getApps }, POST: { answer: createApp } } },
    { path: "/api/apps/shared", view: APP, actions: { GET: { answer: getShared } } },
    { path: "/api/apps/<uid>", view: APP, actions: { GET: { takes: ["uid"], answer: getApps } } },
    {
      path: "/api/apps/<uid>/processors/<id>/run",
      view: APP,
      actions: { POST: { needs: ["uid", "id"], answer: runProcessor } },
      ...(era.apps.run === "strict" && { handler: "gone" as const }),
    },
    { path: "/api/apps/<uid>/run", view: APP, actions: { POST: run } },
    { path: "/api/apps/<uid>/versions", view: APP, actions: versions },
    { path: "/api/apps/<uid>/versions/<version>", view: APP, actions: versions },
    ...(era.apps.webhooks === "of-their-own" ? WEBHOOKS : webhooksOf(APP, { ...run, takes: [] })),
    { path: "/api/apps/<uid>/run/<session_id>", view: APP, actions: { POST: run } },
    { path: "/api/apps/<uid>/publish", view: APP, actions: { POST: { needs: ["uid"], answer: publish } } },
    { path: "/api/apps/<uid>/unpublish", view: APP, actions: { POST: { needs: ["uid"], answer: unpublish } } },
    {
      path: "/api/app/<published_uuid>",
      view: APP,
      actions: { GET: { needs: ["published_uuid"], access: "open", answer: getPublished } },
    },
    ...appTypes(era),
  ];
}

function appTypes({ routes, apps }: Era): readonly RealRoute[] {
  if (routes.appTypes === "gone") return [];
  const list = (): Response => ok(apps.types.map((type) => serializeType(type, "told")));
  return [{ path: "/api/app_types", view: APP_TYPE, actions: { GET: { answer: list } } }];
}

function answerTemplate(slug: string | undefined): Response {
  const template = templateBySlug(slug);
  return template === null ? bare(200) : ok(template);
}
