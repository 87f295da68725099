import { describe, expect, test } from "vitest";
import { FaultError } from "../../core/result";
import { configSchema } from "../schema";
import { contradictionsOf } from "../contradictions";
import { makeConfig, presetNames } from "./index";

describe("presets", () => {
  test("spark is the schema's defaults", () => {
    expect(makeConfig("spark")).toEqual(configSchema.parse({}));
  });

  test("smoke has spark's policy, so that spark's checkpoint fits it", () => {
    expect(makeConfig("smoke").policy).toEqual(makeConfig("spark").policy);
  });

  test.each(presetNames)("%s holds nothing that cannot stand together", (name) => {
    expect(contradictionsOf(makeConfig(name))).toEqual([]);
  });

  test("overrides go over the preset, key by key", () => {
    const config = makeConfig("classroom", { policy: { layers: 2 } });
    expect(config.policy).toEqual({ ...makeConfig("classroom").policy, layers: 2 });
    expect(config.preset).toBe("classroom");
  });

  test("a value out of range is refused by name", () => {
    expect(() => makeConfig("spark", { rollout: { groupSize: 1 } })).toThrow(FaultError);
    expect(() => makeConfig("spark", { rollout: { groupSize: 1 } })).toThrow(
      "rollout.groupSize is out of range, expected a whole number 2..64.",
    );
  });
});
