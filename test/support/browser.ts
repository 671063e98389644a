import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page in a real browser, and everything that it should not have done. */
export interface OpenPage {
  readonly page: Page;
  /** What it asked for beside itself. */
  readonly requests: readonly string[];
  /** Console messages and errors. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Opens a page from a file, in a browser of its own. Fails with what to install where there is none. */
export async function openPage(
  html: string,
  options: Pick<BrowserContextOptions, "colorScheme" | "javaScriptEnabled" | "viewport"> = {},
): Promise<OpenPage> {
  const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-browser-"));
  const file = join(folder, "page.html");
  await writeFile(file, html);
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: await findBrowser(),
    headless: true,
    args: ARGUMENTS,
    ...options,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  const url = pathToFileURL(file).href;
  await page.goto(url);
  return {
    page,
    get requests() {
      return requests.filter((request) => request !== url);
    },
    complaints,
    close: async () => {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function findBrowser(): Promise<string> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const path of NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new Error("this test needs Chromium: apt-get install chromium");
}
