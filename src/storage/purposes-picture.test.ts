import { expect, test } from "vitest";
import { noPurposes } from "../core/code-purpose";
import { purposesPicture } from "./purposes-picture";

const before = { name: "before <RL>", colour: "#111", counts: { ...noPurposes, calculation: 3, verification: 1 } };
const after = { name: "after", colour: "#222", counts: { ...noPurposes, calculation: 1, search: 4 } };

const lengths = (picture: string, colour: string): number[] =>
  [...picture.matchAll(/class="bar"[^>]* width="([\d.]+)"[^>]* fill="([^"]+)"/g)]
    .filter((found) => found[2] === colour)
    .map((found) => Number(found[1]));

test("each bar is its group's share, and purposes of no snippet are left out", () => {
  const picture = purposesPicture([before, after]);
  expect(lengths(picture, "#111")).toEqual([225, 75, 0]);
  expect(lengths(picture, "#222")).toEqual([60, 0, 240]);
  expect(picture).toContain(">before &lt;RL&gt;<");
  expect(picture).not.toMatch(/geometry|algebra|simulation|other/);
});

test("a group without snippets has bars of no length", () => {
  expect(lengths(purposesPicture([before, { ...after, counts: noPurposes }]), "#222")).toEqual([0, 0]);
});
