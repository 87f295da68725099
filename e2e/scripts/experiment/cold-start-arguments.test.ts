import { describe, expect, test } from "vitest";
import { coldStartHelp, readColdStartArguments } from "./cold-start-arguments";
import { UsageError } from "./command-line";

const read = (line: string): ReturnType<typeof readColdStartArguments> =>
  readColdStartArguments(line.split(" ").filter(Boolean));

describe("the cold start's command line", () => {
  test("goes into the preset's shipped folder unless told otherwise", () => {
    expect(read("--preset classroom --seed 3 --set coldStart.steps=20")).toMatchObject({
      out: "public/cold-start/classroom",
      config: { preset: "classroom", seed: 3, coldStart: { steps: 20 } },
    });
    expect(read("--out elsewhere")).toMatchObject({ out: "elsewhere", config: { preset: "spark", seed: 1 } });
  });

  test.each([
    ["--steps 3", /--steps is not a flag; the flags are --preset, --seed, --set,/],
    ["--set coldStart.step=3", /coldStart.step is not a setting/],
    ["--set coldStart.direct=2", /coldStart.direct is 2, expected 0..1/],
  ])("refuses %s by name", (line, message) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(message);
  });

  test("explains its own flags", () => {
    expect(read("--help")).toBe("help");
    expect(coldStartHelp()).toMatch(/--out DIR {2,}where to put the checkpoint/);
  });
});
