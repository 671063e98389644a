import { acquireLock } from "../../src/apply/lock.ts";

/** A process of its own for lock tests: takes the lock, says so, and holds it until it is killed. */
const [, , folder = "", identity = ""] = process.argv;
acquireLock(folder, identity);
process.stdout.write("held\n");
setInterval(() => undefined, 60_000);
