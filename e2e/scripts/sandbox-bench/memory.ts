/** Memory of a browser's processes, and of a page as the browser itself counts it. */
import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

function statusOf(pid: string): { parent: string; command: string } | null {
  try {
    const [, command, rest] = /^\d+ \((.*)\) . (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return { command, parent: rest.split(" ")[0] };
  } catch {
    return null; // It has ended meanwhile.
  }
}

function proportionalKilobytes(pid: string): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Megabytes that this process's descendants hold, shared pages in proportion; null where there is no /proc. */
export function descendantsMegabytes(): number | null {
  let pids: string[];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return null;
  }
  const parents = new Map(pids.map((pid) => [pid, statusOf(pid)?.parent ?? ""]));
  const isOurs = (pid: string): boolean => {
    for (let at = parents.get(pid); at; at = parents.get(at)) if (at === String(process.pid)) return true;
    return false;
  };
  return pids.filter(isOurs).reduce((sum, pid) => sum + proportionalKilobytes(pid), 0) / 1024;
}

interface MeasuringPerformance {
  measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>;
}

/** Megabytes of the page and its workers by the browser's own count; null where it does not count. */
export async function pageMegabytes(page: Page): Promise<number | null> {
  return page.evaluate(async () => {
    const measure = (performance as MeasuringPerformance).measureUserAgentSpecificMemory;
    if (!measure) return null;
    return (await measure.call(performance)).bytes / 2 ** 20;
  });
}

export interface MemoryReading {
  /** Workers held, or snippets run. */
  at: number;
  processes: number | null;
  page: number | null;
}

export async function readMemory(page: Page, at: number): Promise<MemoryReading> {
  return { at, processes: descendantsMegabytes(), page: await pageMegabytes(page) };
}
