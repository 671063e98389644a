import type { Payload } from "../events/payload.ts";
import { SyncError } from "../../model/errors.ts";

/** The account of this run's token, asked once: only comments of that account are ours. */
export function ownId(ask: (signal: AbortSignal) => Promise<Payload>): (signal: AbortSignal) => Promise<number> {
  let asked: Promise<number> | undefined;
  return async (signal) => {
    asked ??= ask(signal).then((user) => {
      const id = user.at("id").number();
      if (id === undefined) throw new SyncError("incomplete_read", "the forge does not tell whose token it is");
      return id;
    });
    return asked;
  };
}
