import { describe, expect, test } from "vitest";
import { isMet, rowsOf } from "./rows";
import { benchText } from "./text";

const round = (ours: number, stock: number) =>
  [
    { work: "errors", subject: "ours-1", perSecond: ours },
    { work: "errors", subject: "stock", perSecond: stock },
    { work: "trivial", subject: "ours-1", perSecond: ours },
    { work: "trivial", subject: "stock", perSecond: stock },
    { work: "trivial", subject: "new-stock", perSecond: 2 },
    { work: "trivial", subject: "new-ours", perSecond: 4 },
    { work: "corpus", subject: "ours-1", perSecond: 899 },
    { work: "corpus", subject: "stock", perSecond: 100 },
  ] as const;

describe("rows of the sandbox bench", () => {
  const rows = rowsOf({
    boot: [
      { first: 1400, second: 600 },
      { first: 1600, second: 700 },
      { first: 1450, second: 900 },
    ],
    // The machine was twice as slow in the second round; the ratio does not mind.
    speed: [[...round(2000, 400)], [...round(1000, 200)], [...round(3000, 600)]],
    scaling: [
      { workers: 1, perSecond: [100, 50] },
      { workers: 2, perSecond: [150, 75] },
    ],
    memory: [
      { at: 1, processes: 300, page: null },
      { at: 4, processes: 540, page: null },
    ],
  });
  const row = (what: string) => rows.find((candidate) => candidate.what.startsWith(what));

  test("are medians; ratios are taken round by round", () => {
    expect(row("from a warm page load")?.value).toBe(1450);
    expect(row("trivial: sandbox, 1 worker")?.value).toBe(2000);
    expect(row("errors: sandbox, 1 worker, against plain")?.value).toBe(5);
    expect(row("pool of 2 against")?.value).toBe(1.5);
    expect(row("memory of one more worker, of all")?.value).toBe(80);
    expect(row("memory of one more worker, by")).toBeUndefined();
  });

  test("say honestly whether the goal was met", () => {
    const met = (what: string) => {
      const found = row(what);
      return found && isMet(found);
    };
    expect(met("from a warm page load")).toBe(true);
    expect(met("from the first worker")).toBe(false);
    expect(met("corpus: sandbox, 1 worker")).toBe(false);
    expect(met("errors: sandbox, 1 worker, against plain")).toBe(true);
    expect(met("pool of 2 against")).toBe(true);
    expect(met("trivial: plain")).toBeNull();
    expect(benchText(rows)).toMatch(/second.*\| 700 ms.*at most 500 ms.*missed/);
  });
});
