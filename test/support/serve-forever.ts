import { createServer } from "../../src/server/create-server.ts";
import { listen } from "../../src/server/listen.ts";
import { TOKEN } from "./server-requests.ts";

/** A server on a data file in a process of its own, to be killed: `node serve-forever.ts FILE` prints its URL. */
const server = createServer({ dialect: "doc", token: TOKEN, data: process.argv[2] ?? "" });
const { url } = await listen(server, { host: "127.0.0.1", port: 0 });
process.stdout.write(`${url}\n`);
