/**
 * A realm of the kit: a process of its own, in which WebGPU comes from Dawn. It is asked as the browser's worker is,
 * but by messages between processes.
 */
import type { SubjectHost } from "../../src/bench/host";

export interface Question {
  id: number;
  method: Exclude<keyof SubjectHost, "close">;
  given: unknown[];
}

export type Answer = { id: number; value: unknown } | { id: number; error: string };

interface Dawn {
  create: (flags: string[]) => GPU;
  globals: Record<string, unknown>;
}

/** Makes this process look like a browser's worker to libraries that look for one. */
async function becomeWorker(): Promise<void> {
  const package_ = new URL("./node_modules/webgpu/index.js", import.meta.url).href;
  const { create, globals } = (await import(/* @vite-ignore */ package_)) as Dawn;
  Object.assign(globalThis, globals);
  // Node has a navigator from version 21 on.
  if (typeof navigator === "undefined") Reflect.defineProperty(globalThis, "navigator", { value: { userAgent: "" } });
  Reflect.defineProperty(navigator, "gpu", { value: create([]) });
  Reflect.defineProperty(globalThis, "WorkerGlobalScope", { value: function WorkerGlobalScope() {} });
}

async function serve(): Promise<void> {
  await becomeWorker();
  const { SubjectHost } = await import("../../src/bench/host");
  const host = new SubjectHost();
  process.on("message", (message) => {
    const { id, method, given } = message as Question;
    const work = Reflect.apply(host[method], host, given) as Promise<unknown>;
    work.then(
      (value) => process.send?.({ id, value } satisfies Answer),
      (error: unknown) =>
        process.send?.({ id, error: error instanceof Error ? error.message : String(error) } satisfies Answer),
    );
  });
  process.send?.({ id: 0, value: null } satisfies Answer);
}

void serve();
