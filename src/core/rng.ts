/**
 * Keyed randomness. There is no global stream: every random decision names what it is for, so that any
 * episode, problem or shuffle can be made again from the run's seed and its name alone, whatever ran before it.
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A part of a key: the purpose in words, or an index. */
export type Key = string | number;

/** A stream of random numbers, and the root of further streams that do not depend on what was drawn from it. */
export interface Rng {
  /** A stream of its own for `keys`; the same keys give the same stream however much was drawn from this one. */
  fold(...keys: Key[]): Rng;
  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number;
  /** A number in [0, 1). */
  float(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** One of `items`, each as likely as the others. Throws a RangeError for an empty list. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

/** Finaliser of MurmurHash3: a bijection of 32 bits in which every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Two 32-bit words name a stream: with one, 65,000 streams would already share a word by chance. */
type Name = readonly [number, number];

function extend([a, b]: Name, key: Key): Name {
  const text = typeof key === "number" ? `#${String(key)}` : `$${key}`;
  let x = a;
  let y = b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    x = mix(x ^ unit);
    y = mix((y + Math.imul(unit + 1, 0x9e3779b1)) ^ x);
  }
  return [mix(x ^ 0x5bd1e995), mix(y ^ text.length)];
}

function streamOf(name: Name): Rng {
  const generator = xoroshiro128plus(mix(name[0] ^ Math.imul(name[1], 0x9e3779b1)));
  const uint32 = (): number => generator.next() >>> 0;
  const float = (): number => uint32() / 2 ** 32;
  const int = (low: number, high: number): number => {
    if (!(high >= low)) throw new RangeError(`int(${low}, ${high}) is empty; give low <= high`);
    return low + Math.floor(float() * (high - low + 1));
  };
  return {
    fold: (...keys) => streamOf(keys.reduce(extend, name)),
    uint32,
    float,
    int,
    pick: (items) => {
      if (items.length === 0) throw new RangeError("pick() was given an empty list");
      return items[int(0, items.length - 1)];
    },
    shuffle: (items) => {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(0, i);
        [copy[i], copy[j]] = [copy[j], copy[i]];
      }
      return copy;
    },
  };
}

/** The root stream of a seed. */
export function makeRng(seed: number): Rng {
  return streamOf(extend([0x243f6a88, 0x85a308d3], seed));
}

const counterSeed = 0x243f6a88;

function absorb(state: number, coordinate: number): number {
  return mix(Math.imul(state ^ mix(coordinate + 0x9e3779b9), 0x01000193) + 0x6b43a9b5);
}

/** 32 bits that name whole-number coordinates such as (seed, step, episode); `uniformFrom` draws from them. */
export function keyAt(...coordinates: number[]): number {
  return coordinates.reduce(absorb, counterSeed);
}

/**
 * A number in [0, 1) for a key and a position: a counter-based generator, so that a token's draw depends neither on
 * its row nor on what its neighbours drew. The sampler on the GPU computes the same (tensor/ops/sample).
 */
export function uniformFrom(key: number, position: number): number {
  return mix(absorb(key, position)) / 2 ** 32;
}
