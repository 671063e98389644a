import { type Answer, type Connection, type ConnectionSetup, createConnection, type Exchange } from "./connection.ts";
import { SyncError } from "../model/errors.ts";
import { deadline } from "./deadline.ts";
import { isUntrusted, KubeError, noAnswer, refused } from "./kube-error.ts";

/** One request to the API server: who asks, over which connection, and how its failures are called. */
export interface Transport {
  /** Gives a good answer (2xx) to `use`. Throws KubeError for every other one and for none, and the signal's reason. */
  send<T>(exchange: Exchange, signal: AbortSignal, use: (answer: Answer) => Promise<T>): Promise<T>;
  /** Ends every connection. */
  close(): Promise<void>;
}

export function createTransport(setup: ConnectionSetup): Transport {
  const connection = createConnection(setup);
  const once = async <T>(exchange: Exchange, signal: AbortSignal, use: (answer: Answer) => Promise<T>): Promise<T> => {
    const limit = deadline(signal, exchange.timeoutMs);
    try {
      return await use(await goodAnswer(connection, exchange, limit.signal));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw error instanceof SyncError ? error : noAnswer(exchange.what, error);
    } finally {
      limit.end();
    }
  };
  return {
    send: async (exchange, signal, use) => {
      try {
        return await once(exchange, signal, use);
      } catch (error) {
        // Nothing was done, and the token or the authority may just have been replaced.
        if (!mayBeOutdated(error) || !hasReloaded(connection)) throw error;
        return await once(exchange, signal, use);
      }
    },
    close: () => connection.close(),
  };
}

function mayBeOutdated(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 401 || isUntrusted(error));
}

/** Files that are being replaced may be half written: what is told then is the failure that made us look. */
function hasReloaded(connection: Connection): boolean {
  try {
    connection.reload();
    return true;
  } catch {
    return false;
  }
}

async function goodAnswer(connection: Connection, exchange: Exchange, signal: AbortSignal): Promise<Answer> {
  const answer = await connection.ring(exchange, signal);
  const { status, retryAfter, body } = answer;
  if (status >= 200 && status < 300) return answer;
  throw refused(exchange.what, { status, body: await body.text(), retryAfter });
}
