import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { isArray, isObject } from "../../src/model/json.ts";
import type { DesiredEntry, FileBody, Resource } from "../../src/model/resource.ts";
import { statuses, wantEntry, wantFile, wantUrl } from "../support/apply-world.ts";
import { makeDeletePlan } from "../../src/plan/delete-plan.ts";
import { type ContractWorld, onEveryServer } from "../support/contract.ts";
import { leftIn, troubleIn } from "../support/dialect-world.ts";

/** One wanted entry of each kind that there is, by type of the datasource. */
const ENTRIES: Readonly<Record<string, DesiredEntry>> = {
  text: wantEntry("refunds", "Refunds take 14 days.", { lang: "en" }),
  url: wantUrl("home", "https://llmstack.test/home"),
  file: wantFile("guide.md", file("guide.md", "# Guide")),
  pdf: wantFile("price.pdf", file("price.pdf", "%PDF-1.4 prices")),
  csv: wantFile("people.csv", file("people.csv", "name,age\nAda,36\n")),
  archive: wantFile("all.zip", file("all.zip", Buffer.from(EMPTY_ZIP(), "base64").toString("latin1"))),
};

/** A zip with nothing in it. */
function EMPTY_ZIP(): string {
  return "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==";
}

function file(path: string, text: string): FileBody {
  const bytes = Buffer.from(text, "latin1");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  async function* read(): AsyncIterable<Uint8Array> {
    yield await Promise.resolve(bytes);
  }
  return { path, fileName: path, size: bytes.length, sha256, read };
}

/** What a datasource of a type needs in its manifest on that server; undefined where the server has no such type. */
async function typed(
  world: ContractWorld,
  type: string,
  entries: readonly DesiredEntry[],
): Promise<Resource | undefined> {
  const { json } = await world.byHand("GET", "/api/datasource_types");
  const known = isArray<unknown>(json) ? json.map(slugOf) : Object.keys(ENTRIES);
  // A real server far from any network can run nothing but this, and older ones not even that (llmstack-server.md 8).
  if (world.reference === undefined) {
    const hasCustom = world.client.rules.capabilities.kinds["Datasource"]?.mark === "fixed";
    return hasCustom && type === "text" ? customText(world, entries) : undefined;
  }
  return known.includes(type) ? world.datasource("docs", { type, entries }) : undefined;
}

function slugOf(type: unknown): string {
  const { slug, name } = isObject(type) ? type : {};
  return typeof slug === "string" ? slug : typeof name === "string" ? name.toLowerCase() : "";
}

function customText(world: ContractWorld, entries: readonly DesiredEntry[]): Resource {
  const made = world.datasource("docs", { type: "custom", entries });
  const pipeline = {
    source: { slug: "text", provider_slug: "promptly", data: {} },
    transformations: [{ slug: "splitter", provider_slug: "unstructured", data: {} }],
    destination: { slug: "sqlite", provider_slug: "promptly", data: {} },
  };
  return { ...made, document: { ...made.document, pipeline } };
}

async function settle(world: ContractWorld, wanted: readonly Resource[]): Promise<readonly string[]> {
  const report = await world.sync(wanted);
  expect(troubleIn(report)).toEqual([]);
  expect(leftIn(await world.plan(wanted))).toEqual([]);
  return statuses(report);
}

async function entriesOf(world: ContractWorld): Promise<readonly string[]> {
  const live = (await world.datasources()).find(({ name }) => name === world.named("docs"));
  const entries = live === undefined ? [] : await world.entries(live.uuid);
  return entries.map(({ name, status }) => `${name.replace(/~[0-9a-f]{10}$/u, "")} ${status}`).toSorted();
}

/** What tells whose an entry is. */
function hasMarks({ client }: ContractWorld): boolean {
  return client.rules.capabilities.entryMark === "metadata";
}

