/**
 * Results that are at hand already. A snippet's result is a function of its code and its limits, and a policy writes
 * the same small program again and again, so running it once is enough.
 */
import type { SnippetStatus } from "../core/episode";
import type { Sandbox, SnippetResult } from "./sandbox";

/** A few megabytes, and more snippets than a step of a large run writes. */
const mostResults = 4096;

/**
 * `sandbox` with a memory of its last `capacity` different results; the one unused for longest goes first. A result
 * from memory took 0 milliseconds, and is counted as `cached` besides by its status. What depends on more than the
 * code is never kept: a crash, a snippet that the wall clock stopped.
 * @param onHit called after each result from memory, which the sandbox below does not know of
 */
export function withCache(
  sandbox: Sandbox,
  { capacity = mostResults, onHit }: { capacity?: number; onHit?: () => void } = {},
): Sandbox {
  const results = new Map<string, SnippetResult>();
  const hits = new Map<SnippetStatus, number>();
  return {
    run: async (code, limits, signal) => {
      signal?.throwIfAborted();
      const key = JSON.stringify([code, limits.fuel, limits.seconds, limits.outputCharacters]);
      const known = results.get(key);
      if (known) {
        results.delete(key);
        results.set(key, known);
        hits.set(known.status, (hits.get(known.status) ?? 0) + 1);
        onHit?.();
        return { ...known, milliseconds: 0 };
      }
      const result = await sandbox.run(code, limits, signal);
      if (!result.unrepeatable) {
        results.set(key, result);
        const [oldest] = results.keys();
        if (results.size > capacity) results.delete(oldest);
      }
      return result;
    },
    counts: () => {
      const counts = sandbox.counts();
      for (const [status, number] of hits) {
        counts[status] += number;
        counts.cached += number;
      }
      return counts;
    },
    killWorker: () => sandbox.killWorker(),
    close: () => {
      results.clear();
      sandbox.close();
    },
  };
}
