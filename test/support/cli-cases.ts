import { EXIT } from "../../src/cli/exit-codes.ts";
import { appYaml, datasourceYaml } from "./cli-world.ts";

/** The folder in which every case runs. */
export const FILES = {
  "good/app.yaml": appYaml("bot"),
  "good/docs.yaml": datasourceYaml("docs", { one: "First.", two: "Second." }),
  "bad/app.yaml": appYaml("bot", ["is_published: true"]),
  "edited/app.yaml": appYaml("bot", ["description: Edited"]),
  "other/app.yaml": appYaml("bot", ["description: Moved"]),
  "empty/readme.txt": "nothing here",
  "one/app.yaml": appYaml("bot"),
  "secret/app.yaml": appYaml("bot", ["config: { key: { $env: NOT_SET_ANYWHERE } }"]),
};

/** A command line and what it must answer. */
export interface CliCase {
  readonly says: string;
  /** Split at spaces. */
  readonly line: string;
  readonly code: number;
  /** `document`: something is on stdout; `nothing`: stdout is empty, and stderr says why. */
  readonly stdout: "document" | "nothing";
  readonly stderr: RegExp;
  readonly circumstances: Circumstances;
}

interface Circumstances {
  /** Command lines before, which must succeed. */
  readonly first?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly faults?: readonly string[];
  /** The process is asked to stop before it begins. */
  readonly isStopped?: true;
}

function prints(
  code: number,
  line: string,
  says: string,
  circumstances: Circumstances = {},
  stderr = /(?:)/u,
): CliCase {
  return { says: `${line}: ${says}`, line, code, stdout: "document", stderr, circumstances };
}

function fails(code: number, line: string, stderr = /error: /u, circumstances: Circumstances = {}): CliCase {
  const around = Object.entries(circumstances).map(([name, value]) => ` with ${name} ${JSON.stringify(value)}`);
  return { says: `${line}${around.join("")}: ${stderr.source}`, line, code, stdout: "nothing", stderr, circumstances };
}

const NOWHERE = { env: { LLMSTACK_SERVER: "http://127.0.0.1:9" } };
const NO_SERVER = { env: { LLMSTACK_SERVER: "" } };
const NO_TOKEN = { env: { LLMSTACK_TOKEN: "" } };
const WRONG_TOKEN = { env: { LLMSTACK_TOKEN: "wrong-canary" } };
const APPLIED = { first: ["apply good"] };
const ONE_APPLIED = { first: ["apply one"] };

/** The same for everything that reads manifests and a server. */
const shared = ["plan", "apply", "drift", "delete", "watch"].flatMap((command): readonly CliCase[] => [
  fails(EXIT.usage, command, /no manifests named/u),
  fails(EXIT.usage, `${command} good --onyl App/x`, /did you mean --only\?/u),
  fails(EXIT.usage, `${command} good --parallelism 0`, /--parallelism: "0" is not a whole number/u),
  fails(EXIT.usage, `${command} good --parallelism -1`, /--parallelism: "-1" is not/u),
  fails(EXIT.usage, `${command} good --parallelism=abc`, /--parallelism: "abc" is not/u),
  fails(EXIT.usage, `${command} good --only bot`, /--only: "bot" is not KIND\/NAME/u),
  fails(EXIT.usage, `${command} good --set k8s:mine`, /belong to the operator/u),
  fails(EXIT.usage, `${command} good --context prod`, /no settings file has a context named "prod"/u),
  fails(EXIT.usage, `${command} good`, /--server URL/u, NO_SERVER),
  fails(EXIT.usage, `${command} good --data x.sqlite`, /--server embedded/u),
  fails(EXIT.auth, `${command} good`, /LLMSTACK_TOKEN/u, NO_TOKEN),
]);

