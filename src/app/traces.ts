/** Looking through the cold start's traces: which one comes next, and how many are of which kind. */
import { type DropReason, dropReasons, type TraceRecord } from "../core/cold-start";
import type { Words } from "../i18n/en";

export interface TraceFilter {
  style: keyof Words["traces"]["styles"] | "all";
  droppedOnly: boolean;
}

export const everyTrace: TraceFilter = { style: "all", droppedOnly: false };

export const traceStyles = ["direct", "worked", "oneBlock", "twoBlocks", "rewritten"] as const;

export function matches({ style, dropped }: TraceRecord, filter: TraceFilter): boolean {
  return (filter.style === "all" || filter.style === style) && (!filter.droppedOnly || dropped !== null);
}

/** Traces that are read at once, and those that are looked through before one gives up. */
const stride = 64;
export const lookedThrough = 1024;

type Read = (first: number, count: number) => Promise<readonly TraceRecord[] | null>;

/**
 * The nearest trace like that from `from` on, forwards or backwards, within `size`. Null where none is near; undefined
 * where they cannot be read.
 */
export async function findTrace(
  read: Read,
  filter: TraceFilter,
  from: number,
  direction: 1 | -1,
  size: number,
): Promise<TraceRecord | null | undefined> {
  for (let seen = 0; seen < lookedThrough; seen += stride) {
    const edge = from + direction * seen;
    const first = Math.max(0, direction === 1 ? edge : edge - stride + 1);
    const end = Math.min(size, direction === 1 ? edge + stride : edge + 1);
    if (end <= first) return null;
    const records = await read(first, end - first);
    if (!records) return undefined;
    const found =
      direction === 1 ? records.find((one) => matches(one, filter)) : records.findLast((one) => matches(one, filter));
    if (found) return found;
  }
  return null;
}

/** How many stand of each style, and how many are dropped for each reason; kinds without any are left out. */
export function tally(records: readonly TraceRecord[]): {
  kept: [(typeof traceStyles)[number], number][];
  dropped: [DropReason, number][];
} {
  const kept = traceStyles.map((style): [typeof style, number] => [
    style,
    records.filter((record) => record.style === style && record.dropped === null).length,
  ]);
  const dropped = dropReasons.map((reason): [DropReason, number] => [
    reason,
    records.filter((record) => record.dropped === reason).length,
  ]);
  return { kept: kept.filter(([, count]) => count > 0), dropped: dropped.filter(([, count]) => count > 0) };
}