onEveryServer((open) => {
  it.each(Object.keys(ENTRIES))("takes entries of a %s datasource, and uploads nothing twice", async (type) => {
    const world = await open();
    const entry = ENTRIES[type];
    const docs = entry && (await typed(world, type, [entry]));
    if (docs === undefined) return;
    expect(await settle(world, [docs])).toEqual([
      "create Datasource/docs: done",
      expect.stringMatching(/^create Datasource\/docs\/entries\/.*: done$/u),
    ]);
    expect(await entriesOf(world)).toHaveLength(1);
    world.reference?.requests();
    await settle(world, [docs]);
    expect(world.reference?.requests().filter((request) => !request.startsWith("GET")) ?? []).toEqual([]);
  });

  it("puts a changed entry beside the old one before that goes, and keeps what others added", async ({ skip }) => {
    const world = await open();
    const [before, after] = [wantEntry("a", "one"), wantEntry("a", "two")];
    const [docs, changed] = [await typed(world, "text", [before]), await typed(world, "text", [after])];
    skip(docs === undefined || changed === undefined, "has no text");
    if (docs === undefined || changed === undefined) return;
    await settle(world, [docs]);
    const uuid = (await world.datasources()).find(({ name }) => name === docs.name)?.uuid ?? "";
    await addByHand(world, uuid, "text");
    expect(await settle(world, [changed])).toEqual([
      "update Datasource/docs/entries/a: done",
      "keep Datasource/docs: kept",
    ]);
    expect(await entriesOf(world)).toEqual(["a READY", "by hand READY"]);
  });

  it("prunes entries that it can prove to be its own, and no others", async ({ skip }) => {
    const world = await open();
    const all = ["a", "b", "c", "d"].map((name) => wantEntry(name, `About ${name}.`));
    const [docs, fewer] = [await typed(world, "text", all), await typed(world, "text", all.slice(1))];
    skip(docs === undefined || fewer === undefined, "has no text");
    if (docs === undefined || fewer === undefined) return;
    await settle(world, [docs]);
    const report = await world.sync([fewer], { prune: true });
    expect(troubleIn(report)).toEqual([]);
    const left = ["b READY", "c READY", "d READY"];
    expect(await entriesOf(world)).toEqual(hasMarks(world) ? left : ["a READY", ...left]);
  });

  const prices = [wantFile("price.pdf", file("price.pdf", "%PDF-1.4 prices"))];

  it("replaces a datasource of another type, which its apps then use", async ({ skip }) => {
    const world = await open();
    skip(world.reference === undefined, "has one type that needs no network");
    const files = world.datasource("docs", { type: "file", entries: prices });
    const bot = world.app("bot", { uses: [files.key] });
    await settle(world, [files, bot]);
    const [old] = await world.datasources();
    const pdfs = world.datasource("docs", { type: "pdf", entries: prices });
    const wanted = [{ ...pdfs, uuid: old?.uuid ?? "" }, bot];
    expect(leftIn(await world.plan(wanted))).toContainEqual(expect.stringMatching(/^hold replace Datasource\/docs/u));
    expect(troubleIn(await world.sync(wanted, { allowReplace: true }))).toEqual([]);
    const [now, ...others] = await world.datasources();
    expect([now?.type, others]).toEqual(["pdf", []]);
    expect(now?.uuid).not.toBe(old?.uuid);
    expect(await entriesOf(world)).toEqual(["price.pdf READY"]);
    expect(JSON.stringify((await world.ownApps())[0]?.document)).toContain(now?.uuid);
    expect(leftIn(await world.plan([pdfs, bot]))).toEqual([]);
  });

  it("does not replace a datasource that holds what somebody added", async ({ skip }) => {
    const world = await open();
    skip(world.reference === undefined, "has one type that needs no network");
    await settle(world, [world.datasource("docs", { type: "file", entries: prices })]);
    const { uuid } = (await world.datasources())[0] ?? { uuid: "" };
    await addByHand(world, uuid, "file");
    const wanted = [world.datasource("docs", { type: "pdf", entries: prices, uuid })];
    expect(leftIn(await world.plan(wanted, { allowReplace: true }))).toEqual([
      expect.stringMatching(/^hold foreign-entries Datasource\/docs.*Foreign entries: 1/u),
    ]);
  });

  it("prunes a datasource only where something proves it its own", async () => {
    const world = await open();
    const entry = [wantEntry("a", "one")];
    const others = ["one", "two", "three"].map((name) => world.datasource(name));
    await settle(world, [world.datasource("docs", { entries: world.reference === undefined ? [] : entry }), ...others]);
    const plan = await world.plan(others, { prune: true });
    const { mark } = world.client.rules.capabilities.kinds["Datasource"] ?? {};
    const isProven = mark === "fixed" || (hasMarks(world) && world.reference !== undefined);
    expect(leftIn(plan)).toEqual(isProven ? ["prune Datasource/docs: []"] : []);
    expect(troubleIn(await world.apply(plan))).toEqual([]);
    expect((await world.datasources()).some(({ name }) => name === world.named("docs"))).toBe(!isProven);
  });

  it("deletes by its manifest what that proves its own", async ({ skip }) => {
    const world = await open();
    const isMarked = world.client.rules.capabilities.kinds["Datasource"]?.mark === "fixed";
    skip(world.reference === undefined && !isMarked, "has nothing that proves it without entries");
    const docs = world.datasource("docs", { entries: world.reference === undefined ? [] : [wantEntry("a", "one")] });
    await settle(world, [docs]);
    const plan = await world.plan([docs], {}, { makePlan: makeDeletePlan });
    expect(leftIn(plan)).toEqual(["prune Datasource/docs: []"]);
    expect(troubleIn(await world.apply(plan))).toEqual([]);
    expect((await world.datasources()).some(({ name }) => name === docs.name)).toBe(false);
  });

  it("keeps what was fixed when a datasource was made, and says so", async ({ skip }) => {
    const world = await open();
    skip(world.client.rules.capabilities.kinds["Datasource"]?.mark !== "fixed", "keeps no mark on datasources");
    await settle(world, [world.datasource("docs")]);
    const later = [world.datasource("docs", { protect: true })];
    expect(leftIn(await world.plan(later))).toEqual([expect.stringMatching(/^hold mark-immutable Datasource\/docs/u)]);
    const renamed = { ...world.datasource("handbook", { name: "docs" }), movedFrom: [world.datasource("docs").key] };
    expect(leftIn(await world.plan([renamed]))).toEqual([]);
    const other = [world.datasource("docs", { formerSets: [world.set] })];
    expect(leftIn(await world.plan(other, { set: `${world.set}-new` }))).toEqual([]);
    expect(leftIn(await world.plan([world.datasource("docs")], { set: `${world.set}-new` }))).toEqual([
      expect.stringMatching(/^hold owned Datasource\/docs.*/u),
    ]);
  });
});

/** What a person adds, as servers take it: by way of `entry_data` files are plain base64 on some of them. */
const BY_HAND: Readonly<Record<"text" | "file", readonly object[]>> = {
  text: [{ name: "by hand", content: "Mine." }],
  file: [{ file: "data:text/plain;name=by hand;base64,TWluZS4=" }, { name: "by hand", file: "TWluZS4=" }],
};

async function addByHand(world: ContractWorld, uuid: string, type: "text" | "file"): Promise<void> {
  const bodies = BY_HAND[type].flatMap((data) => [
    { path: "add_entry", body: { source_data: { ...data, extra_data: [] } } },
    { path: "add_entry", body: { entry_data: data } },
    { path: "entries", body: { entry_data: data } },
  ]);
  for (const { path, body } of bodies) {
    const { status } = await world.byHand("POST", `/api/datasources/${uuid}/${path}`, body);
    const entries = status < 300 ? await world.entries(uuid) : [];
    if (entries.some(({ name }) => name === "by hand")) return;
  }
  throw new Error("takes no entry");
}
