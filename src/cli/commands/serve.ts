import { resolve } from "node:path";
import { createServer, type ReferenceServer } from "../../server/create-server.ts";
import { listen } from "../../server/listen.ts";
import { parseFault } from "../../server/faults/parse-fault.ts";
import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";
import { given } from "../given.ts";
import { parseListen } from "../options/parsers.ts";
import * as options from "../options/serve.ts";
import { serverDialect } from "../server-dialect.ts";
import { untilStopped } from "../until-stopped.ts";

/** Serves until it is stopped, which is its ordinary end: exit 0. */
export async function run({ flags, io, log }: Invocation): Promise<number> {
  const address = flags.get(options.listen) ?? parseListen(io.env["LLMSTACK_LISTEN"] ?? "127.0.0.1:3000");
  const token = flags.get(options.token);
  const data = flags.get(options.serverData);
  const server = createServer({
    dialect: serverDialect(flags.get(options.serverDialectFlag)),
    faults: flags.list(options.fault).map(parseFault),
    latencyMs: flags.get(options.latency) ?? 0,
    journal: { endpoint: flags.get(options.journal) === true ? "on" : "off" },
    ...given("token", token),
    ...given("data", data === undefined ? undefined : resolve(io.cwd, data)),
  });
  try {
    const listening = await listen(server, address);
    io.stdout.write(`${listening.url}\n`);
    if (token === undefined) announce(server, listening.url, io.stderr);
    if (data === undefined) log.info("Everything is kept in memory and gone when it stops; --data FILE keeps it.");
    await untilStopped(io.stop);
    log.info(`Stopped after ${server.journal().length} requests.`);
    await listening.close();
    return EXIT.ok;
  } finally {
    server.close();
  }
}

/** Even with --quiet: without the token nobody gets in. */
function announce({ token }: ReferenceServer, url: string, stderr: Invocation["io"]["stderr"]): void {
  stderr.write(`Token: ${token}
Try:   LLMSTACK_SERVER=${url} LLMSTACK_TOKEN=${token} llmstack-sync doctor
`);
}
