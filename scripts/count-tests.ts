import { readFile } from "node:fs/promises";

/**
 * Says how many tests passed and failed, from vitest's JSON reports (the arguments), in the one line that CI reads.
 * Exits 1 when one failed, when none ran, and when one was skipped anywhere but in the contract suite.
 */
interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const reports = await Promise.all(
  process.argv.slice(2).map(async (path) => JSON.parse(await readFile(path, "utf8")) as TestReport),
);
const testResults = reports.flatMap((report) => report.testResults);
const tests = testResults.flatMap(({ name, assertionResults }) => assertionResults.map((test) => ({ ...test, name })));
const passed = tests.filter(({ status }) => status === "passed");
const failed = tests.filter(({ status }) => status === "failed");
const left = tests.filter(({ status }) => status !== "passed" && status !== "failed");
const missing = left.filter(({ name }) => !name.includes("/test/contract/"));
for (const { name, fullName } of missing) console.error(`did not run: ${name}: ${fullName}`);
console.log(`${left.length - missing.length} scenarios of the contract suite do not apply to a dialect`);
console.log(`${passed.length} passed, ${failed.length + missing.length} failed`);
process.exitCode = passed.length === 0 || failed.length > 0 || missing.length > 0 ? 1 : 0;
