/** One engine under measurement in a realm of its own, and how its work is timed. */
import { makePolicy } from "../policy/engine-policy";
import { chooseBackend } from "../tensor/device";
import { type GpuCounts, GpuMeter } from "../tensor/gpu-meter";
import type { BenchBackend, Subject, SubjectName, WrittenRow } from "./subject";
import { type BenchSize, makeWorkload, type Workload } from "./workload";

/** One piece of work. */
export interface Sample {
  milliseconds: number;
  /** Milliseconds from the work's beginning until its first command encoder: JavaScript that makes inputs ready. */
  preparing: number | null;
  /** Milliseconds of JavaScript from a command encoder until its commands are submitted; the mean of the submissions. */
  encoding: number | null;
  /** Milliseconds until the event loop is free; on a software adapter most of it is waiting for a processor's core. */
  untilFree: number;
  counts: GpuCounts;
}

/** What a realm holds; null where nobody can say. */
export interface Footprint {
  bytes: number | null;
  buffers: number;
  /** JavaScript's heap. */
  heap: number | null;
}

/** Losses of this many training steps have to agree before anything is timed. */
const paritySteps = 5;

interface HeapOfChromium {
  memory?: { usedJSHeapSize: number };
}

const meter = new GpuMeter();

async function open(name: SubjectName, backend: BenchBackend | "cpu", workload: Workload): Promise<Subject> {
  if (name === "ours") return (await import("./ours")).openOurs(backend, workload);
  if (name === "tfjs") return (await import("./stock")).openStock(backend, workload);
  return (await import("./jax")).openJax(backend, workload);
}

/** Until the event loop has run what is ready to run. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

export class SubjectHost {
  #workload: Workload | null = null;
  #subject: Subject | null = null;

  /** What computes, in words. Throws where this engine cannot run here. */
  async open(name: SubjectName, backend: BenchBackend | "cpu", size: BenchSize): Promise<string> {
    this.#workload = makeWorkload(size);
    this.#subject = await open(name, backend, this.#workload);
    return this.#subject.adapter;
  }

  /** The first five steps' losses on the small batch, from the workload's own weights. */
  async losses(): Promise<number[]> {
    const { subject, workload } = this.#open();
    const losses: number[] = [];
    for (let step = 0; step < paritySteps; step++) losses.push(await subject.train(workload.parityBatch));
    await subject.reset();
    return losses;
  }

  /** The first of `rows` rows of `tokens` tokens. */
  write(rows: number, tokens: number): Promise<WrittenRow> {
    return this.#open().subject.decode(rows, tokens);
  }

  /** The oracle's log-probabilities of all tokens but the first, by teacher forcing on the cpu. */
  async score(tokens: number[]): Promise<number[]> {
    const { workload } = this.#open();
    const policy = makePolicy(await chooseBackend("cpu"), workload.config, workload.weights);
    try {
      const ids = Int32Array.from(tokens);
      return [...(await policy.logprobs({ rows: 1, length: ids.length, ids }))];
    } finally {
      policy.dispose();
    }
  }

  train(): Promise<Sample> {
    const { subject, workload } = this.#open();
    return this.#time(() => subject.train(workload.batch));
  }

  decode(rows: number, tokens: number): Promise<Sample> {
    const { subject } = this.#open();
    return this.#time(() => subject.decode(rows, tokens));
  }

  multiply(): Promise<Sample> {
    const { subject } = this.#open();
    return this.#time(() => subject.multiply());
  }

  async footprint(): Promise<Footprint> {
    const { bytes, buffers } = meter.memory();
    const { memory }: HeapOfChromium = performance as HeapOfChromium;
    const held = buffers > 0 ? bytes : this.#open().subject.bytes();
    return Promise.resolve({ bytes: held, buffers, heap: memory?.usedJSHeapSize ?? null });
  }

  async close(): Promise<void> {
    this.#subject?.close();
    this.#subject = null;
    return Promise.resolve();
  }

  async #time(work: () => Promise<unknown>): Promise<Sample> {
    meter.take();
    meter.takeTimes();
    const began = performance.now();
    const working = work();
    await nextTask();
    const untilFree = performance.now() - began;
    await working;
    const milliseconds = performance.now() - began;
    const counts = meter.take();
    const { firstEncoder, encoding } = meter.takeTimes();
    return {
      milliseconds,
      preparing: firstEncoder === null ? null : firstEncoder - began,
      encoding: counts.submits === 0 ? null : encoding / counts.submits,
      untilFree,
      counts,
    };
  }

  #open(): { subject: Subject; workload: Workload } {
    if (!this.#subject || !this.#workload) throw new Error("This engine is not open.");
    return { subject: this.#subject, workload: this.#workload };
  }
}
