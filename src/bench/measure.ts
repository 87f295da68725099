/**
 * The protocol. Every engine sits in a realm of its own. First each has to compute what the oracle computes; then they
 * take turns, a piece of work each, so that whatever else the machine does falls on all of them.
 */
import type { Footprint, Sample } from "./host";
import {
  type BenchPlan,
  type BenchReport,
  type Match,
  type Measurement,
  type Parity,
  parityTolerance,
  type Soak,
} from "./report";
import type { BenchBackend, SubjectName, WrittenRow } from "./subject";
import type { BenchSize } from "./workload";

/** A realm with one engine; a `SubjectHost` (./host) behind a wall. */
export interface Realm {
  open(name: SubjectName, backend: BenchBackend | "cpu", size: BenchSize): Promise<string>;
  losses(): Promise<number[]>;
  write(rows: number, tokens: number): Promise<WrittenRow>;
  score(tokens: number[]): Promise<number[]>;
  train(): Promise<Sample>;
  decode(rows: number, tokens: number): Promise<Sample>;
  multiply(): Promise<Sample>;
  footprint(): Promise<Footprint>;
  /** Ends the realm. */
  close(): Promise<void>;
}

export interface BenchPlace {
  makeRealm: () => Realm;
  /** What is being done, and how much of everything has been. */
  onProgress: (doing: Doing) => void;
  onReport: (report: BenchReport) => void;
  signal: AbortSignal;
}

export interface Doing {
  backend: BenchBackend;
  size: BenchSize;
  phase: "open" | "parity" | "train" | "decode" | "multiply" | "soak";
  done: number;
  total: number;
}

interface Opened {
  subject: SubjectName;
  realm: Realm;
  adapter: string;
}

/** Rows and tokens of the text that has to agree. */
const parityText = { rows: 4, tokens: 24 };

/**
 * Measures all that the plan asks for. The report so far is handed out after each match. Rejects at once when aborted;
 * the realms are then closed.
 */
export async function measure(plan: BenchPlan, place: BenchPlace): Promise<BenchReport> {
  const realms: Realm[] = [];
  const makeRealm = (): Realm => {
    const realm = place.makeRealm();
    realms.push(realm);
    return realm;
  };
  const { signal } = place;
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new DOMException("The bench was stopped.", "AbortError"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([measureAll(plan, { ...place, makeRealm }), aborted]);
  } finally {
    for (const realm of realms) await realm.close();
  }
}

async function measureAll(plan: BenchPlan, place: BenchPlace): Promise<BenchReport> {
  const report: BenchReport = { version: 2, plan, matches: [], soaks: [] };
  for (const backend of plan.backends) {
    for (const size of plan.sizes) {
      report.matches.push(await new MatchRunner(plan, place, backend, size).run());
      place.onReport(report);
    }
    if (plan.soakSteps > 0) {
      report.soaks.push(await soak(plan, place, backend, plan.sizes[0]));
      place.onReport(report);
    }
  }
  return report;
}

class MatchRunner {
  readonly #plan: BenchPlan;
  readonly #place: BenchPlace;
  readonly #match: Match;

  constructor(plan: BenchPlan, place: BenchPlace, backend: BenchBackend, size: BenchSize) {
    this.#plan = plan;
    this.#place = place;
    this.#match = { backend, size, oracleLosses: [], parities: [], measurements: [], footprints: [] };
  }

  async run(): Promise<Match> {
    const match = this.#match;
    const { rounds, rows, tokens, sizes } = this.#plan;
    const opened = await this.#openAll();
    try {
      const agreed = await this.#checkAll(opened);
      await this.#takeTurns(agreed, { kind: "train" }, rounds, (realm) => realm.train());
      for (const count of rows) {
        await this.#takeTurns(agreed, { kind: "decode", rows: count }, rounds, (realm) => realm.decode(count, tokens));
      }
      // The product is the same at all sizes.
      if (match.size === sizes[0])
        await this.#takeTurns(agreed, { kind: "multiply" }, rounds, (realm) => realm.multiply());
      for (const { subject, realm } of agreed) {
        match.footprints.push({ subject, footprint: await realm.footprint() });
      }
    } finally {
      for (const { realm } of opened) await realm.close();
    }
    return match;
  }

