import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import type { DropReason, TraceRecord } from "../core/cold-start";
import { everyTrace, findTrace, lookedThrough, matches, tally } from "./traces";

const record = (number: number, style: string, dropped: DropReason | null): TraceRecord => ({
  number,
  problem: { id: "gcd/1/1", family: "gcd", kind: "number-theory", level: 1, question: "", answer: 0 },
  initial: [],
  style,
  pieces: [],
  messages: [],
  tokens: 0,
  dropped,
});

const anyTraces = fc
  .array(fc.record({ style: fc.constantFrom("worked", "rewritten"), dropped: fc.constantFrom(null, null, "output") }), {
    minLength: 1,
    maxLength: 300,
  })
  .map((list) => list.map(({ style, dropped }, number) => record(number, style, dropped)));

const reader = (all: readonly TraceRecord[]) => (first: number, count: number) =>
  Promise.resolve(all.slice(first, first + count));

property.prop([anyTraces, fc.nat(), fc.boolean(), fc.boolean()])(
  "the nearest of its kind is found, as one finds it by reading all",
  async (all, place, forwards, droppedOnly) => {
    const from = place % all.length;
    const filter = { style: "rewritten", droppedOnly } as const;
    const wanted = all.filter((one) => matches(one, filter));
    const expected = forwards
      ? wanted.find(({ number }) => number >= from)
      : wanted.findLast(({ number }) => number <= from);
    expect(await findTrace(reader(all), filter, from, forwards ? 1 : -1, all.length)).toEqual(expected ?? null);
  },
);

test("one gives up after a while, and says so where nothing can be read", async () => {
  const all = Array.from({ length: 3 * lookedThrough }, (_, number) => record(number, "worked", null));
  expect(await findTrace(reader(all), { style: "rewritten", droppedOnly: false }, 0, 1, all.length)).toBeNull();
  expect(await findTrace(() => Promise.resolve(null), everyTrace, 0, 1, 9)).toBeUndefined();
});

property.prop([anyTraces])("the tally counts each trace once", (all) => {
  const { kept, dropped } = tally(all);
  expect([...kept, ...dropped].reduce((sum, [, count]) => sum + count, 0)).toBe(all.length);
});
