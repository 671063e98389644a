import { expect, it } from "vitest";
import { splitGlob } from "../../src/source/split-glob.ts";

it.each([
  ["*.yaml", "", "*.yaml"],
  ["apps/*.yaml", "apps", "*.yaml"],
  ["apps/**/bot?.yaml", "apps", "**/bot?.yaml"],
  ["/srv/manifests/*/app.yaml", "/srv/manifests", "*/app.yaml"],
  ["/*.yaml", "/", "*.yaml"],
  ["../team//apps/*.yaml", "../team//apps", "*.yaml"],
  ["bots (old)/*.yaml", "bots (old)", "*.yaml"],
  ["bots/@(a|b)/*.yaml", "bots", "@(a|b)/*.yaml"],
  ["envs/{staging/eu,prod}/*.yaml", "envs", "{staging/eu,prod}/*.yaml"],
])("%s is searched in %j", (glob, base, pattern) => {
  expect(splitGlob(glob)).toEqual({ base, pattern });
});
