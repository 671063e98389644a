/** Joiners are kept: emoji and several scripts need them, and they move no cursor. */
const UNSAFE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * One line that a terminal, a log and a Markdown page show as it is: control, direction-changing and invisible
 * characters stand as escapes, so that a prompt cannot rewrite what stands around it.
 */
export function printable(text: string): string {
  return text.replaceAll(UNSAFE, escape);
}

/** As printable, line by line; tabs stay, because in a text they are content and harmless. */
export function printableLines(text: string): readonly string[] {
  return text.split("\n").map((line) => line.split("\t").map(printable).join("\t"));
}

/** JSON text with the characters escaped that JSON allows in strings and terminals do not take well. */
export function printableJson(json: string): string {
  return json.replaceAll(UNSAFE, (character) => (character === "\n" ? character : escapeUnits(character)));
}

/** At most `length` UTF-16 units of the text, never half a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, isHighSurrogate(text.charCodeAt(length - 1)) ? length - 1 : length);
}

/** Whole numbers with commas: 65,536. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/gu, ",");
}

/** `1 entry`, `2 entries`: regular plurals unless one is given. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Sizes as people read them: 812 B, 1.2 KiB, 3.4 MiB. */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  const kib = size / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

const NAMED: Readonly<Record<string, string>> = { "\n": String.raw`\n`, "\r": String.raw`\r`, "\t": String.raw`\t` };

function escape(character: string): string {
  return NAMED[character] ?? escapeUnits(character);
}

function escapeUnits(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
