/** The protocol with realms that a test makes up: what they compute and how long they take is given. */
import { expect, test } from "vitest";
import type { Sample } from "./host";
import { type BenchPlace, measure, type Realm } from "./measure";
import type { BenchPlan } from "./report";

const counts = {
  dispatches: 1,
  submits: 1,
  writes: 0,
  newBuffers: 0,
  newBindGroups: 0,
  newPipelines: 0,
  readbacks: 1,
};

interface Made {
  /** Added to every loss. */
  lossError?: number;
  logprobError?: number;
  refuses?: string;
  milliseconds?: number;
}

/** Realms by the engine that is opened in them; all calls are written down. */
function placeOf(made: Record<string, Made>): {
  place: BenchPlace;
  calls: string[];
  open: () => number;
  abort: AbortController;
} {
  const calls: string[] = [];
  const abort = new AbortController();
  let alive = 0;
  const makeRealm = (): Realm => {
    let own: Made = {};
    let name = "";
    let isOpen = true;
    alive++;
    const sample = async (kind: string): Promise<Sample> => {
      calls.push(`${name} ${kind}`);
      await new Promise((resolve) => setTimeout(resolve));
      return { milliseconds: own.milliseconds ?? 1, preparing: 0, encoding: 0, untilFree: 0, counts };
    };
    return {
      open: (subject, backend) => {
        name = backend === "cpu" ? "oracle" : subject;
        own = made[name] ?? {};
        return own.refuses === undefined ? Promise.resolve("adapter") : Promise.reject(new Error(own.refuses));
      },
      losses: () => Promise.resolve([3, 2, 1].map((loss) => loss + (own.lossError ?? 0))),
      write: (_, tokens) => {
        const logprobs = Array.from({ length: tokens }, () => -1 + (own.logprobError ?? 0));
        return Promise.resolve({ tokens: [0, ...logprobs.map(() => 1)], logprobs });
      },
      score: (tokens) => Promise.resolve(tokens.slice(1).map(() => -1)),
      train: () => sample("train"),
      decode: (rows) => sample(`decode ${rows}`),
      multiply: () => sample("multiply"),
      footprint: () => Promise.resolve({ bytes: 1, buffers: 1, heap: null }),
      close: () => {
        if (isOpen) alive--;
        isOpen = false;
        return Promise.resolve();
      },
    };
  };
  const place = { makeRealm, onProgress: () => undefined, onReport: () => undefined, signal: abort.signal };
  return { place, calls, open: () => alive, abort };
}

const plan: BenchPlan = {
  backends: ["webgpu"],
  sizes: ["spark"],
  subjects: ["ours", "tfjs", "jax-js"],
  rows: [4],
  rounds: 3,
  tokens: 2,
  patience: null,
  soakSteps: 0,
};

test("an engine is timed only where it computes what the oracle computes", async () => {
  const { place, calls, open } = placeOf({ tfjs: { lossError: 0.01 }, "jax-js": { logprobError: 0.01 } });
  const [{ parities, measurements }] = (await measure(plan, place)).matches;
  expect(parities.map(({ subject, agreed }) => [subject, agreed])).toEqual([
    ["ours", true],
    ["tfjs", false],
    ["jax-js", false],
  ]);
  expect(measurements.every(({ subject }) => subject === "ours")).toBe(true);
  expect(calls.some((call) => call.startsWith("tfjs") || call.startsWith("jax-js"))).toBe(false);
  expect(open()).toBe(0);
});

test("one that cannot start is named, and the others are measured", async () => {
  const { place } = placeOf({ tfjs: { refuses: "no adapter" } });
  const [{ parities, measurements }] = (await measure(plan, place)).matches;
  expect(parities.find(({ subject }) => subject === "tfjs")).toMatchObject({ agreed: false, fault: "no adapter" });
  expect(new Set(measurements.map(({ subject }) => subject))).toEqual(new Set(["ours", "jax-js"]));
});

test("they take turns, the first piece of work apart", async () => {
  const { place, calls } = placeOf({});
  const [{ measurements }] = (await measure({ ...plan, subjects: ["ours", "tfjs"] }, place)).matches;
  expect(calls.filter((call) => call.endsWith("train"))).toEqual(
    [0, 1, 2, 3].flatMap(() => ["ours train", "tfjs train"]),
  );
  for (const { samples } of measurements) expect(samples).toHaveLength(3);
});

test("patience ends one engine's samples, not the others'", async () => {
  const { place } = placeOf({ tfjs: { milliseconds: 5000 } });
  const report = await measure({ ...plan, rounds: 10, patience: 8 }, place);
  const samplesOf = (name: string): number[] =>
    report.matches[0].measurements.filter(({ subject }) => subject === name).map(({ samples }) => samples.length);
  expect(samplesOf("ours")).toEqual([10, 10, 10]);
  expect(samplesOf("tfjs")).toEqual([2, 2, 2]);
});

test("stopped, it rejects and leaves no realm open", async () => {
  const { place, open, abort } = placeOf({});
  const running = measure({ ...plan, rounds: 1000 }, place);
  setTimeout(() => abort.abort(), 20);
  await expect(running).rejects.toThrow("stopped");
  expect(open()).toBe(0);
});
