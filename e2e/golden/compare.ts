/** What `npm run golden` compares, wherever it runs. */
import { checkObjectives } from "../../src/learn/testing/golden";
import { checkGolden, type GoldenReport } from "../../src/policy/golden";
import type { Backend } from "../../src/tensor/device";
import { lossOnEngine } from "../../src/tensor/testing/engine";

/** How far a loss or a gradient may be off; the cpu is the reference, and only rounding is excused there. */
const objectiveTolerance = { cpu: 1e-6, wasm: 1e-6, webgpu: 1e-4 };

/** A policy, where there are weights; else the algorithms' advantages and losses. */
export function compare(backend: Backend, weights: Uint8Array | null, json: unknown): Promise<GoldenReport> {
  if (weights) return checkGolden(backend, weights, json);
  return checkObjectives(lossOnEngine(backend), json, objectiveTolerance[backend.info.name]);
}
