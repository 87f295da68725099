/** The bench as the page's view and scripts drive it: one at a time, and what it has found stands in the store. */
import { makeBrowserRealm } from "../bench/browser-realm";
import { type Doing, measure } from "../bench/measure";
import type { BenchPlan, BenchReport } from "../bench/report";
import type { PageStore } from "./store";

export interface BenchApi {
  /** Measures engines side by side. Rejects when stopped, and where a bench is running already. */
  measure(
    plan: BenchPlan,
    onProgress?: (doing: Doing) => void,
    onReport?: (report: BenchReport) => void,
  ): Promise<BenchReport>;
  stop(): void;
}

/** What the page shows of a bench. */
export interface BenchState {
  doing: Doing | null;
  /** What has been measured so far. */
  report: BenchReport | null;
  /** Why it ended early, unless it was stopped. */
  problem: string | null;
}

export const emptyBench: BenchState = { doing: null, report: null, problem: null };

declare global {
  interface Window {
    bench: BenchApi;
  }
}

export function makeBench(store: PageStore): BenchApi {
  let running: AbortController | null = null;
  const show = (part: Partial<BenchState>): void => store.setState(({ bench }) => ({ bench: { ...bench, ...part } }));
  return {
    measure: async (plan, onProgress, onReport) => {
      if (running) throw new Error("The bench is running already.");
      running = new AbortController();
      const { signal } = running;
      show(emptyBench);
      try {
        return await measure(plan, {
          makeRealm: makeBrowserRealm,
          onProgress: (doing) => {
            show({ doing });
            onProgress?.(doing);
          },
          onReport: (report) => {
            show({ report: structuredClone(report) });
            onReport?.(report);
          },
          signal,
        });
      } catch (error) {
        if (!signal.aborted) show({ problem: error instanceof Error ? error.message : String(error) });
        throw error;
      } finally {
        running = null;
        show({ doing: null });
      }
    },
    stop: () => running?.abort(),
  };
}
