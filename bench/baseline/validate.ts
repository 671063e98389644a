/** What validating costs with js-yaml and ajv alone. Argument: folder of manifests. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { validateText } from "./validate-text.ts";

const [folder = ""] = process.argv.slice(2);
const names = await readdir(folder);
const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
process.stdout.write(`${texts.filter(validateText).length} valid\n`);
