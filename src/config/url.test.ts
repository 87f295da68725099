import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contradictionsOf } from "./contradictions";
import { makeConfig, presetNames } from "./presets";
import { configSchema, type LabConfig } from "./schema";
import { flatten, type Setting, settings, type SettingValue, unflatten } from "./settings";
import { configFromUrl, urlFromConfig } from "./url";

function valueOf(setting: Setting): fc.Arbitrary<SettingValue> {
  if (setting.kind === "choice") return fc.constantFrom(...setting.choices);
  if (setting.kind === "names")
    return fc.array(fc.constantFrom("gcd", "lcm", "power-of-2")).map((list) => list.join(","));
  if (setting.kind === "integer") return fc.integer({ min: setting.minimum, max: setting.maximum });
  return fc.double({ min: setting.minimum, max: setting.maximum, noNaN: true }).map((value) => value + 0);
}

const { policy, coldStart } = makeConfig("spark");

/** Every setting drawn alone; where they cannot stand together, those that most often do not are the preset's. */
const anyConfig: fc.Arbitrary<LabConfig> = fc
  .record(Object.fromEntries(settings.map((setting) => [setting.key, valueOf(setting)])))
  .map((flat) => configSchema.parse(unflatten(flat)))
  .map((config) => (contradictionsOf(config).length === 0 ? config : { ...config, policy, coldStart }));

describe("the address", () => {
  test("carries any configuration there and back", () => {
    const thereAndBack = fc.property(anyConfig, (config) => {
      expect(configFromUrl(urlFromConfig(config))).toEqual({ config, problems: [] });
    });
    fc.assert(thereAndBack);
  });

  test("says which of its values cannot stand together, and takes the preset's for those alone", () => {
    const { config, problems } = configFromUrl("?policy.heads=3&coldStart.steps=0&coldStart.epochs=0&seed=9");
    expect(problems).toEqual([
      "policy.hidden, policy.heads, policy.kvHeads: 64 features cannot be shared by 3 heads with 4 key-value heads; the preset's values are used",
      "coldStart.steps, coldStart.epochs: a cold start of 0 steps and 0 epochs learns nothing; the preset's values are used",
    ]);
    expect(config).toEqual(makeConfig("spark", { seed: 9 }));
  });

  test("uses a value or reports it, never neither and never both", () => {
    const others = settings.filter((setting) => setting.key !== "preset");
    const text = fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String));
    const usedOrReported = fc.property(
      fc.constantFrom(...presetNames),
      fc.constantFrom(...others),
      text,
      (preset, setting, text) => {
        const search = new URLSearchParams({ preset, [setting.key]: text }).toString();
        const { config, problems } = configFromUrl(search);
        const used = flatten(config)[setting.key];
        const accepted = {
          choice: used === text,
          names: used === text.replace(/\s/g, "") && /^[a-z0-9,-]*$/.test(used),
          number: text.trim() !== "" && used === Number(text),
          integer: text.trim() !== "" && used === Number(text),
        };
        expect(problems.length === 0).toBe(accepted[setting.kind]);
      },
    );
    fc.assert(usedOrReported);
  });

  test("holds only what differs from the preset", () => {
    expect(urlFromConfig(makeConfig("spark"))).toBe("");
    expect(urlFromConfig(makeConfig("studio"))).toBe("?preset=studio");
    expect(urlFromConfig(makeConfig("spark", { seed: 3, learn: { clipHigh: 0.3 } }))).toBe(
      "?seed=3&learn.clipHigh=0.3",
    );
  });

  test("names value, expectation and remedy, and uses the rest", () => {
    const { config, problems } = configFromUrl("?learn.clipHigh=30&rollout.groupSize=4&seed=1.5&backend=cuda");
    expect(problems).toEqual([
      "learn.clipHigh is 30, expected 0.00001..10; remove it from the address to use 0.28",
      "seed is 1.5, expected a whole number 0..2147483647; remove it from the address to use 1",
      "backend is cuda, expected one of auto, webgpu, wasm, cpu; remove it from the address to use auto",
    ]);
    expect(config.rollout.groupSize).toBe(4);
    expect(config.learn.clipHigh).toBe(0.28);
  });

  test("reports what it does not know, with the nearest name", () => {
    expect(configFromUrl("?learn.cliphihg=1").problems).toEqual([
      "learn.cliphihg is not a setting; write learn.clipHigh, or remove it from the address",
    ]);
    expect(configFromUrl("?tracking=yes&preset=giant").problems).toEqual([
      "tracking is not a setting; remove it from the address",
      "preset is giant, expected one of smoke, spark, spark-text, spark-large, discovery, wide, classroom, studio; remove it from the address to use spark",
    ]);
  });

  test("reports a key that is given twice", () => {
    const { config, problems } = configFromUrl("?seed=1&seed=2");
    expect(config.seed).toBe(1);
    expect(problems).toEqual(["seed is given 2 times, expected once; the first is used"]);
  });

  test("leaves the page's own keys alone", () => {
    expect(configFromUrl("?view=episodes&lang=zh&theme=dark&autostart=1").problems).toEqual([]);
  });
});
