/**
 * The least a plan can do: fetch the list, parse it, read the same files, load and validate them. No comparison.
 * Arguments: URL of the server, token, folder of manifests.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { validateText } from "./validate-text.ts";

const [url = "", token = "", folder = ""] = process.argv.slice(2);
const lists = await Promise.all(
  ["apps", "datasources"].map(async (collection) => {
    const answer = await fetch(`${url}/api/${collection}`, { headers: { authorization: `Token ${token}` } });
    return JSON.parse(await answer.text()) as unknown[];
  }),
);
const names = await readdir(folder);
const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
process.stdout.write(`${lists.flat().length} live, ${texts.filter(validateText).length} valid\n`);
