import { SyncError } from "../model/errors.ts";
import { type DialectName, dialects } from "../server/dialects/dialects.ts";

/** Which dialect the reference server is to speak; `doc` unless said. Throws SyncError of class usage. */
export function serverDialect(name = "doc"): DialectName {
  if (isDialect(name)) return name;
  throw new SyncError("usage", `--dialect: the reference server does not speak ${JSON.stringify(name)}`, {
    remedy: `it speaks ${Object.keys(dialects).join(", ")}`,
  });
}

function isDialect(name: string): name is DialectName {
  return Object.hasOwn(dialects, name);
}
