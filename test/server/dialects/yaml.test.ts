import { describe, expect, it } from "vitest";
import { REAL, type RealApi, seen, startReal } from "../../support/real-servers.ts";

const YAML = { "content-type": "application/yaml" };
const HEAD = "name: Y\ntype_slug: web\ndraft: false\n";

function post(api: RealApi, yaml: string): ReturnType<RealApi["send"]> {
  return api.send("POST", "/api/apps", HEAD + yaml, YAML);
}

describe.each(REAL)("YAML on %s", (dialect) => {
  it.each([
    ["on", "true"],
    ["off", "false"],
    ["yes", "true"],
    ["n", '"n"'],
    ["010", "8"],
    ["0o17", '"0o17"'],
    ["1_000", "1000"],
    ["12:30:00", "45000"],
    ["1.0", "1.0"],
    ["1.50", "1.5"],
    ["0.7", "0.7"],
    ["-0.0", "0.0"],
    ["~", "null"],
    ['"2024-01-01"', '"2024-01-01"'],
    ["{on: 1}", '{"true":1}'],
  ])("reads %s as %s", async (yaml, json) => {
    const api = startReal(dialect);
    const { uuid } = await post(api, `config: {x: ${yaml}}`);
    expect((await api.send("GET", `/api/apps/${uuid}`)).text).toContain(`"config":{"x":${json}}`);
  });

  it.each(["2024-01-01", "2024-01-01 10:00:00", "!!timestamp 2024-01-01", ".inf", ".nan"])(
    "that holds %s is 500, and leaves an orphan",
    async (yaml) => {
      const api = startReal(dialect);
      expect(seen(await post(api, `config: {x: ${yaml}}`))).toBe("500 html");
      expect(seen(await api.send("GET", "/api/apps"))).toBe("500 html");
      expect((await api.send("GET", "/api/apps?fields=name,has_live_version")).json).toEqual([
        { name: "Y", has_live_version: false },
      ]);
    },
  );

  it("keeps a date where text is asked for, and fails where it is stored as data", async () => {
    const api = startReal(dialect);
    const dated = await api.send("POST", "/api/apps", `${HEAD}comment: 2024-01-01\n`, YAML);
    const { json } = await api.send("GET", `/api/apps/${dated.uuid}/versions`);
    expect(json).toMatchObject([{ comment: "2024-01-01" }]);
    expect(seen(await api.send("POST", "/api/apps", HEAD.replace("Y", "2024-01-01"), YAML))).toBe("500 html");
    expect((await api.send("GET", "/api/apps?fields=name")).json).toEqual([{ name: "2024-01-01" }, { name: "Y" }]);
  });

  it.each([
    ["that does not parse", "config: [1, 2", "400 json"],
    ["with a tab for a space", "config:\n\tx: 1", "500 html"],
    ["with an unknown alias", "config: *none", "500 html"],
    ["with an unsafe tag", "config: !!python/object:os.system {}", "500 html"],
  ])("%s writes nothing", async (_, yaml, expected) => {
    const api = startReal(dialect);
    expect(seen(await post(api, yaml))).toBe(expected);
    expect((await api.send("GET", "/api/apps")).text).toBe("[]");
  });

  it.each([
    ["- 1", "list"],
    ["text", "str"],
  ])("that is no mapping says so: %s", async (yaml, type) => {
    const { status, json } = await startReal(dialect).send("POST", "/api/apps", yaml, YAML);
    expect([status, json]).toEqual([400, { detail: `Expected dict, got <class '${type}'>` }]);
  });

  it("publishes", async () => {
    const api = startReal(dialect);
    const { uuid } = await post(api, "");
    expect(seen(await api.send("POST", `/api/apps/${uuid}/publish`, "visibility: 2", YAML))).toBe("200 empty");
    expect((await api.send("GET", `/api/apps/${uuid}`)).json).toMatchObject({ is_published: true, visibility: 2 });
  });
});
