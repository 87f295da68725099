import { describe, expect, test } from "vitest";
import { UsageError } from "../experiment/command-line";
import { benchHelp, readBenchArguments } from "./arguments";

describe("the bench's command line", () => {
  test("without flags measures everything, twenty times", () => {
    expect(readBenchArguments([])).toMatchObject({
      plan: {
        sizes: ["spark", "classroom", "studio"],
        backends: ["webgpu", "wasm"],
        subjects: ["ours", "tfjs", "jax-js"],
        rows: [64, 256],
        rounds: 20,
        patience: null,
        soakSteps: 500,
      },
      out: null,
      build: true,
    });
  });

  test("takes lists, numbers and switches", () => {
    const options = readBenchArguments(
      "--sizes spark,studio --backends wasm --engines ours --rows 4,8 --rounds 3 --patience 60 --soak 0 --out d --no-build".split(
        " ",
      ),
    );
    expect(options).toMatchObject({
      plan: { sizes: ["spark", "studio"], backends: ["wasm"], subjects: ["ours"], rows: [4, 8], rounds: 3 },
      out: "d",
      build: false,
    });
    expect(options).toMatchObject({ plan: { patience: 60, soakSteps: 0 } });
  });

  test.each([
    ["--sizes huge", '--sizes has "huge", expected any of spark, classroom, studio'],
    ["--rounds 0", '--rounds has "0", expected a whole number of at least 1'],
    ["--rounds 3,4", "--rounds takes one number"],
    ["--rows 4,x", '--rows has "x"'],
    ["--soak -1", "--soak"],
    ["--colour red", "colour"],
  ])("refuses %s in a sentence", (line, sentence) => {
    expect(() => readBenchArguments(line.split(" "))).toThrow(UsageError);
    expect(() => readBenchArguments(line.split(" "))).toThrow(sentence);
  });

  test("explains every flag", () => {
    for (const flag of ["--sizes", "--rounds", "--patience", "--soak", "--out"]) expect(benchHelp()).toContain(flag);
    expect(readBenchArguments(["--help"])).toBe("help");
  });
});
