import type { AppType } from "./apps/app-types.ts";
import type { PipelineTemplate } from "./data/templates.ts";
import type { Processor } from "./processors/catalogue.ts";

/**
 * What is true of one release of LLMStack where releases differ. Sections are those of llmstack-server.md; [S] stands
 * where its facts come from the source of that release only.
 */
export interface Era {
  readonly release: string;
  readonly apps: AppFacts;
  readonly patch: PatchFacts;
  readonly data: DataFacts;
  readonly routes: RouteFacts;
  /** What GET /api/apibackends lists and a PATCH expands configs with (3.2). */
  readonly processors: readonly Processor[];
}

export interface AppFacts {
  /** Keys of an answer in their order (2.4). */
  readonly keys: readonly string[];
  readonly types: readonly AppType[];
  /** Body keys that name the type on POST (6.3), the first one that is there counts. */
  readonly typeKeys: readonly ("app_type" | "app_type_slug" | "type_slug")[];
  /** `rows`: an unknown type is 404 and nothing is written. `slugs`: a row is written, then 500 (2.3). */
  readonly unknownType: "404" | "poisons";
  /** Whether `icon` is part of the data, null after every PATCH, and kept as a file where it is a picture (2.5, 3.1). */
  readonly icon: "none" | "stored";
  /** What becomes of a picture in `config.assistant_image`: a file, for which every config is searched [S] (2.3, 3.1). */
  readonly image: "as-sent" | "stored";
  /** Whether `version` is put into the data that is answered (2.4). */
  readonly dataVersion: "absent" | "injected";
  /** ≤v0.2.0 the description that was given at creation is answered for ever (2.4). */
  readonly description: "of-creation" | "of-data";
  /** The legacy key `processors` beside the data: always [] at HEAD (2.4), null where there is data before [S]. */
  readonly legacyProcessors: "empty" | "null";
  /** GET and versions of somebody else's app: 403 without a body (1.2), or no such row [S]. */
  readonly foreign: "403" | "404";
  /**
   * Who may read what is not his: those on the lists of a published app, or those on its lists and the organisation of
   * its owner, published or not [S].
   */
  readonly readers: "lists" | "organisation";
  readonly publishedBy: "owner" | "writers";
  /** `is_published` in a POST (6.3). */
  readonly publishOnCreate: "ignored" | "honoured";
  /**
   * What a run answers (2.9). `strict`: 403 without a body to who may not, 500 where it fails; its session is in the
   * body alone. `lenient`: 400 with `errors`, and strangers run what is public [S].
   */
  readonly run: "strict" | "lenient";
  /** Whether Slack, Discord and Twilio post to a class of their own, where no verb leaks [S]. */
  readonly webhooks: "of-apps" | "of-their-own";
  /** What GET /api/apibackends names the provider of a processor in [S]. */
  readonly backends: "api_provider" | "provider";
}

export interface PatchFacts {
  /** Where keys that are not in the body come from (2.10). */
  readonly base: "defaults" | "draft" | "draft-or-live";
  /** What becomes of the live row where there is no draft (2.10). */
  readonly live: "new-version" | "overwritten";
  /** An empty config in the body (2.5): kept old from v0.2.3 on. */
  readonly emptyConfig: "replaces" | "keeps";
  readonly processors: "verbatim" | "expanded";
}

export interface DataFacts {
  /** How a datasource is created (6.3). */
  readonly create: "type" | "type_slug" | "pipeline";
  /** The type `custom` and a null pipeline (5.2, v0.2.4+). */
  readonly custom: "refused" | "kept";
  readonly templates: readonly PipelineTemplate[];
  readonly keys: readonly string[];
  /** Somebody else's datasource: its owner's alone (404 JSON), or permissions and organisations (1.2, 1.3, v0.2.6+). */
  readonly access: "owner" | "organisation";
  /** PATCH with `refresh_interval` (5.4), 405 before. */
  readonly refresh: "405" | "kept";
  /** What an entry is made of, and what the answer is (6.3). */
  readonly entries: "entry_data async" | "entry_data" | "entry_data piped" | "source_data";
  /** Optional in the schema, and iterated all the same from v0.2.4 on (5.5). */
  readonly extraData: "ignored" | "required";
  /** Whether `content` must be given in a text entry (5.5: at HEAD). */
  readonly textContent: "optional" | "required";
  /** 5.6. */
  readonly resync: "accepted" | "not-implemented" | "rebuilds" | "breaks";
}

export interface RouteFacts {
  /** The stray PUT of v0.0.29 to v0.1.5, which also breaks OPTIONS (6.3, 6.4). */
  readonly put: "none" | "stray";
  readonly appTypes: "served" | "gone";
  /** 6.4: JSON at v0.2.5+, OPTIONS fails at v0.2.0, HTML before. */
  readonly store: "none" | "fails" | "served";
  readonly sheets: "none" | "served";
  readonly pipeline: "none" | "served";
  /** From v0.0.26 to v0.1.5 it works; later the handler is gone and the route is not (5.1, 6.3). */
  readonly upsert: "none" | "works" | "gone";
  /** Entries that are added later (v0.0.26+), and the jobs that do it (up to v0.1.4) [S] (6.3). */
  readonly later: "none" | "with-jobs" | "served";
}
