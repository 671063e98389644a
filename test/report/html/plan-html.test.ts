import { describe, expect, it } from "vitest";
import { renderDriftHtml } from "../../../src/report/html/drift-html.ts";
import { renderPlanHtml } from "../../../src/report/html/plan-html.ts";
import { aChange, aPlan, aTarget } from "../../support/report-builders.ts";
import { emptyPlan, mixedDrift, mixedPlan, refusedPlan } from "../sample.ts";

const ATTACK = `</script></style><script>alert(1)</script><img src=x onerror=alert(1)>" onload="alert(1)' x='`;

function hostilePlan(): string {
  const hold = { reason: "copy", detail: ATTACK, remedy: ATTACK } as const;
  return renderPlanHtml(
    aPlan(
      [
        aChange({
          op: "update",
          name: ATTACK,
          displayName: ATTACK,
          fields: [{ pointer: ATTACK, before: ATTACK, after: `${ATTACK}\n${ATTACK}` }],
        }),
        aChange({ op: "hold", name: "held", hold }),
      ],
      {
        target: { ...aTarget, server: ATTACK, account: ATTACK, source: ATTACK },
        notes: [{ code: "x", message: ATTACK }],
        refusals: [{ rule: "empty", detail: ATTACK, remedy: ATTACK }],
      },
    ),
  );
}

/** Every tag, in the order of the page. */
function tagsOf(page: string): readonly string[] {
  return [...page.matchAll(/<\/?([a-z][a-z0-9]*)/giu)].map(([, name = ""]) => name.toLowerCase());
}

describe("a plan as a page", () => {
  it("puts what does damage and what is held before the rest", () => {
    const titles = [...renderPlanHtml(mixedPlan).matchAll(/<h2[^>]*>([^<]*)/gu)].map(([, title = ""]) => title.trim());
    expect(titles).toEqual(["Deletes and replaces", "Held", "Updates", "Creates", "Unchanged", "Notes"]);
  });

  it("says against what it was made, its digest and its counts", () => {
    const page = renderPlanHtml(mixedPlan);
    for (const text of [
      "https://llmstack.example.com",
      "bots@example.com",
      mixedPlan.digest,
      "to delete",
      "unchanged",
    ]) {
      expect(page).toContain(text);
    }
  });

  it("loads nothing: no address to fetch, and a policy that would forbid it", () => {
    const page = renderPlanHtml(mixedPlan);
    const addresses = [...page.matchAll(/\b(?:src|href|action|srcset|poster)=("[^"]*"|[^ >]*)/gu)].map(([, to]) => to);
    expect(addresses.filter((to) => !/^"(?:#[\w-]+|data:,)"$/u.test(to ?? ""))).toEqual([]);
    expect(page).toMatch(
      /default-src &#39;none&#39;; style-src &#39;sha256-[^;]+&#39;; script-src &#39;sha256-[^;]+&#39;/u,
    );
    expect(page).not.toMatch(/@import|url\(/u);
  });

  it("takes no foreign text for markup, wherever it stands", () => {
    const page = hostilePlan();
    expect(tagsOf(page).filter((tag) => tag === "img")).toEqual([]);
    expect(tagsOf(page).filter((tag) => tag === "script")).toEqual(["script", "script"]);
    expect(page).not.toContain("<script>alert");
    expect(page).not.toMatch(/<[^>]* on(?:load|error)=/u);
    expect(page).toContain("&lt;/script&gt;");
  });

  it("shows a refusal first", () => {
    const page = renderPlanHtml(refusedPlan);
    expect(page.indexOf("Refused: nothing is applied")).toBeLessThan(page.indexOf("Deletes and replaces"));
    expect(page).toContain("--max-deletes 4");
  });

  it("of nothing to do says so, and folds what stays", () => {
    const page = renderPlanHtml(emptyPlan);
    expect(page).toContain("<h1>No changes. The server matches the manifests (3 unchanged).</h1>");
    expect(page).toContain('<details class="quiet">');
  });

  it("folds many updates, and never what deletes", () => {
    const updates = Array.from({ length: 50 }, (_, index) =>
      aChange({ op: "update", name: `bot-${index}`, fields: [{ pointer: "/name", before: "a", after: "b" }] }),
    );
    const replace = aChange({
      op: "replace",
      name: "agent",
      fields: [{ pointer: "/type_slug", before: "web", after: "agent" }],
    });
    expect(renderPlanHtml(aPlan([replace, ...updates])).match(/<details open>/gu)).toHaveLength(1);
  });
});

describe("a drift as a page", () => {
  it("says who moved", () => {
    const page = renderDriftHtml(mixedDrift);
    expect(page).toContain("Drift: changed on the server");
    expect(page).toContain("Pending: changed in the manifests, not applied yet");
    expect(page).toContain("live → manifests");
  });
});
