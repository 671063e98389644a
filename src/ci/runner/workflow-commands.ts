import { printable } from "../../report/printable.ts";

/** A message in one command, as the runner reads it back: `%` first, no line break. */
export function commandData(text: string): string {
  return printable(text).replaceAll("%", "%25");
}

/** Secrets may have several lines; the runner masks line by line. Short ones would mask half of the log. */
export function maskCommands(secrets: readonly string[]): readonly string[] {
  const lines = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/u)]);
  const masked = new Set(lines.map((line) => line.trim()).filter((line) => line.length >= SHORTEST_MASK));
  return [...masked].map(
    (line) => `::add-mask::${line.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}`,
  );
}

const SHORTEST_MASK = 4;
