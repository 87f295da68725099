/** What `npm run bench:sandbox` measures inside the page. Every clock that counts is read here. */
import { fetchPythonAssets } from "../../src/sandbox/assets";
import { openSandbox } from "../../src/sandbox/pool";
import { PythonProcess } from "../../src/sandbox/python-process";
import type { Snippet } from "../sandbox/cells";
import { errors, plain } from "../sandbox/corpus";
import {
  limits,
  openSettled,
  openSubject,
  type Subject,
  type SubjectName,
  subjectNames,
  StockWorker,
} from "./subjects";

export const works = ["trivial", "corpus", "errors"] as const;
export type Work = (typeof works)[number];

export interface Speed {
  work: Work;
  subject: SubjectName;
  perSecond: number;
}

const codesOf = (snippets: readonly Snippet[]): string[] => snippets.map(({ code }) => code);
const trivial = "print(1+1)";
/** About thirty of the kind that a policy writes, spread over all that there are. */
const corpus = codesOf(plain.filter((_, index) => index % 6 === 0));
const snippets: Record<Work, readonly string[]> = { trivial: [trivial], corpus, errors: codesOf(errors) };
/** Snippets of a sample. A new worker for each is so slow that one has to do. */
const sampleSize = (work: Work, subject: SubjectName): number =>
  subject.startsWith("new") ? 1 : work === "corpus" ? 4 * corpus.length : 240;

let made = 0;
/** Each with a comment of its own, so that no result can come from a cache. */
const batch = (codes: readonly string[], count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${codes[i % codes.length]}\n# ${++made}`);

const subjects = new Map<SubjectName, Subject>();

/** One sample of each, in an order that turns with the round, so that load falls on all of them. */
async function speedRound(round: number): Promise<Speed[]> {
  const found: Speed[] = [];
  for (const work of works) {
    for (let i = 0; i < subjectNames.length; i++) {
      const subject = subjectNames[(i + round) % subjectNames.length];
      const runner = subjects.get(subject) ?? (await openSubject(subject));
      subjects.set(subject, runner);
      // A new worker takes as long whatever it runs; one kind of work is enough.
      if (subject.startsWith("new") && work !== "trivial") continue;
      const codes = batch(snippets[work], sampleSize(work, subject));
      const began = performance.now();
      await runner.run(codes);
      found.push({ work, subject, perSecond: (codes.length / (performance.now() - began)) * 1000 });
    }
  }
  return found;
}

/** Milliseconds from the page's first moment to the first worker, and from then to the second. */
async function boot(): Promise<{ first: number; second: number }> {
  let first = 0;
  let second: (milliseconds: number) => void = () => undefined;
  const both = new Promise<number>((resolve) => (second = resolve));
  const sandbox = await openSandbox({
    workers: 2,
    onCounts: ({ workers }) => {
      if (workers === 1) first = performance.now();
      if (workers === 2) second(performance.now() - first);
    },
  });
  const times = { second: await both, first };
  sandbox.close();
  return times;
}

/** Corpus snippets a second of a pool with so many workers; the first sample warms it. */
async function scaling(workers: number, samples: number): Promise<number[]> {
  const sandbox = await openSettled(workers);
  const rates: number[] = [];
  for (let i = 0; i <= samples; i++) {
    const codes = batch(corpus, 4 * corpus.length * workers);
    const began = performance.now();
    await Promise.all(codes.map((code) => sandbox.run(code, limits)));
    rates.push((codes.length / (performance.now() - began)) * 1000);
  }
  sandbox.close();
  return rates.slice(1);
}

export interface Waits {
  /** Beyond its own run time, one snippet at a time. */
  alone: number[];
  /** The same for each of 64 that are asked for at once: the whole time less all run times, divided by 64. */
  inBatch: number[];
  /** The longest stretch in which the thread that asks did nothing else, while a batch ran. */
  blocked: number[];
}

async function waits(samples: number): Promise<Waits> {
  const sandbox = await openSettled(1);
  const found: Waits = { alone: [], inBatch: [], blocked: [] };
  for (let i = 0; i < samples; i++) {
    for (const code of batch([trivial], 20)) {
      const began = performance.now();
      const { milliseconds } = await sandbox.run(code, limits);
      found.alone.push(performance.now() - began - milliseconds);
    }
    const ticker = startTicker();
    const began = performance.now();
    const results = await Promise.all(batch(corpus, 64).map((code) => sandbox.run(code, limits)));
    const own = results.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    found.inBatch.push((performance.now() - began - own) / results.length);
    found.blocked.push(ticker());
  }
  sandbox.close();
  return found;
}

/** Turns over as often as the event loop lets it; the returned function ends it and gives the longest gap. */
function startTicker(): () => number {
  const { port1, port2 } = new MessageChannel();
  let [last, longest] = [performance.now(), 0];
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    port2.postMessage(null);
  };
  port2.postMessage(null);
  return () => {
    port1.close();
    return longest;
  };
}

/** One long loop with the meter (ours) and without any (stock), in milliseconds, side by side. */
async function fuelMeter(samples: number): Promise<{ metered: number; plain: number }[]> {
  const [sandbox, worker] = [await openSettled(1), new StockWorker()];
  await worker.ready;
  const found: { metered: number; plain: number }[] = [];
  for (let i = 0; i <= samples; i++) {
    const [code] = batch(["n = 0\nfor i in range(1_000_000): n += i * i\nprint(n)"], 1);
    const { milliseconds: metered } = await sandbox.run(code, limits);
    const [plain] = await worker.run([code]);
    found.push({ metered, plain });
  }
  sandbox.close();
  worker.close();
  return found.slice(1);
}

const processes: PythonProcess[] = [];

/** Starts workers of ours, without a pool around them, until there are so many. */
async function holdWorkers(count: number): Promise<void> {
  const assets = await fetchPythonAssets(() => undefined);
  while (processes.length < count) {
    const process = new PythonProcess(assets, () => undefined);
    await process.ready;
    await process.run(corpus[0], limits);
    processes.push(process);
  }
}

export const sandboxBench = { speedRound, boot, scaling, waits, fuelMeter, holdWorkers };
