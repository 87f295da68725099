/** Policies on plans, and texts that they write. Only tests import this folder. */
import type { Backend } from "../../tensor/device";
import { makePlanEngine } from "../../tensor/plan/engine";
import type { Gpu } from "../../tensor/plan/gpu";
import type { Tuning } from "../../tensor/plan/tuning";
import type { Policy } from "../policy";

/** A device as a backend, with kernels of the test's choice. `now` decides how many tokens a submission takes. */
export function backendOn(gpu: Gpu, tuning: Tuning, now = (): number => performance.now()): Backend {
  const info = { name: "webgpu", reason: "", adapter: "", threads: 1 } as const;
  return {
    info,
    makeEngine: (options) => makePlanEngine(info, gpu, { ...options, tuning, now }),
    sabotage: () => undefined,
    close: () => undefined,
  };
}

/** Texts in rows side by side, each written after the prompt 1, 2 until it is full; `begun` hears when all have begun. */
export async function writeRows(
  policy: Policy,
  { rows, capacity, key, begun }: { rows: number; capacity: number; key: (row: number) => number; begun?: () => void },
): Promise<{ tokens: number[][]; logprobs: number[][] }> {
  const prompt = [1, 2];
  const decoder = policy.makeDecoder({ rows, capacity, sampling: { temperature: 1, topP: 1 }, stops: [] });
  await decoder.begin(Array.from({ length: rows }, (_, row) => ({ row, prompt, key: key(row) })));
  begun?.();
  const tokens = Array.from({ length: rows }, () => [] as number[]);
  const logprobs = Array.from({ length: rows }, () => [] as number[]);
  while (tokens.some((own) => own.length < capacity - prompt.length)) {
    for (const written of await decoder.advance()) {
      tokens[written.row].push(...written.tokens);
      logprobs[written.row].push(...written.policyLogprobs);
    }
  }
  decoder.dispose();
  return { tokens, logprobs };
}

/** Log-probabilities by teacher forcing of texts that `writeRows` wrote, of the written tokens alone. */
export async function forcedLogprobs(policy: Policy, tokens: readonly (readonly number[])[]): Promise<number[][]> {
  const [rows, length] = [tokens.length, 2 + tokens[0].length];
  const ids = Int32Array.from(tokens.flatMap((own) => [1, 2, ...own]));
  const all = await policy.logprobs({ rows, length, ids });
  return tokens.map((_, row) => [...all.subarray(row * (length - 1) + 1, (row + 1) * (length - 1))]);
}
