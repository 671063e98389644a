import type { Drift } from "../../model/drift.ts";
import { driftView } from "../drift-view.ts";
import { againstText } from "../text.ts";
import { changeList } from "./change-card.ts";
import { markup } from "./markup.ts";
import { renderPage } from "./page.ts";
import { listSection, noteList, targetFacts } from "./parts.ts";

/** Differences between live and manifests by who moved, as one page that needs nothing beside itself. */
export function renderDriftHtml(drift: Drift): string {
  const view = driftView(drift);
  return renderPage({
    title: `Drift of ${againstText(view.against)}`,
    header: markup`<p class="kicker">llmstack-sync drift</p>
<h1>${view.summary}</h1>
${targetFacts(view.against)}`,
    main: markup`${[
      ...view.sections.map(({ title, changes }, index) =>
        listSection(`list-${index}`, title, changes.length, changeList(changes, "open")),
      ),
      noteList(view.notes),
    ]}`,
    footer: markup`Values read live → manifests. Secrets are in no report.`,
  });
}
