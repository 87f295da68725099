/**
 * Which of several kernels that compute the same suits an adapter. What is measured and chosen never changes a result:
 * tiles of a product differ in how the work is shared out, not in the order in which anything is added up. What does
 * decide about rounding follows from the adapter alone: the lanes that share a row, the partial sums of a gradient, and
 * how training attention is cut.
 */
import type { AdapterTraits } from "./gpu";

/** How a product is cut. */
export type Tile =
  /**
   * Each thread of a group computes `m` x `n` outputs from registers, and reads `depth` fours of k before it adds to
   * them. Where lanes `share`, four neighbours of a subgroup compute two tiles by two and read for each other; then `m`
   * and `n` are multiples of eight, and a group's first edge is one of four.
   */
  | {
      family: "registers";
      m: number;
      n: number;
      depth: number;
      share: boolean;
      group: readonly [number, number];
    }
  /** 256 threads stage both factors in workgroup memory; each computes `m` x 4 outputs. */
  | { family: "workgroup"; m: number };

/** The forms of a product, by what is multiplied: x W^T, dy W, dy^T x. */
export const layouts = ["nt", "nn", "tn"] as const;
export type Layout = (typeof layouts)[number];

/** How training attention is cut. */
export interface AttentionBlocks {
  /** Queries of one thread; in the kernel of the keys' and values' gradients, keys. */
  rows: number;
  /** Keys that it reads before it adds them up; there, queries. */
  depth: number;
  /** Whether four lanes of a subgroup read together what they all need. */
  share: boolean;
}

export interface Tuning {
  tiles: Record<Layout, Tile>;
  /** Threads that share a row of a reduction; 1 needs no barriers. */
  lanes: number;
  /** Whether lanes add up by subgroup operations instead of workgroup memory. */
  subgroups: boolean;
  attention: AttentionBlocks;
  /** Partial sums into which a weight's gradient may be cut, so that it keeps a wide GPU busy. */
  gradientSlices: number;
}

/** A software adapter runs four lanes on the processor: large tiles, nothing shared but by lanes themselves. */
function forSoftware({ subgroupSize }: AdapterTraits): Tuning {
  const share = subgroupSize === 4;
  const [edge, depth] = share ? [16, 2] : [8, 1];
  const tile: Tile = { family: "registers", m: edge, n: edge, depth, share, group: [4, 1] };
  return {
    tiles: { nt: tile, nn: tile, tn: tile },
    lanes: 1,
    subgroups: false,
    attention: { rows: 4, depth: 4, share },
    gradientSlices: 1,
  };
}

/** A GPU wants many threads that share what they read. */
function forHardware({ subgroupSize }: AdapterTraits): Tuning {
  return {
    tiles: {
      nt: { family: "workgroup", m: 2 },
      nn: { family: "workgroup", m: 2 },
      tn: { family: "workgroup", m: 4 },
    },
    lanes: 32,
    subgroups: subgroupSize === 32,
    attention: { rows: 1, depth: 1, share: false },
    gradientSlices: 8,
  };
}

/** What suits an adapter before anything was measured. */
export function defaultTuning(traits: AdapterTraits): Tuning {
  return traits.software ? forSoftware(traits) : forHardware(traits);
}
