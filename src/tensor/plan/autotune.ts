/**
 * A short measurement that picks the tiles of an adapter's matrix products. No tile changes a number (./product), so
 * what is picked changes how long a run takes, never how it goes.
 */
import type { BackendInfo } from "../../core/events";
import { makeRng } from "../../core/rng";
import type { NamedArrays } from "../engine";
import type { Objective } from "../program";
import { makePlanEngine } from "./engine";
import type { Gpu } from "./gpu";
import { type Layout, layouts, type Tile, type Tuning } from "./tuning";

/** Keeps short texts from visit to visit. */
export interface Notebook {
  read(name: string): Promise<string | null>;
  write(name: string, text: string): Promise<void>;
}

/** Tiles worth trying on a GPU, for each form of product. */
const candidates: readonly Tile[] = [
  { family: "workgroup", m: 1 },
  { family: "workgroup", m: 2 },
  { family: "workgroup", m: 4 },
  { family: "registers", m: 4, n: 4, depth: 1, share: false, group: [8, 8] },
  { family: "registers", m: 8, n: 8, depth: 1, share: false, group: [8, 8] },
];

/** Changes when candidates or kernels do: what was measured before then says nothing any more. */
const version = 3;

/** What is timed: a forward and a backward pass through layers. */
interface WorkShape {
  tokens: number;
  width: number;
}

/** As wide as studio's. */
const usualShape: WorkShape = { tokens: 1024, width: 256 };
const depth = 4;

/** Runs of which the fastest counts; one before them compiles. */
const runs = 4;

const layerName = (i: number): string => `layer ${i}`;

function weights({ width }: WorkShape): NamedArrays {
  const rng = makeRng(1).fold("autotune");
  const matrix = () => ({
    shape: [width, width],
    values: Float32Array.from({ length: width ** 2 }, () => 0.1 * (rng.float() - 0.5)),
  });
  const names = ["table", ...Array.from({ length: depth }, (_, i) => layerName(i))];
  return new Map(names.map((name) => [name, matrix()]));
}

const work: Objective = {
  name: "products",
  inputs: {
    ids: { type: "int32", size: "tokens" },
    targets: { type: "int32", size: "tokens" },
    weights: { type: "float32", size: "tokens" },
  },
  run: ({ ops, parameter, input }) => {
    let x = ops.embed(parameter("table"), input("ids"));
    for (let i = 0; i < depth - 1; i++) x = ops.linear(x, ops.joinLinear([parameter(layerName(i))], []));
    const logits = ops.logits(x, ops.joinLinear([parameter(layerName(depth - 1))], []));
    return [ops.supervisedLoss(ops.tokenLogprob(logits, input("targets")), input("weights"))];
  },
};

/** Milliseconds of the work with a tuning; infinite where the device refuses one of its kernels. */
async function time(gpu: Gpu, tuning: Tuning, shape: WorkShape, now: () => number): Promise<number> {
  const info: BackendInfo = { name: "webgpu", reason: "", adapter: "", threads: 1 };
  const { tokens, width } = shape;
  const options = {
    parameters: weights(shape),
    joined: [],
    activationBytes: 4 * width,
    longest: tokens,
    tokenBudget: tokens,
  };
  const engine = makePlanEngine(info, gpu, { ...options, tuning, now });
  const ids = Int32Array.from({ length: tokens }, (_, i) => i % width);
  const inputs = { ids, targets: ids, weights: new Float32Array(tokens).fill(1 / tokens) };
  try {
    await engine.accumulate(work, inputs);
    let fastest = Infinity;
    for (let run = 0; run < runs; run++) {
      const began = now();
      await engine.accumulate(work, inputs);
      fastest = Math.min(fastest, now() - began);
    }
    return fastest;
  } catch (error) {
    if (gpu.fault) throw error;
    return Infinity;
  } finally {
    engine.dispose();
  }
}

export interface TuningPlace {
  /** Names the adapter in the notebook. */
  adapter: string;
  notebook: Notebook | null;
  /** Milliseconds. */
  now: () => number;
  shape?: WorkShape;
}

const isTile = (tile: unknown): boolean => candidates.some((known) => JSON.stringify(known) === JSON.stringify(tile));

/** The tiles that a note holds, or null where it holds none that are known. */
function readNote(text: string | null): Tuning["tiles"] | null {
  if (text === null) return null;
  try {
    const tiles = JSON.parse(text) as Record<Layout, unknown>;
    return layouts.every((layout) => isTile(tiles[layout])) ? (tiles as Tuning["tiles"]) : null;
  } catch {
    return null;
  }
}

/**
 * The tuning with the tiles that are fastest on this device: as noted on an earlier visit, else measured now, one form
 * of product after the other.
 *
 * @throws FaultError where the device fails meanwhile.
 */
export async function autotune(
  gpu: Gpu,
  tuning: Tuning,
  { adapter, notebook, now, shape = usualShape }: TuningPlace,
): Promise<Tuning> {
  const name = `tiles ${version} ${adapter}`;
  const noted = readNote((await notebook?.read(name)) ?? null);
  if (noted) return { ...tuning, tiles: noted };
  let best = tuning;
  let fastest = await time(gpu, best, shape, now);
  for (const layout of layouts) {
    for (const tile of candidates) {
      const tried = { ...best, tiles: { ...best.tiles, [layout]: tile } };
      const milliseconds = await time(gpu, tried, shape, now);
      if (milliseconds < fastest) [best, fastest] = [tried, milliseconds];
    }
  }
  await notebook?.write(name, JSON.stringify(best.tiles));
  return best;
}