/** Besides: what ends a run, and does not end watching. */
const running = ["plan", "apply", "drift", "delete"].flatMap((command): readonly CliCase[] => [
  fails(EXIT.invalid, `${command} bad`, /bad\/app\.yaml:\d+:\d+: error:/u),
  fails(EXIT.invalid, `${command} bad`, /is_published/u, NOWHERE),
  fails(EXIT.invalid, `${command} secret`, /NOT_SET_ANYWHERE/u),
  fails(EXIT.auth, `${command} good`, /hint:/u, WRONG_TOKEN),
  fails(EXIT.unreachable, `${command} good`, /127\.0\.0\.1:9/u, NOWHERE),
  fails(EXIT.unreachable, `${command} good`, /html/iu, { faults: ["html,method=GET,path=/api/apps"] }),
  fails(EXIT.interrupted, `${command} good`, /interrupted/u, { isStopped: true }),
  fails(EXIT.refused, `${command} nowhere`, /nowhere does not exist/u),
  fails(EXIT.refused, `${command} good nowhere`, /nowhere does not exist/u),
]);

const single: readonly CliCase[] = [
  fails(EXIT.usage, "", /llmstack-sync --help/u),
  fails(EXIT.usage, "aply", /did you mean apply\?/u),
  fails(EXIT.usage, "aply --help", /did you mean apply\?/u),
  fails(EXIT.usage, "help aply", /did you mean apply\?/u),
  fails(EXIT.usage, "oprator", /unknown command 'oprator'/u),
  prints(EXIT.ok, "--help", "the commands"),
  prints(EXIT.ok, "help plan", "the flags of plan"),
  prints(EXIT.ok, "--version", "the version"),
  prints(EXIT.ok, "version", "the version"),
  fails(EXIT.usage, "version -o xml", /Allowed choices are text, json/u),
  prints(EXIT.ok, "schema", "how editors use schemas"),
  prints(EXIT.ok, "schema app", "a schema"),
  fails(EXIT.usage, "schema Bot", /App, Datasource/u),
  prints(EXIT.ok, "validate good", "no problems"),
  prints(EXIT.invalid, "validate bad", "a problem"),
  prints(EXIT.ok, "validate secret", "a warning, for secrets may be elsewhere"),
  prints(EXIT.invalid, "validate secret --require-secrets", "a secret is missing"),
  fails(EXIT.usage, "validate", /no manifests named/u),
  fails(EXIT.usage, "validate nowhere", /nowhere does not exist/u),
  prints(EXIT.ok, "validate good", "without server and token", { env: { LLMSTACK_SERVER: "", LLMSTACK_TOKEN: "" } }),
  prints(EXIT.ok, "plan good", "changes"),
  prints(EXIT.changes, "plan good --detailed-exitcode", "changes"),
  prints(EXIT.ok, "plan good --detailed-exitcode", "no changes", APPLIED),
  prints(EXIT.refused, "plan empty", "nothing is desired"),
  prints(EXIT.ok, "plan empty --allow-empty", "nothing is desired, on purpose"),
  prints(EXIT.refused, "plan good --prune", "prune without a set"),
  prints(EXIT.ok, "apply good", "done"),
  prints(EXIT.ok, "apply good", "nothing to do", APPLIED),
  prints(EXIT.refused, "apply empty", "nothing is desired", {}, /--allow-empty/u),
  prints(EXIT.refused, "apply good --only App/other", "everything is filtered out"),
  prints(EXIT.refused, "apply good --prune", "prune without a set", {}, /--set/u),
  prints(EXIT.partial, "apply good", "part of it failed", { faults: ["status=400,method=POST,path=/api/apps"] }),
  prints(EXIT.auth, "apply one", "no permission to write", { faults: ["status=403,method=POST,body=json"] }),
  prints(EXIT.ok, "drift good --detailed-exitcode", "none", APPLIED),
  prints(EXIT.changes, "drift good --detailed-exitcode", "some"),
  prints(EXIT.ok, "drift good", "some"),
  fails(EXIT.refused, "drift empty"),
  prints(EXIT.refused, "delete one", "nobody to ask", ONE_APPLIED, /--yes/u),
  prints(EXIT.ok, "delete one --yes", "done", ONE_APPLIED),
  prints(EXIT.ok, "delete one", "nothing is there"),
  prints(EXIT.ok, "render good", "self-contained manifests"),
  prints(EXIT.ok, "render secret", "a Secret in place of a variable", {}, /kubectl create secret/u),
  prints(EXIT.ok, "render good --out-dir out", "the files"),
  fails(EXIT.refused, "render edited --out-dir out", /--force/u, { first: ["render good --out-dir out"] }),
  fails(EXIT.invalid, "render bad", /bad\/app\.yaml:\d+:\d+: error:/u),
  fails(EXIT.usage, "render", /no manifests named/u),
  prints(EXIT.ok, "export out", "the files", APPLIED),
  prints(EXIT.ok, "export out", "no change", { first: ["apply good", "export out"] }),
  fails(EXIT.refused, "export out", /apps\/bot\.yaml/u, { first: ["apply good", "export out", "apply edited"] }),
  prints(EXIT.ok, "export out --force", "the files", { first: ["apply good", "export out", "apply edited"] }),
  fails(EXIT.usage, "export", /missing required argument 'dir'/u),
  fails(EXIT.usage, "export good/app.yaml", /cannot write/u, APPLIED),
  fails(EXIT.auth, "export out", /hint:/u, WRONG_TOKEN),
  fails(EXIT.unreachable, "export out", /127\.0\.0\.1:9/u, NOWHERE),
  fails(EXIT.interrupted, "export out", /interrupted/u, { isStopped: true }),
  prints(EXIT.ok, "apply saved.plan", "what was reviewed", { first: ["plan good --out saved.plan"] }),
  prints(EXIT.ok, "apply saved.plan", "nothing is left", { first: ["plan good --out saved.plan", "apply good"] }),
  prints(EXIT.stale, "apply saved.plan", "it has moved", {
    first: ["apply good", "plan edited --out saved.plan", "apply other"],
  }),
  fails(EXIT.usage, "apply saved.plan --prune", /--prune: a saved plan carries its own flags/u, {
    first: ["plan good --out saved.plan"],
  }),
  fails(EXIT.refused, "apply saved.plan --server embedded", /made against server/u, {
    first: ["plan good --out saved.plan"],
  }),
  fails(EXIT.usage, "plan good --out nowhere/x", /--out/u),
  fails(EXIT.usage, "apply good --report nowhere/x", /--report/u),
  prints(EXIT.ok, "run bot --input question=42", "the answer", ONE_APPLIED),
  fails(EXIT.usage, "run bot", /no app App\/bot/u),
  fails(EXIT.usage, "run", /missing required argument 'app'/u),
  fails(EXIT.usage, "run bot --input question", /NAME=VALUE/u),
  fails(EXIT.usage, "run bot --input-json {canary", /a JSON object/u),
  fails(EXIT.auth, "run bot", /hint:/u, WRONG_TOKEN),
  fails(EXIT.unreachable, "run bot", /127\.0\.0\.1:9/u, NOWHERE),
  prints(EXIT.ok, "doctor", "all is well"),
  prints(EXIT.auth, "doctor", "a wrong token", WRONG_TOKEN),
  prints(EXIT.auth, "doctor", "no token", NO_TOKEN),
  prints(EXIT.unreachable, "doctor", "no server there", NOWHERE),
  prints(EXIT.usage, "doctor", "no server named", NO_SERVER),
  fails(EXIT.usage, "serve --listen nowhere", /HOST:PORT/u),
  fails(EXIT.usage, "serve --fault mischief", /mischief/u),
  fails(EXIT.usage, "serve --dialect latin", /it speaks doc/u),
  fails(EXIT.usage, "watch -", /standard input/u),
  fails(EXIT.usage, "watch nowhere", /nowhere does not exist/u),
  fails(EXIT.interrupted, "watch good", /interrupted/u, { isStopped: true }),
  fails(EXIT.usage, "completion tcsh", /bash/u),
];

export const cliCases: readonly CliCase[] = [...shared, ...running, ...single];
