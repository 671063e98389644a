import { afterEach, describe, expect, it } from "vitest";
import { renderPlanHtml } from "../../../src/report/html/plan-html.ts";
import { openPage, type OpenPage } from "../../support/browser.ts";
import { aChange, aPlan } from "../../support/report-builders.ts";
import { mixedPlan } from "../sample.ts";

const ATTACK = `</script><script>document.title = "taken"</script><img src=x onerror='document.title = "taken"'>`;

let open: OpenPage | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function show(...how: Parameters<typeof openPage>): Promise<OpenPage> {
  open = await openPage(...how);
  return open;
}

describe("a plan in a browser", () => {
  it("asks for nothing, and the browser has nothing to complain of", async () => {
    const { page, requests, complaints } = await show(renderPlanHtml(mixedPlan));
    await page.getByRole("searchbox").fill("bot");
    await page.getByRole("button", { name: /all/u }).click();
    expect(requests.filter((url) => url !== "data:,")).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.title()).toBe(
      "Plan for https://llmstack.example.com, dialect doc, account bots@example.com, set shop, from manifests",
    );
  });

  it("finds changes by any words in them, says how many, and shows all again", async () => {
    const { page } = await show(renderPlanHtml(mixedPlan));
    const items = page.locator("[data-item]:visible");
    const all = await items.count();
    await page.getByRole("searchbox").fill("support WELCOME");
    expect(await items.count()).toBe(1);
    expect(await items.first().innerText()).toContain("App/support-bot");
    expect(await page.getByRole("status").innerText()).toBe(`1 of ${await page.locator("[data-item]").count()}`);
    expect(await page.getByRole("heading", { level: 2 }).filter({ visible: true }).allInnerTexts()).toEqual([
      "Updates\n2",
      "Notes",
    ]);
    await page.keyboard.press("Escape");
    expect(await items.count()).toBe(all);
  });

  it("can be worked with the keyboard: / leads to the search, Enter folds", async () => {
    const { page } = await show(renderPlanHtml(mixedPlan));
    await page.keyboard.press("/");
    expect(await page.evaluate("document.activeElement.id")).toBe("find");
    const fold = page.locator("details", { hasText: "support-bot" }).filter({ hasText: "Support bot" });
    expect(await fold.getAttribute("open")).toBe("");
    await fold.locator("summary").focus();
    await page.keyboard.press("Enter");
    expect(await fold.getAttribute("open")).toBeNull();
    await page.getByRole("button", { name: "Open all" }).click();
    expect(await fold.getAttribute("open")).toBe("");
  });

  it("is whole and readable without script", async () => {
    const { page } = await show(renderPlanHtml(mixedPlan), { javaScriptEnabled: false });
    const text = await page.locator("body").innerText();
    for (const part of ["App/old-bot", "App/support-bot", "Be kind.", "Held (copy).", "docs/refunds.md"]) {
      expect(text).toContain(part);
    }
    expect(await page.getByRole("searchbox").count()).toBe(0);
    await page.getByText("Show what stays as it is").click();
    expect(await page.locator("body").innerText()).toContain("App/triage");
  });

  it.each(["light", "dark"] as const)(
    "is easy to read in %s: every text stands out from what is behind it",
    async (colorScheme) => {
      const { page } = await show(renderPlanHtml(mixedPlan), { colorScheme });
      const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(luminance(String(background)) > 0.5).toBe(colorScheme === "light");
      const pairs = (await page.evaluate(COLOURS)) as readonly (readonly [string, string, string])[];
      expect(pairs.length).toBeGreaterThan(30);
      expect(pairs.filter(([, front, back]) => contrast(front, back) < 4.5)).toEqual([]);
    },
  );

  it("fits a narrow screen", async () => {
    const { page } = await show(renderPlanHtml(mixedPlan), { viewport: { width: 360, height: 700 } });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
  });

  it("shows foreign text as text, and runs none of it", async () => {
    const plan = aPlan([
      aChange({
        op: "update",
        name: ATTACK,
        displayName: ATTACK,
        fields: [{ pointer: "/prompt", before: "Be kind.\n", after: `Be kind.\n${ATTACK}\n` }],
      }),
    ]);
    const { page, requests, complaints } = await show(renderPlanHtml(plan));
    expect(await page.title()).not.toBe("taken");
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator(".hunks").innerText()).toContain(ATTACK);
    expect(requests.filter((url) => url !== "data:,")).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("has landmarks and names for those who do not see it", async () => {
    const { page } = await show(renderPlanHtml(mixedPlan));
    expect(await page.getByRole("main").count()).toBe(1);
    expect(await page.getByRole("banner").count()).toBe(1);
    expect(await page.getByRole("search").count()).toBe(1);
    expect(await page.getByRole("searchbox", { name: "Find in the changes" }).count()).toBe(1);
    expect(await page.getByRole("region", { name: /Deletes and replaces/u }).count()).toBe(1);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the changes");
  });
});

/** Text, its colour, and the nearest colour behind it, of everything that shows text itself. */
const COLOURS = `[...document.querySelectorAll("body *")].flatMap((element) => {
  const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
  if (!isText || !element.checkVisibility() || element.closest(".sr, .skip, script, style")) return [];
  let behind = element;
  while (behind && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
  return [[element.textContent.trim().slice(0, 40), getComputedStyle(element).color, behind ? getComputedStyle(behind).backgroundColor : "rgb(255, 255, 255)"]];
})`;

/** WCAG 2.2: 4.5 is what text needs. */
function contrast(front: string, back: string): number {
  const [light = 0, dark = 0] = [luminance(front), luminance(back)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [...colour.matchAll(/\d+/gu)].slice(0, 3).map(([digits]) => {
    const part = Number(digits) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
