import type { Account } from "../account/accounts.ts";
import type { Era } from "../era.ts";
import type { Store } from "../../../store/store.ts";
import { writeJsonb } from "../wire/tree.ts";
import { datasourceByUuid, insertDatasource } from "./datasource-row.ts";

/** Puts in what accounts have from the start, where it is not there yet. */
export function seedDatasources({ data }: Era, accounts: readonly Account[], store: Store, now: () => string): void {
  for (const { username, datasources } of accounts) {
    for (const { uuid, name, type_slug: type, visibility } of datasources) {
      if (datasourceByUuid({ store }, uuid) !== undefined) continue;
      const template = data.templates.find(({ slug }) => slug === type);
      const { source = null, transformations = [], embedding = null, destination = null } = template ?? {};
      const blocks = JSON.parse(JSON.stringify({ source, transformations, embedding, destination })) as never;
      const about = { uuid, name, owner: username, type_slug: type, visibility, size: 0, refresh_interval: null };
      const stamp = now();
      insertDatasource({ store }, { ...about, pipeline: writeJsonb(blocks), created_at: stamp, updated_at: stamp });
    }
  }
}
