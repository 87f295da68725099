/** A long run in one worker, a quarter of it hostile: is a result lost, is one wrong, does anything leak? */
import { makeRng } from "../../src/core/rng";
import type { Sandbox, SnippetLimits, SnippetResult } from "../../src/sandbox/sandbox";
import { corpus, errors, hostile, mark, unstoppable, victim } from "./corpus";
import { openSettled, pause } from "./subjects";

export interface SoakCounts {
  snippets: number;
  hostile: number;
  /** Gave no result, or lost their worker twice through no fault of their own. */
  lost: number;
  /** Benign snippets whose result differs from their first in any character. */
  wrong: number;
  /** Results in which a hostile snippet's mark is read by another. */
  leaked: number;
  /** How the hostile ones ended. */
  endings: Record<string, number>;
  /** The first few that were lost, wrong or leaked, for whoever looks into it. */
  faults: string[];
}

const benign = [...corpus, ...errors, victim];
const benignLimits: SnippetLimits = { fuel: 2_000_000, seconds: 20, outputCharacters: 1024 };
const hostileLimits: SnippetLimits = { fuel: 100_000, seconds: 2, outputCharacters: 1024 };
/** Each costs a worker, and the time until it is given up. */
const unstoppableLimits: SnippetLimits = { ...hostileLimits, seconds: 0.1 };
const hostileShare = 4;
const unstoppableEvery = 500;
const patienceMilliseconds = 120_000;

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

async function runBenign(code: string, known: Map<string, string>, index: number): Promise<void> {
  // A comment changes no result and keeps a cache from answering.
  const result = await attempt(`${code}\n# ${index}`, benignLimits);
  if (!result || result.status === "crash") {
    fault("lost", code);
    return;
  }
  const bytes = bytesOf(result);
  if (bytes.includes(mark)) fault("leaked", `${code}\n${bytes}`);
  else if (known.get(code) !== bytes) fault("wrong", `${code}\n${bytes}\nfirst: ${known.get(code) ?? ""}`);
}

async function runHostile(index: number, code: string): Promise<void> {
  counts.hostile++;
  const isUnstoppable = counts.hostile % unstoppableEvery === 0;
  const own = isUnstoppable ? unstoppable : code;
  const result = await attempt(`${own}\n# ${index}`, isUnstoppable ? unstoppableLimits : hostileLimits);
  if (!result) fault("lost", own);
  else counts.endings[result.status] = (counts.endings[result.status] ?? 0) + 1;
}

/** Goes on by so many snippets; every one after a hostile one reads what that may have left. */
export async function soak(snippets: number): Promise<SoakCounts> {
  sandbox ??= await openSettled(1);
  if (!first) {
    first = new Map();
    for (const code of benign) {
      const result = await attempt(`${code}\n# 0`, benignLimits);
      if (result) first.set(code, bytesOf(result));
    }
  }
  const rng = makeRng(1).fold("soak");
  for (let i = 0; i < snippets; i++) {
    const index = ++counts.snippets;
    const own = rng.fold(index);
    const place = index % hostileShare;
    if (place === 1) await runHostile(index, own.pick(hostile));
    else await runBenign(place === 2 ? victim : own.pick(benign), first, index);
  }
  return counts;
}
