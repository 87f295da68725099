import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { difference, isSame, limits, Bench, Python, readWitness, type Reading } from "./harness";
import type { Poison } from "./poison";
import { poisons } from "./poisons/registry";

let bench: Bench;
let used: Python;
let clean: Reading;

beforeAll(async () => {
  bench = await Bench.open();
  used = new Python(bench);
  clean = await readWitness(used);
});
afterAll(async () => {
  await used.close();
  await bench.close();
});

async function poisonThenVictim(python: Python, { poison, victim, limits: own }: Poison): Promise<Reading> {
  await python.run(poison, own);
  return python.run(victim, limits);
}

test("there are enough of them", () => {
  expect(poisons.length).toBeGreaterThanOrEqual(60);
});

describe("no poison works in a used worker", () => {
  test.each(poisons)("$name", async (entry) => {
    expect(await poisonThenVictim(used, entry)).toMatchObject({ status: "ok", stdout: entry.expected, error: "" });
    const after = await readWitness(used);
    expect(isSame(after, clean) ? "" : difference(after, clean)).toBe("");
  });
});

describe("no poison works where writes are not recorded", () => {
  let unrecorded: Bench;
  let python: Python;
  beforeAll(async () => {
    unrecorded = await Bench.openUnrecorded();
    python = new Python(unrecorded);
  });
  afterAll(async () => {
    await python.close();
    await unrecorded.close();
  });

  test.each(poisons)("$name", async (entry) => {
    expect(await poisonThenVictim(python, entry)).toMatchObject({ status: "ok", stdout: entry.expected, error: "" });
    expect(await python.run(entry.victim, limits)).toEqual(await used.run(entry.victim, limits));
  });
});

describe("no poison works in a fresh worker, and the victim reads the same there", () => {
  test.each(poisons)("$name", async (entry) => {
    const fresh = new Python(bench);
    const victim = await poisonThenVictim(fresh, entry);
    await fresh.close();
    expect(victim).toMatchObject({ status: "ok", stdout: entry.expected, error: "" });
    expect(victim).toEqual(await used.run(entry.victim, limits));
  });
});
