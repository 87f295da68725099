/** The bench as scripts drive it, and as the page's view does. */
import { makeBrowserRealm } from "../bench/browser-realm";
import { type Doing, measure } from "../bench/measure";
import type { BenchPlan, BenchReport } from "../bench/report";

export interface BenchApi {
  /** Measures engines side by side; one bench at a time. Rejects when stopped. */
  measure(
    plan: BenchPlan,
    onProgress: (doing: Doing) => void,
    onReport?: (report: BenchReport) => void,
  ): Promise<BenchReport>;
  stop(): void;
}

declare global {
  interface Window {
    bench: BenchApi;
  }
}

export function makeBench(): BenchApi {
  let running: AbortController | null = null;
  return {
    measure: async (plan, onProgress, onReport = () => undefined) => {
      if (running) throw new Error("The bench is running already.");
      running = new AbortController();
      try {
        return await measure(plan, { makeRealm: makeBrowserRealm, onProgress, onReport, signal: running.signal });
      } finally {
        running = null;
      }
    },
    stop: () => running?.abort(),
  };
}
