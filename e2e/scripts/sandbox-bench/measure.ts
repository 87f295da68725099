/** Drives the sandbox's page through the parts of the bench. Each part has a browser of its own. */
import type { Waits } from "../../sandbox-host/bench";
import type { SoakCounts } from "../../sandbox-host/soak";
import type { Host } from "../sandbox/host";
import type { PartName, SandboxBenchOptions } from "./arguments";
import { readMemory } from "./memory";
import type { Samples } from "./rows";
import type { SoakReport } from "./text";

/** Says what is being measured, and how far that is. */
export type Tell = (what: string, done: number, total: number) => void;

/** Collects what `sample` gives, one round after the other. */
async function rounds<T>(
  count: number,
  tell: (done: number) => void,
  sample: (round: number) => Promise<T>,
): Promise<T[]> {
  const found: T[] = [];
  for (let round = 0; round < count; round++) {
    tell(round);
    found.push(await sample(round));
  }
  return found;
}

type Measure = (host: Host, options: SandboxBenchOptions, tell: (done: number) => void) => Promise<Samples>;

const bench = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("The sandbox's page was lost. Run the command again.");
  return value;
};

async function bootPart(
  host: Host,
  { rounds: count }: SandboxBenchOptions,
  tell: (done: number) => void,
): Promise<Samples> {
  const once = async (): Promise<{ first: number; second: number }> => {
    await host.load();
    return bench(await host.page.evaluate(() => window.sandboxHost?.bench.boot()));
  };
  // The first two fill the browser's caches, of files and of compiled code.
  await once();
  await once();
  return { boot: await rounds(count, tell, once) };
}

async function scalingPart(host: Host, options: SandboxBenchOptions, tell: (done: number) => void): Promise<Samples> {
  const sizes = options.workers;
  const found = new Map<number, number[]>(sizes.map((workers) => [workers, []]));
  const visit = (workers: number) =>
    host.page.evaluate((count) => window.sandboxHost?.bench.scaling(count, 1), workers).then(bench);
  await rounds(options.rounds, tell, async (round) => {
    for (let i = 0; i < sizes.length; i++) {
      const workers = sizes[(i + round) % sizes.length];
      found.get(workers)?.push(...(await visit(workers)));
    }
  });
  return { scaling: [...found].map(([workers, perSecond]) => ({ workers, perSecond })) };
}

/** Workers held while memory is read. */
const heldWorkers = [1, 2, 3, 4] as const;

async function memoryPart(host: Host): Promise<Samples> {
  const memory = [];
  for (const workers of heldWorkers) {
    await host.page.evaluate((count) => window.sandboxHost?.bench.holdWorkers(count), workers);
    // What boot left behind is collected meanwhile.
    await host.page.waitForTimeout(3000);
    memory.push(await readMemory(host.page, workers));
  }
  return { memory };
}

const parts: Record<PartName, Measure> = {
  boot: bootPart,
  speed: async (host, { rounds: count }, tell) => {
    const sample = (round: number) =>
      host.page.evaluate((index) => window.sandboxHost?.bench.speedRound(index), round).then(bench);
    // The first round opens everything and warms it.
    await sample(0);
    return { speed: await rounds(count, tell, sample) };
  },
  scaling: scalingPart,
  wait: async (host, { rounds: count }) => {
    const wait: Waits = bench(await host.page.evaluate((n) => window.sandboxHost?.bench.waits(n), count));
    return { wait };
  },
  fuel: async (host, { rounds: count }) => ({
    fuel: bench(await host.page.evaluate((n) => window.sandboxHost?.bench.fuelMeter(n), count)),
  }),
  memory: memoryPart,
};

/** Every part that is asked for, and the browser it was measured in. `onPart` hears of each as soon as it is there. */
export async function measureParts(
  options: SandboxBenchOptions,
  start: () => Promise<Host>,
  tell: Tell,
  onPart: (found: Samples) => void,
): Promise<Samples & { browser: string }> {
  let samples: Samples & { browser: string } = { browser: "" };
  for (const part of options.parts) {
    const host = await start();
    try {
      tell(part, 0, options.rounds);
      const found = await parts[part](host, options, (done) => {
        if (done > 0) tell(part, done, options.rounds);
      });
      onPart(found);
      samples = { ...samples, ...found, browser: host.browserVersion };
    } finally {
      await host.close();
    }
  }
  return samples;
}

/** Memory is read at the start, the end, and so many places between. */
const memoryReadings = 4;
/** Snippets between two words about how far it is. */
const snippetsPerCall = 100;

/** Runs so many snippets in one worker. */
export async function runSoak(
  snippets: number,
  start: () => Promise<Host>,
  tell: Tell,
): Promise<SoakReport & { browser: string }> {
  const host = await start();
  try {
    const more = (count: number): Promise<SoakCounts> =>
      host.page.evaluate((n) => window.sandboxHost?.soak(n), count).then(bench);
    let counts = await more(0);
    const memory = [await readMemory(host.page, 0)];
    const began = performance.now();
    for (let done = 0; done < snippets;) {
      tell("soak", done, snippets);
      const until = Math.ceil((snippets * memory.length) / memoryReadings);
      counts = await more(Math.min(snippetsPerCall, until - done));
      done = counts.snippets;
      if (done >= until) memory.push(await readMemory(host.page, done));
    }
    return { counts, memory, seconds: (performance.now() - began) / 1000, browser: host.browserVersion };
  } finally {
    await host.close();
  }
}
