/** How many tokens a run may hold, so that all of a policy stays within its memory. */
import type { DecoderModel } from "../decoder";
import { type CacheStorage, defaultMemory, type EngineOptions, storedBytes } from "../engine";

export interface Bounds {
  /** Of one run of a program. */
  tokens: number;
  /** Partial sums of each weight's gradient. */
  slices: number;
  /** Bytes that are left for a decoder's caches. */
  cacheBytes: number;
}

/** More tokens gain no speed; fewer hardly fill a GPU. */
const mostTokens = 4096;
const fewestTokens = 512;

/** Of the memory that parameters leave free, the share of activations; the rest is for the decoder's caches. */
const activationShare = 0.5;

/** Of all memory, what partial gradients may take: they only make a wide GPU faster. */
const sliceShare = 1 / 8;

/** What fits. A token budget that is given is taken as it is, in whole fours. */
export function boundsFor(
  { parameters, activationBytes, longest, tokenBudget, memoryBudget = defaultMemory }: EngineOptions,
  wantedSlices: number,
): Bounds {
  const weights = 4 * [...parameters.values()].reduce((sum, { values }) => sum + values.length, 0);
  const affordable = Math.floor((sliceShare * memoryBudget) / weights);
  const slices = affordable < 2 ? 1 : Math.min(wantedSlices, affordable);
  // Weights, gradients and two moments; partial gradients where there is more than one slice.
  const free = memoryBudget - weights * (4 + (slices > 1 ? slices : 0));
  const fitting = Math.floor((activationShare * free) / activationBytes);
  // A sequence is never cut.
  const least = Math.max(fewestTokens, longest);
  const tokens = tokenBudget ?? Math.min(mostTokens, Math.max(least, fitting));
  const whole = Math.ceil(tokens / 4) * 4;
  return { tokens: whole, slices, cacheBytes: Math.max(0, free - whole * activationBytes) };
}

/** Rows of `capacity` tokens whose caches fit into that many bytes: at least one. */
export function rowsFor(
  cacheBytes: number,
  { layers, shape }: Pick<DecoderModel, "layers" | "shape">,
  capacity: number,
  storage: CacheStorage,
): number {
  const bytesOfToken = layers * 2 * shape.kvHeads * shape.headDim * storedBytes[storage];
  return Math.max(1, Math.floor(cacheBytes / (capacity * bytesOfToken)));
}
