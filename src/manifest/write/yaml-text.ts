import { DEFAULT_SCALAR_STYLE_RULES, dump, DUMP_SCHEMA, SCALAR_STYLE } from "js-yaml";
import type { JsonObject } from "../../model/json.ts";
import { readPlainScalar } from "../yaml/plain-scalar.ts";
import { manifestInOrder } from "./key-order.ts";

type Rule = (typeof DEFAULT_SCALAR_STYLE_RULES)["quoteInvalidPlain"];

/** Line breaks to some readers and text to others, and what editors change or do not show. */
const RISKY = /[\r\u0085\u2028\u2029\uFEFF]|(?![\n\t])\p{Cc}/u;

/** A text in quotes wherever two readers of YAML might take it for different things. */
const quoteAmbiguous: Rule = (layout) => {
  const { value, tag } = layout.node;
  if (layout.style !== SCALAR_STYLE.PLAIN || tag !== DUMP_SCHEMA.defaultScalarTag.tagName) return;
  if (RISKY.test(value)) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
  else if (!value.includes("\n") && readPlainScalar(value) !== value) layout.style = SCALAR_STYLE.SINGLE_QUOTED;
};

/**
 * A manifest as one YAML document that every reader reads alike, our own without complaint; the same value gives the same bytes,
 * whatever the order of its keys. Each comment becomes a line at the top.
 */
export function yamlText(value: JsonObject, comments: readonly string[] = []): string {
  const body = dump(manifestInOrder(value), {
    noRefs: true,
    lineWidth: -1,
    scalarStyleRules: [quoteAmbiguous, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)],
  });
  return `${comments.map((comment) => `# ${oneLine(comment)}\n`).join("")}${body}`;
}

/** A comment ends at the first line break, and what follows would be read as YAML. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\uFEFF]+/gu, " ").toWellFormed();
}