  async #openAll(): Promise<Opened[]> {
    const { backend, size, parities } = this.#match;
    const opened: Opened[] = [];
    for (const [i, subject] of this.#plan.subjects.entries()) {
      this.#doing("open", i, this.#plan.subjects.length);
      const realm = this.#place.makeRealm();
      try {
        opened.push({ subject, realm, adapter: await realm.open(subject, backend, size) });
      } catch (error) {
        await realm.close();
        parities.push({ ...noParity, subject, adapter: "", fault: sentence(error) });
      }
    }
    return opened;
  }

  /** The engines that compute what the oracle computes. */
  async #checkAll(opened: readonly Opened[]): Promise<Opened[]> {
    const { size, parities } = this.#match;
    const total = opened.length + 1;
    this.#doing("parity", 0, total);
    const oracle = this.#place.makeRealm();
    try {
      await oracle.open("ours", "cpu", size);
      this.#match.oracleLosses = await oracle.losses();
      const agreed: Opened[] = [];
      for (const [i, one] of opened.entries()) {
        this.#doing("parity", i + 1, total);
        const parity = await this.#check(one, oracle);
        parities.push(parity);
        if (parity.agreed) agreed.push(one);
      }
      return agreed;
    } finally {
      await oracle.close();
    }
  }

  async #check({ subject, realm, adapter }: Opened, oracle: Realm): Promise<Parity> {
    try {
      const losses = await realm.losses();
      const { tokens, logprobs } = await realm.write(parityText.rows, parityText.tokens);
      const lossError = largestGap(losses, this.#match.oracleLosses);
      const logprobError = largestGap(logprobs, await oracle.score(tokens));
      const agreed = lossError <= parityTolerance.loss && logprobError <= parityTolerance.logprob;
      return { subject, adapter, losses, lossError, logprobError, agreed };
    } catch (error) {
      return { ...noParity, subject, adapter, fault: sentence(error) };
    }
  }

  /** Rounds in which everyone does one piece of work; who has used up the patience sits out. */
  async #takeTurns(
    opened: readonly Opened[],
    what: Measurement["what"],
    rounds: number,
    work: (realm: Realm) => Promise<Sample>,
  ): Promise<void> {
    const measurements = new Map<Opened, Measurement>();
    for (const one of opened) {
      this.#doing(what.kind, 0, rounds);
      const { milliseconds: first } = await work(one.realm);
      measurements.set(one, { subject: one.subject, what, first, samples: [] });
    }
    for (let round = 0; round < rounds; round++) {
      this.#doing(what.kind, round, rounds);
      for (const [{ realm }, { samples }] of measurements) {
        this.#place.signal.throwIfAborted();
        const spent = samples.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
        if (spent <= (this.#plan.patience ?? Infinity)) samples.push(await work(realm));
      }
    }
    this.#match.measurements.push(...measurements.values());
  }

  #doing(phase: Doing["phase"], done: number, total: number): void {
    const { backend, size } = this.#match;
    this.#place.signal.throwIfAborted();
    this.#place.onProgress({ backend, size, phase, done, total });
  }
}

const soakPoints = 10;

async function soak(
  { soakSteps }: BenchPlan,
  { makeRealm, onProgress, signal }: BenchPlace,
  backend: BenchBackend,
  size: BenchSize,
): Promise<Soak> {
  const realm = makeRealm();
  const points: Soak["points"] = [];
  const every = Math.max(1, Math.floor(soakSteps / soakPoints));
  try {
    await realm.open("ours", backend, size);
    for (let steps = 1; steps <= soakSteps; steps++) {
      signal.throwIfAborted();
      await realm.train();
      if (steps !== 1 && steps % every !== 0) continue;
      points.push({ steps, footprint: await realm.footprint() });
      onProgress({ backend, size, phase: "soak", done: steps, total: soakSteps });
    }
  } finally {
    await realm.close();
  }
  return { backend, size, points };
}

const noParity = { losses: [], lossError: null, logprobError: null, agreed: false };

function largestGap(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length || found.length === 0) return Infinity;
  const gaps = found.map((value, i) => Math.abs(value - expected[i]));
  return gaps.some(Number.isNaN) ? Infinity : Math.max(...gaps);
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
