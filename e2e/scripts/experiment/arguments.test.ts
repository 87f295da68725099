import { describe, expect, test } from "vitest";
import { settings } from "../../../src/config/settings";
import { helpText, readArguments } from "./arguments";
import { UsageError } from "./command-line";

const read = (line: string): ReturnType<typeof readArguments> => readArguments(line.split(" ").filter(Boolean));

describe("the experiment's command line", () => {
  test("changes what it names and leaves the preset's values elsewhere", () => {
    const options = read("--set learn.clipHigh=0.3 --out x --preset classroom --seed 7 --evaluate-every 0 --samples 2");
    expect(options).toMatchObject({
      out: "x",
      checkpoint: null,
      benchmark: null,
      adapter: "hardware",
      build: true,
      config: {
        preset: "classroom",
        seed: 7,
        policy: { hidden: 128 },
        learn: { clipHigh: 0.3, clipLow: 0.2 },
        evaluation: { every: 0, samples: 2 },
      },
    });
  });

  test("the last of several --set for one key counts", () => {
    expect(read("--out x --set seed=2 --set seed=3")).toMatchObject({ config: { seed: 3 } });
  });

  test.each([
    ["--out x --sead 3", /--sead is not a flag; the flags are --preset, --seed,/],
    ["--out x --seed 1.5", /--seed is 1.5, expected a whole number 0..2147483647/],
    ["--out x --preset tiny", /--preset is tiny, expected one of smoke, spark/],
    ["--out x --backend=cuda", /--backend is cuda, expected one of auto, webgpu, wasm, cpu/],
    ["--out x --set learn.lr=1", /learn.lr is not a setting; the settings are preset, seed/],
    ["--out x --set learn.clipHigh=99", /learn.clipHigh is 99, expected 0.00001..10/],
    ["--out x --set learn.clipHigh", /has no "="/],
    ["--out x --set learn.clipHigh=", /learn.clipHigh is empty/],
    [
      "--out x --set policy.heads=3",
      /policy.hidden, policy.heads, policy.kvHeads: 64 features cannot be shared by 3 heads/,
    ],
    ["--out x --adapter soft", /--adapter is soft, expected one of hardware, software/],
    ["--out x stray", /"stray" stands alone/],
    ["--out x --seed", /--seed needs a value: --seed N/],
    ["--out --seed 1", /--out needs a value: --out DIR/],
    ["--out x --out y", /--out is given twice/],
    ["--out x --no-build=1", /--no-build takes no value/],
    ["--seed 1", /--out is missing/],
    ["--out x --seed -1", /--seed is -1, expected/],
  ])("refuses %s by name", (line, message) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(message);
  });

  test("explains every flag and every setting with its range and default", () => {
    expect(read("--help")).toBe("help");
    const text = helpText();
    for (const { key, why } of settings) {
      expect(text).toContain(key);
      expect(text).toContain(why);
    }
    expect(text).toMatch(/--out DIR {2,}\w/);
    expect(text).toContain("0.00001..10, ratio; default 0.28");
  });
});
