/** What is true of some releases of LLMStack and not of others; sections are those of llmstack-server.md. */
export interface Era {
  readonly dialect: string;
  /** The releases, in words. */
  readonly releases: string;
  /**
   * What a PATCH of an app does to what it leaves out or empties, and to the row that is live (2.10): `resets` it to
   * defaults (v0.0.25–28), takes it `from-draft` alone and fails where there is none (v0.0.29–v0.2.0), keeps it and
   * `overwrites` the live row (v0.2.1–5), or keeps it and makes a new `version` (v0.2.6).
   */
  readonly patch: "resets" | "from-draft" | "overwrites" | "versions";
  /** Whether a PATCH fills the settings of processors up with their defaults and drops what it does not know (3.2). */
  readonly settings: "expanded" | "verbatim";
  /** Where a run's session is told (2.9): part of the path, or of the body alone, where such a path fails. */
  readonly session: "path" | "body";
  /** Whether an app has an icon (6.3, v0.2.1). */
  readonly icons: "kept" | "dropped";
  /** What POST /api/datasources takes (6.3). */
  readonly datasource: "type-id" | "type-slug" | "pipeline";
  /** Whether an answer shows what a datasource was made with (5.2): `shown` from v0.2.4 on, and there marks stay. */
  readonly pipelines: "none" | "hidden" | "shown";
  /** The key of what add_entry takes (6.3). */
  readonly entry: "entry_data" | "source_data";
  /** Whether an entry keeps names and values beside its content (5.5, v0.2.4). */
  readonly extraData: "kept" | "none";
}

/** v0.2.6 and later (6.3, 6.4). */
export const VERSIONED: Era = {
  dialect: "versioned",
  releases: "LLMStack v0.2.6 and later",
  patch: "versions",
  settings: "verbatim",
  session: "body",
  icons: "kept",
  datasource: "pipeline",
  pipelines: "shown",
  entry: "source_data",
  extraData: "kept",
};

/** v0.2.4 and v0.2.5. */
export const PIPELINE: Era = {
  ...VERSIONED,
  dialect: "pipeline",
  releases: "LLMStack v0.2.4 and v0.2.5",
  patch: "overwrites",
  settings: "expanded",
  session: "path",
};

/** v0.2.1 to v0.2.3: what a datasource was made with is not shown, and entries keep nothing beside their content. */
export const EARLY_PIPELINE: Era = {
  ...PIPELINE,
  releases: "LLMStack v0.2.1 to v0.2.3",
  pipelines: "hidden",
  extraData: "none",
};

/** v0.1.5 to v0.2.0. */
export const SLUG: Era = {
  dialect: "slug",
  releases: "LLMStack v0.1.5 to v0.2.0",
  patch: "from-draft",
  settings: "expanded",
  session: "path",
  icons: "dropped",
  datasource: "type-slug",
  pipelines: "none",
  entry: "entry_data",
  extraData: "none",
};

/** v0.0.29 to v0.1.4. */
export const CLASSIC: Era = {
  ...SLUG,
  dialect: "classic",
  releases: "LLMStack v0.0.29 to v0.1.4",
  datasource: "type-id",
};

/** v0.0.25 to v0.0.28. */
export const EARLY_CLASSIC: Era = { ...CLASSIC, releases: "LLMStack v0.0.25 to v0.0.28", patch: "resets" };
