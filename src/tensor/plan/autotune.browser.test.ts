/** Picking tiles, with a clock that the test moves: which one is fastest is given, not measured. */
import { describe, expect, test } from "vitest";
import { testGpu } from "../testing/plan";
import { autotune, type Notebook } from "./autotune";
import { defaultTuning, layouts } from "./tuning";

/** A notebook that lives in the test. */
function makeNotebook(notes: Map<string, string>): Notebook {
  return {
    read: (name) => Promise.resolve(notes.get(name) ?? null),
    write: (name, text) => Promise.resolve(void notes.set(name, text)),
  };
}

/** A clock on which the n-th reading costs what `cost` says; two readings enclose a run. */
function makeClock(cost: (reading: number) => number): { now: () => number; readings: () => number } {
  let [time, reading] = [0, 0];
  return { now: () => (time += cost(reading++)), readings: () => reading };
}

describe("picking tiles", () => {
  test("keeps what was there where nothing is faster, notes it, and does not measure again", async () => {
    const gpu = await testGpu();
    const tuning = { ...defaultTuning(gpu.traits), tiles: { nt: workgroup, nn: workgroup, tn: workgroup } };
    const notes = new Map<string, string>();
    const steady = makeClock(() => 1);
    const place = { adapter: "a", notebook: makeNotebook(notes), now: steady.now, shape };
    expect(await autotune(gpu, tuning, place)).toEqual(tuning);
    expect(notes.size).toBe(1);
    const readings = steady.readings();
    expect(readings).toBeGreaterThan(2 * 15);
    expect(await autotune(gpu, tuning, place)).toEqual(tuning);
    expect(steady.readings()).toBe(readings);
  });

  test("takes each candidate that is faster than all before it, form by form", async () => {
    const gpu = await testGpu();
    const tuning = { ...defaultTuning(gpu.traits), tiles: { nt: workgroup, nn: workgroup, tn: workgroup } };
    // Every run is a little faster than the one before.
    const faster = makeClock((reading) => 1000 - reading);
    const { tiles } = await autotune(gpu, tuning, { adapter: "a", notebook: null, now: faster.now, shape });
    for (const layout of layouts) expect(tiles[layout]).toMatchObject({ family: "registers", m: 8, n: 8 });
  });

  test("a note that nobody can read is measured anew", async () => {
    const gpu = await testGpu();
    const tuning = { ...defaultTuning(gpu.traits), tiles: { nt: workgroup, nn: workgroup, tn: workgroup } };
    const notes = new Map<string, string>();
    const clock = makeClock(() => 1);
    const place = { adapter: "a", notebook: makeNotebook(notes), now: clock.now, shape };
    await autotune(gpu, tuning, place);
    const [name] = notes.keys();
    for (const damaged of ["{", '{"nt":1}', '{"nt":{"family":"workgroup","m":99},"nn":null,"tn":null}']) {
      const before = clock.readings();
      notes.set(name, damaged);
      expect(await autotune(gpu, tuning, place)).toEqual(tuning);
      expect(clock.readings()).toBeGreaterThan(before);
    }
  });
});

/** Small: here it is not the speed that is tried. */
const shape = { tokens: 32, width: 16 };
const workgroup = { family: "workgroup", m: 2 } as const;
