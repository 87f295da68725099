/** A long run in one worker, a quarter of it hostile: is a result lost, is one wrong, does anything leak? */
import { makeRng } from "../../src/core/rng";
import type { Sandbox, SnippetLimits, SnippetResult } from "../../src/sandbox/sandbox";
import { breached, preamble } from "../sandbox/attack";
import { attacks } from "../sandbox/attacks/registry";
import { bombs } from "../sandbox/bombs";
import { errors, plain } from "../sandbox/corpus";
import { poisons } from "../sandbox/poisons/registry";
import { witness } from "../sandbox/witness";
import { openSettled, pause } from "./subjects";

export interface SoakCounts {
  snippets: number;
  hostile: number;
  /** Gave no result, or lost their worker twice through no fault of their own. */
  lost: number;
  /** Benign snippets whose result differs from their first in any character. */
  wrong: number;
  /** Hostile snippets after which the next one does not find everything as in a new worker, or that say they got through. */
  leaked: number;
  /** How the hostile ones ended. */
  endings: Record<string, number>;
  /** The first few that were lost, wrong or leaked, for whoever looks into it. */
  faults: string[];
}

const benign: readonly string[] = [...plain, ...errors].map(({ code }) => code);
const hostile: readonly string[] = [
  ...attacks.map(({ code }) => preamble + code),
  ...poisons.map(({ poison }) => poison),
  ...bombs.map(({ code }) => code),
];
const benignLimits: SnippetLimits = { fuel: 5_000_000, seconds: 20, outputCharacters: 100_000 };
/** Short: a loop in C costs a worker, and the time until it is given up. */
const hostileLimits: SnippetLimits = { fuel: 100_000, seconds: 0.3, outputCharacters: 1024 };
const hostileShare = 4;
const patienceMilliseconds = 120_000;
const workerLife = 300;

let sandbox: Sandbox | null = null;
let first: Map<string, string> | null = null;
const counts: SoakCounts = { snippets: 0, hostile: 0, lost: 0, wrong: 0, leaked: 0, endings: {}, faults: [] };

/** What has to be the same each time; a benign snippet's fuel is exact too. */
const bytesOf = ({ status, stdout, error, line, fuel }: SnippetResult): string =>
  JSON.stringify([status, stdout, error, line, fuel]);

function fault(kind: "lost" | "wrong" | "leaked", what: string): void {
  counts[kind]++;
  if (counts.faults.length < 20) counts.faults.push(`${kind}: ${what}`);
}

async function attempt(code: string, limits: SnippetLimits): Promise<SnippetResult | null> {
  const running = sandbox?.run(code, limits).catch(() => null) ?? null;
  return Promise.race([running, pause(patienceMilliseconds).then(() => null)]);
}

async function runBenign(code: string, known: Map<string, string>): Promise<void> {
  const result = await attempt(code, benignLimits);
  if (!result || result.status === "crash") fault("lost", code);
  else if (known.get(code) !== bytesOf(result)) {
    fault(code === witness ? "leaked" : "wrong", `${code}\n${bytesOf(result)}\nfirst: ${known.get(code) ?? ""}`);
  }
}

async function runHostile(code: string): Promise<void> {
  counts.hostile++;
  const result = await attempt(code, hostileLimits);
  if (!result) fault("lost", code);
  else {
    if ((result.stdout + result.error).includes(breached)) fault("leaked", code);
    // Whoever can end a worker twice from inside has found a way around the limits; a hard kill reads as a timeout.
    if (result.status === "crash") fault("lost", code);
    counts.endings[result.status] = (counts.endings[result.status] ?? 0) + 1;
  }
}

/** Goes on by so many snippets; every one after a hostile one reads what that may have left. */
export async function soak(snippets: number): Promise<SoakCounts> {
  sandbox ??= await openSettled(1);
  if (!first) {
    first = new Map();
    for (const code of [...benign, witness]) {
      const result = await attempt(code, benignLimits);
      if (result) first.set(code, bytesOf(result));
    }
  }
  const rng = makeRng(1).fold("soak");
  for (let i = 0; i < snippets; i++) {
    const index = ++counts.snippets;
    const own = rng.fold(index);
    const place = index % hostileShare;
    // Another worker now and then: what one keeps on JavaScript's side may be worn out by now, and hide an attack.
    if (index % workerLife === 0) sandbox.killWorker();
    if (place === 1) await runHostile(own.pick(hostile));
    else await runBenign(place === 2 ? witness : own.pick(benign), first);
  }
  return counts;
}
