import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { contradictionsOf, refuseContradictions } from "./contradictions";
import { makeConfig } from "./presets";
import type { ConfigOverrides } from "./schema";

const keysOf = (overrides: ConfigOverrides): string[] =>
  contradictionsOf(makeConfig("spark", overrides)).flatMap(({ keys }) => keys);

const nothing = { direct: 0, worked: 0, oneBlock: 0, twoBlocks: 0, rewritten: 0 };

test.each<[ConfigOverrides, number]>([
  [{ policy: { heads: 3, kvHeads: 3 } }, 3], // 64 is no multiple of 3
  [{ policy: { hidden: 12 } }, 3], // 3 features a head: an odd number
  [{ policy: { kvHeads: 3 } }, 3], // 4 heads cannot share 3
  [{ policy: { kvHeads: 2 } }, 0],
  [{ coldStart: nothing }, 5],
  [{ coldStart: { ...nothing, worked: 0.1 } }, 0],
  [{ coldStart: { steps: 0, epochs: 0 } }, 2],
  [{ coldStart: { steps: 0, epochs: 1 } }, 0],
])("%j names %i settings", (overrides, count) => {
  expect(keysOf(overrides)).toHaveLength(count);
});

property.prop([fc.integer({ min: 8, max: 4096 }), fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 })])(
  "heads stand exactly where every key-value head serves as many heads, each with whole pairs of features",
  (hidden, heads, kvHeads) => {
    let stands = false;
    for (let pairs = 1; 2 * pairs * heads <= hidden; pairs++)
      for (let each = 1; each * kvHeads <= heads; each++)
        stands ||= 2 * pairs * heads === hidden && each * kvHeads === heads;
    expect(keysOf({ policy: { hidden, heads, kvHeads } }).length === 0).toBe(stands);
  },
);

test("is refused in a sentence that names the settings, with what to do", () => {
  const config = makeConfig("spark", { policy: { heads: 5 } });
  expect(() => refuseContradictions(config)).toThrow(
    "policy.hidden, policy.heads, policy.kvHeads: 64 features cannot be shared by 5 heads with 4 key-value heads.",
  );
});
