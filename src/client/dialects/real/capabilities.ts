import type { Capabilities, KindCapabilities } from "../../../model/dialect.ts";
import type { Era } from "./era.ts";

/** What servers of an era can do. */
export function capabilitiesOf(era: Era): Capabilities {
  return {
    kinds: { App: appCapabilities(era), Datasource: datasourceCapabilities(era) },
    entryMark: era.extraData === "kept" ? "metadata" : "name-suffix",
    entryMetadata: era.extraData === "kept" ? "kept" : "dropped",
    versions: true,
    mintsVersions: era.patch !== "overwrites",
    connections: true,
  };
}

/**
 * A PATCH changes the type in the data and nothing else of it (llmstack-server.md 2.5). Empty processors keep the old
 * ones from v0.0.29 on, and fail where there is no draft before v0.2.1 (2.10). An empty config would be ignored too, but
 * with our mark in it none is ever sent. Integration settings that are left out are left as they are, in every era.
 */
function appCapabilities({ patch }: Era): KindCapabilities {
  return {
    mark: "mutable",
    fixed: ["/type_slug"],
    unsupported: [],
    unclearable: patch === "resets" ? [] : ["/processors"],
    ...(patch === "from-draft" && { neededForUpdate: ["/processors"] }),
  };
}

/** No route changes a datasource (llmstack-server.md 5.4). */
function datasourceCapabilities({ pipelines }: Era): KindCapabilities {
  return {
    mark: pipelines === "shown" ? "fixed" : "none",
    fixed: ["/name", "/type", "/pipeline"],
    unsupported: pipelines === "none" ? ["/pipeline"] : [],
    unclearable: [],
  };
}
