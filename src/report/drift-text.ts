import type { Drift } from "../model/drift.ts";
import { driftView } from "./drift-view.ts";
import { changeLines } from "./lines.ts";
import { noteBlock } from "./plan-text.ts";
import { againstText, joinParts, lineText, paint, type Style } from "./text.ts";

/** Differences between live and manifests by who moved, for people at a terminal, ending with a newline. */
export function renderDriftText(drift: Drift, { style }: { readonly style: Style }): string {
  const view = driftView(drift);
  return joinParts([
    [paint(style, "bold", `Drift of ${againstText(view.against)}`)],
    ...view.sections.map(({ title, changes }) => [
      paint(style, "bold", title),
      ...changes
        .flatMap((change) => changeLines(change))
        .flatMap(({ headline, details }) => [headline].concat(details))
        .map((line) => lineText(line, style)),
    ]),
    noteBlock(view.notes, style),
    [paint(style, "bold", view.summary)],
  ]);
}
