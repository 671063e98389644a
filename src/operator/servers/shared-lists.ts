import type { Client } from "../../client/client.ts";
import type { KindSpec } from "../../model/kind.ts";
import type { CompleteList, LiveResource } from "../../model/live.ts";

/** The lists of one server, so that a thousand resources do not mean a thousand lists. */
export interface SharedLists {
  /** For writing: its lists are new ones, and its own writes make older ones of that kind worthless. */
  readonly writer: Client;
  /** For looking: a list of `recent` may be a few seconds old, or somebody else's that is under way. */
  view(of: "recent" | "new"): ListView;
}

export interface ListView {
  readonly client: Client;
  /** True where no list that this view gave out is older than the view. */
  isFresh(): boolean;
}

interface Listing {
  readonly beganAt: number;
  readonly writesBefore: number;
  readonly list: Promise<CompleteList<LiveResource>>;
}

const OLDEST_MS = 3_000;

export function sharedLists(client: Client, now: () => number = () => performance.now()): SharedLists {
  const listings = new Listings(client, now);
  return { writer: writerOf(client, listings), view: (of) => viewOf(of, client, listings) };
}

class Listings {
  readonly now: () => number;
  readonly #client: Client;
  readonly #listings = new Map<string, Listing>();
  readonly #writes = new Map<string, number>();

  constructor(client: Client, now: () => number) {
    this.#client = client;
    this.now = now;
  }

  begin(kind: KindSpec, signal: AbortSignal): Listing {
    const listing: Listing = {
      beganAt: this.now(),
      writesBefore: this.#writesOf(kind.kind),
      list: this.#client.list(kind, signal),
    };
    this.#listings.set(kind.kind, listing);
    listing.list.catch(() => {
      if (this.#listings.get(kind.kind) === listing) this.#listings.delete(kind.kind);
    });
    return listing;
  }

  /** One that is recent, and that nothing was written since it began. */
  recent({ kind }: KindSpec): Listing | undefined {
    const listing = this.#listings.get(kind);
    if (listing === undefined || listing.writesBefore !== this.#writesOf(kind)) return undefined;
    return this.now() - listing.beganAt > OLDEST_MS ? undefined : listing;
  }

  async written<T>(kinds: readonly string[], call: () => Promise<T>): Promise<T> {
    const count = (): void => {
      for (const kind of kinds) this.#writes.set(kind, this.#writesOf(kind) + 1);
    };
    count();
    try {
      return await call();
    } finally {
      count();
    }
  }

  known(): readonly string[] {
    return [...this.#listings.keys()];
  }

  #writesOf(kind: string): number {
    return this.#writes.get(kind) ?? 0;
  }
}

function writerOf(client: Client, listings: Listings): Client {
  return {
    ...client,
    get rules() {
      return client.rules;
    },
    list: (kind, signal) => listings.begin(kind, signal).list,
    create: (kind, draft, signal) => listings.written([kind.kind], () => client.create(kind, draft, signal)),
    update: (kind, live, draft, signal) =>
      listings.written([kind.kind], () => client.update(kind, live, draft, signal)),
    delete: (kind, uuid, signal) => listings.written([kind.kind], () => client.delete(kind, uuid, signal)),
    // Which kind it is of is not said; publishing is rare.
    publish: (uuid, publish, signal) => listings.written(listings.known(), () => client.publish(uuid, publish, signal)),
  };
}

function viewOf(of: "recent" | "new", client: Client, listings: Listings): ListView {
  const startedAt = listings.now();
  let oldest = startedAt;
  return {
    client: {
      ...client,
      get rules() {
        return client.rules;
      },
      list: async (kind, signal) => {
        const recent = listings.recent(kind);
        const isUsable = recent !== undefined && (of === "recent" || recent.beganAt >= startedAt);
        const listing = isUsable ? recent : listings.begin(kind, signal);
        oldest = Math.min(oldest, listing.beganAt);
        return listing.list;
      },
    },
    isFresh: () => oldest >= startedAt,
  };
}
