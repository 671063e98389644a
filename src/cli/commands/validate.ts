import { hasErrors } from "../../model/problem.ts";
import { readDesired } from "../../pipeline.ts";
import { jsonText } from "../../report/json.ts";
import type { ProblemList } from "../../report/problems/problem-list.ts";
import { renderProblemsGithub } from "../../report/problems/problems-github.ts";
import { problemsToJson } from "../../report/problems/problems-json.ts";
import { renderProblemsJunit } from "../../report/problems/problems-junit.ts";
import { problemsToSarif } from "../../report/problems/problems-sarif.ts";
import { renderProblemsText } from "../../report/problems/problems-text.ts";
import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";
import { given } from "../given.ts";
import { jsonDocument } from "../json-document.ts";
import { namedPaths, openManifests, readValues } from "../manifest-input.ts";
import * as options from "../options/validate.ts";
import { packageVersion } from "../package-version.ts";
import { loadSettings } from "../settings.ts";
import { problemList } from "../show-problems.ts";
import { styleOf } from "../style.ts";

/** Checks manifests without a server. The document asked for is the list of problems, so it is on stdout. */
export async function run(invocation: Invocation): Promise<number> {
  const { flags, io, log, progress } = invocation;
  const settings = await loadSettings(invocation);
  const [{ source }, values] = await Promise.all([
    openManifests(namedPaths(invocation, settings), { settings, invocation, wrongPath: "usage" }),
    readValues(settings, io, flags.isOn(options.requireSecrets) ? "error" : "warning"),
  ]);
  progress.show(`Checking ${source.files.length} files…`);
  const { problems, notes } = await readDesired(source, { ...values, ...given("target", flags.get(options.target)) });
  progress.clear();
  for (const { message } of notes) log.info(message);
  const list = problemList({ problems, files: source.files });
  const exitCode = hasErrors(problems) ? EXIT.invalid : EXIT.ok;
  io.stdout.write(RENDER[flags.get(options.validateOutput) ?? "text"](list, { exitCode, io }));
  return exitCode;
}

interface RenderSetup {
  readonly exitCode: number;
  readonly io: Invocation["io"];
}

const RENDER: Readonly<Record<options.ValidateFormat, (list: ProblemList, setup: RenderSetup) => string>> = {
  text: (list, { io }) => renderProblemsText(list, { style: styleOf(io.stdout) }),
  json: (list, { exitCode }) => jsonDocument(problemsToJson(list), exitCode),
  sarif: (list) => jsonText(problemsToSarif(list, { version: packageVersion() })),
  junit: renderProblemsJunit,
  github: renderProblemsGithub,
};
