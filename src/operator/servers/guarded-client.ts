import type { LimitFunction } from "p-limit";
import type { Client } from "../../client/client.ts";
import { SyncError } from "../../model/errors.ts";

/** What stands before every request of one server. */
interface Guard {
  /** Shared by everybody who speaks with this server. */
  readonly limit: LimitFunction;
  /** Asked right before each write: whoever is no leader any more may not send it. */
  readonly isLeading: () => boolean;
}

/** The client with at most so many requests at once, and no write of a process that another one has taken over from. */
export function guardedClient(client: Client, { limit, isLeading }: Guard): Client {
  const read = <T>(call: () => Promise<T>): Promise<T> => limit(call);
  const write = <T>(call: () => Promise<T>): Promise<T> =>
    limit(async () => {
      if (!isLeading()) throw notLeading();
      return call();
    });
  return {
    ...client,
    get rules() {
      return client.rules;
    },
    list: (kind, signal) => read(() => client.list(kind, signal)),
    get: (kind, uuid, signal) => read(() => client.get(kind, uuid, signal)),
    listEntries: (datasource, signal) => read(() => client.listEntries(datasource, signal)),
    versions: (uuid, signal) => read(() => client.versions(uuid, signal)),
    connections: (signal) => read(() => client.connections(signal)),
    catalogue: (signal) => read(() => client.catalogue(signal)),
    findOrphans: (kind, wanted, signal) => read(() => client.findOrphans(kind, wanted, signal)),
    create: (kind, draft, signal) => write(() => client.create(kind, draft, signal)),
    update: (kind, live, draft, signal) => write(() => client.update(kind, live, draft, signal)),
    delete: (kind, uuid, signal) => write(() => client.delete(kind, uuid, signal)),
    createEntry: (datasource, draft, signal) => write(() => client.createEntry(datasource, draft, signal)),
    deleteEntry: (datasource, entry, signal) => write(() => client.deleteEntry(datasource, entry, signal)),
    publish: (uuid, publish, signal) => write(() => client.publish(uuid, publish, signal)),
  };
}

function notLeading(): SyncError {
  return new SyncError("cancelled", "Another replica leads now, so nothing was sent.", { isRetryable: true });
}
