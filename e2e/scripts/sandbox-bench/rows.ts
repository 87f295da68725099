/** Samples as rows for people: each number beside its goal, and whether that was met. */
import { median } from "../../../src/bench/report";
import type { Speed, Waits, Work } from "../../sandbox-host/bench";
import type { SubjectName } from "../../sandbox-host/subjects";
import type { MemoryReading } from "./memory";

export interface Row {
  what: string;
  value: number;
  unit: string;
  goal: { atLeast: number } | { atMost: number } | null;
}

export interface Samples {
  boot?: { first: number; second: number }[];
  /** One list for each round. */
  speed?: Speed[][];
  scaling?: { workers: number; perSecond: number[] }[];
  wait?: Waits;
  fuel?: { metered: number; plain: number }[];
  memory?: MemoryReading[];
}

export const isMet = ({ value, goal }: Row): boolean | null => {
  if (goal === null) return null;
  return "atLeast" in goal ? value >= goal.atLeast : value <= goal.atMost;
};

const names: Record<SubjectName, string> = {
  "ours-1": "sandbox, 1 worker",
  "ours-2": "sandbox, 2 workers",
  stock: "plain Pyodide, 1 worker",
  "new-stock": "a new plain worker for each",
  "new-ours": "a new worker of the sandbox for each",
};

const goals: Partial<Record<Work, number>> = { trivial: 1500, corpus: 900 };

function speedRows(rounds: readonly Speed[][]): Row[] {
  const rates = (work: Work, subject: SubjectName): number[] =>
    rounds
      .flatMap((round) => round.filter((speed) => speed.work === work && speed.subject === subject))
      .map((speed) => speed.perSecond);
  const ratio = (work: Work, subject: SubjectName): number => {
    const [ours, theirs] = [rates(work, "ours-1"), rates(work, subject)];
    return median(ours.map((rate, i) => rate / theirs[i]));
  };
  const works = ["trivial", "corpus", "errors"] as const;
  const speeds = works.flatMap((work) =>
    (Object.keys(names) as SubjectName[])
      .filter((subject) => rates(work, subject).length > 0)
      .map((subject): Row => {
        const least = subject.startsWith("ours") ? goals[work] : undefined;
        const goal = least === undefined ? null : { atLeast: least };
        return { what: `${work}: ${names[subject]}`, value: median(rates(work, subject)), unit: "snippets/s", goal };
      }),
  );
  const times = (work: Work, subject: SubjectName, atLeast: number | null): Row => ({
    what: `${work}: sandbox, 1 worker, against ${names[subject]}`,
    value: ratio(work, subject),
    unit: "x",
    goal: atLeast === null ? null : { atLeast },
  });
  return [
    ...speeds,
    times("trivial", "stock", null),
    times("corpus", "stock", null),
    times("errors", "stock", 4),
    times("trivial", "new-stock", 500),
    times("trivial", "new-ours", null),
  ];
}

function scalingRows(scaling: NonNullable<Samples["scaling"]>): Row[] {
  const single = scaling.find(({ workers }) => workers === 1);
  return scaling.flatMap(({ workers, perSecond }): Row[] => {
    const rate: Row = { what: `corpus: pool of ${workers}`, value: median(perSecond), unit: "snippets/s", goal: null };
    if (!single || workers === 1) return [rate];
    // Round by round: both were measured in the same round.
    const times = median(perSecond.map((value, i) => value / single.perSecond[i]));
    const goal = { atLeast: 0.7 * workers };
    return [rate, { what: `pool of ${workers} against a pool of 1`, value: times, unit: "x", goal }];
  });
}

const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};

function waitRows({ alone, inBatch, blocked }: Waits): Row[] {
  const row = (what: string, value: number): Row => ({ what, value, unit: "ms", goal: null });
  return [
    row("wait beyond its own run time, one at a time, median", median(alone)),
    row("the same, 95th percentile", percentile(alone, 0.95)),
    row("wait beyond its own run time, each of 64 at once", median(inBatch)),
    row("longest stretch in which the asking thread was held up, median of batches", median(blocked)),
  ];
}

function memoryRows(readings: readonly MemoryReading[]): Row[] {
  const [first, last] = [readings[0], readings[readings.length - 1]];
  const perWorker = (of: "processes" | "page"): number | null => {
    const [a, b] = [first[of], last[of]];
    return a === null || b === null || last.at === first.at ? null : (b - a) / (last.at - first.at);
  };
  const row = (what: string, value: number | null, goal: Row["goal"]): Row[] =>
    value === null ? [] : [{ what, value, unit: "MB", goal }];
  return [
    ...row("memory of one more worker, of all processes (PSS)", perWorker("processes"), { atMost: 90 }),
    ...row("memory of one more worker, by the browser's own count", perWorker("page"), null),
  ];
}

/** Every number that was measured. */
export function rowsOf({ boot, speed, scaling, wait, fuel, memory }: Samples): Row[] {
  const bootRow = (what: string, values: number[], atMost: number): Row => ({
    what,
    value: median(values),
    unit: "ms",
    goal: { atMost },
  });
  return [
    ...(boot
      ? [
          bootRow(
            "from a warm page load to the first worker",
            boot.map(({ first }) => first),
            1500,
          ),
          bootRow(
            "from the first worker to the second",
            boot.map(({ second }) => second),
            500,
          ),
        ]
      : []),
    ...(speed ? speedRows(speed) : []),
    ...(scaling ? scalingRows(scaling) : []),
    ...(wait ? waitRows(wait) : []),
    ...(fuel
      ? [
          {
            what: "a loop of a million turns with the fuel meter, against without",
            value: median(fuel.map(({ metered, plain }) => metered / plain)),
            unit: "x",
            goal: null,
          },
        ]
      : []),
    ...(memory ? memoryRows(memory) : []),
  ];
}
