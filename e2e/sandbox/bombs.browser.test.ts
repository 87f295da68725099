import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bombs } from "./bombs";
import { Bench, Python } from "./harness";

let bench: Bench;
let python: Python;

beforeAll(async () => {
  bench = await Bench.open();
  python = new Python(bench);
});
afterAll(async () => {
  await python.close();
  await bench.close();
});

test("there are enough of them", () => {
  expect(bombs.length).toBeGreaterThanOrEqual(60);
});

const next = "import random\nprint(sum(range(100)), random.random(), [str(i) for i in range(3)], object())";

describe("a bomb ends as it should, and the next snippet's output is right", () => {
  test.each(bombs)("$name", async ({ code, ends, error = /^/, limits }) => {
    const before = await python.run(next);
    const result = await python.run(`print('before')\n${code}`, limits);
    expect(ends, `${result.status}: ${result.error}`).toContain(result.status);
    expect(result.error).toMatch(result.status === "error" ? error : /^/);
    expect(Array.from(result.stdout).length).toBeLessThanOrEqual(limits.outputCharacters);
    expect(before.stdout).toMatch(/^4950 0\.84442185\d+ \['0', '1', '2'\] <object object at 0x[0-9a-f]+>\n$/);
    expect(await python.run(next)).toEqual(before);
  });
});
