/** A command that a runner of GitHub Actions found in a job's log. */
export interface RunnerCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const REGISTERED = [
  "add-mask",
  "add-matcher",
  "add-path",
  "debug",
  "echo",
  "endgroup",
  "error",
  "group",
  "internal-set-repo-path",
  "notice",
  "remove-matcher",
  "save-state",
  "set-env",
  "set-output",
  "stop-commands",
  "warning",
];

/**
 * What the runner makes of a log, line by line: it trims a line before it looks for `::` at its start, else looks for
 * `##[` anywhere in it; after stop-commands only the word that was given lets it listen again.
 */
export function runnerCommands(log: string): readonly RunnerCommand[] {
  const registered = new Set(REGISTERED);
  const found: RunnerCommand[] = [];
  let stoppedBy: string | undefined;
  for (const line of log.split(/\r\n|\n|\r/u)) {
    const command = parseNew(line, registered) ?? parseOld(line, registered);
    if (command === undefined) continue;
    if (stoppedBy !== undefined) {
      if (command.name.toLowerCase() === stoppedBy.toLowerCase()) stoppedBy = undefined;
      continue;
    }
    if (command.name.toLowerCase() === "stop-commands") {
      stoppedBy = requireStrong(command.data);
      registered.add(stoppedBy);
      continue;
    }
    if (REGISTERED.includes(command.name.toLowerCase())) found.push(command);
  }
  return found;
}

/** The runner refuses a word that anybody could guess. */
function requireStrong(token: string): string {
  if (token === "" || token === "pause-logging" || REGISTERED.includes(token)) throw new Error(`weak word ${token}`);
  return token;
}

function parseNew(line: string, registered: ReadonlySet<string>): RunnerCommand | undefined {
  // .NET counts U+0085 as white space too.
  const message = line.replace(/^[\s\u0085]+/u, "");
  if (!message.startsWith("::")) return undefined;
  const end = message.indexOf("::", 2);
  if (end < 0) return undefined;
  const [name, properties] = splitInfo(message.slice(2, end));
  if (!isKnown(name, registered)) return undefined;
  return {
    name,
    properties: pairs(properties.trim(), ",", unescapeProperty),
    data: unescapeData(message.slice(end + 2)),
  };
}

function parseOld(line: string, registered: ReadonlySet<string>): RunnerCommand | undefined {
  const start = line.indexOf("##[");
  const end = start < 0 ? -1 : line.indexOf("]", start);
  if (end < 0) return undefined;
  const [name, properties] = splitInfo(line.slice(start + 3, end));
  if (!isKnown(name, registered)) return undefined;
  return { name, properties: pairs(properties, ";", unescapeOld), data: unescapeOld(line.slice(end + 1)) };
}

function isKnown(name: string, registered: ReadonlySet<string>): boolean {
  return [...registered].some((known) => known.toLowerCase() === name.toLowerCase());
}

function splitInfo(info: string): readonly [name: string, properties: string] {
  const space = info.indexOf(" ");
  return space < 0 ? [info, ""] : [info.slice(0, space), info.slice(space + 1)];
}

function pairs(text: string, separator: string, unescape: (value: string) => string): Readonly<Record<string, string>> {
  const all = text.split(separator).flatMap((pair) => {
    const at = pair.indexOf("=");
    return at < 1 || at === pair.length - 1 ? [] : [[pair.slice(0, at), unescape(pair.slice(at + 1))] as const];
  });
  return Object.fromEntries(all);
}

function unescapeData(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function unescapeProperty(text: string): string {
  return text
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%25", "%");
}

function unescapeOld(text: string): string {
  return text
    .replaceAll("%3B", ";")
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%5D", "]")
    .replaceAll("%25", "%");
}
