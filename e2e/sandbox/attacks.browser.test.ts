import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attacks } from "./attacks/registry";
import { Bench, Python, readWitness, tryAttack, type Reading } from "./harness";

let bench: Bench;
let used: Python;
let clean: Reading;

beforeAll(async () => {
  bench = await Bench.open();
  const fresh = new Python(bench);
  clean = await readWitness(fresh);
  used = fresh;
});
afterAll(async () => {
  await used.close();
  await bench.close();
});

test("the witness reads all it wants to", () => {
  expect(clean).toMatchObject({ status: "ok", error: "" });
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
  expect(attacks.length).toBeGreaterThanOrEqual(80);
});

describe("no attack succeeds in a used worker", () => {
  test.each(attacks)("$name", async (attack) => {
    expect(await tryAttack(used, attack, bench, clean)).toEqual([]);
  });
});

describe("no attack succeeds in a fresh worker", () => {
  test.each(attacks)("$name", async (attack) => {
    const fresh = new Python(bench);
    expect(await tryAttack(fresh, attack, bench, clean)).toEqual([]);
    await fresh.close();
  });
});
