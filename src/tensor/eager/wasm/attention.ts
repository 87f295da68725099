/**
 * Causal attention on the wasm memory: plain products for each sequence and key-value head, everything between them
 * in one pass. The mathematics is in ops/attention.
 */
import type * as tf from "@tensorflow/tfjs";
import type { AttentionShape } from "../../ops";
import { unseen } from "../../ops/attention";
import { withGradient } from "../gradient";
import { type Heap, heap } from "./heap";

export function attention(x: tf.Tensor, first: tf.Tensor, shape: AttentionShape): tf.Tensor {
  const sequences = sequencesIn(first);
  return withGradient(
    [x],
    () => {
      const p = probabilities(x, sequences, shape);
      return { value: mix(x, p, sequences, shape), saved: [x, p] };
    },
    (dy, [x, p]) => [backward(dy, x, p, sequences, shape)],
  );
}

interface Sequence {
  start: number;
  length: number;
}

function sequencesIn(first: tf.Tensor): Sequence[] {
  const direct = heap();
  const integers = direct.integers();
  const list = direct.offset(first);
  const sequences: Sequence[] = [];
  for (let i = 0; i < first.size; i++) {
    const start = integers[list + i];
    const last = sequences.at(-1);
    if (last?.start === start) last.length++;
    else sequences.push({ start, length: 1 });
  }
  return sequences;
}

/** One sequence under one key-value head: where its first query head, its key and its value stand in x. */
interface Block {
  q: number;
  k: number;
  v: number;
  start: number;
  length: number;
  kvHead: number;
}

/** Calls `visit` for each sequence and key-value head, in the order in which their probabilities are kept. */
function eachBlock(base: number, sequences: Sequence[], shape: AttentionShape, visit: (block: Block) => void): void {
  const { heads, kvHeads, headDim } = shape;
  const width = (heads + 2 * kvHeads) * headDim;
  for (const { start, length } of sequences) {
    for (let kvHead = 0; kvHead < kvHeads; kvHead++) {
      const q = base + start * width + kvHead * (heads / kvHeads) * headDim;
      const k = base + start * width + (heads + kvHead) * headDim;
      visit({ q, k, v: k + kvHeads * headDim, start, length, kvHead });
    }
  }
}

const longest = (sequences: Sequence[]): number => Math.max(...sequences.map(({ length }) => length));

/**
 * Copies one head between its place among others (stride `width`) and a block of its own [length, headDim], or
 * [headDim, length] where `turned`.
 */
function takeHead(
  memory: Float32Array,
  from: number,
  width: number,
  to: number,
  length: number,
  headDim: number,
  factor = 1,
): void {
  for (let t = 0; t < length; t++) {
    for (let i = 0; i < headDim; i++) memory[to + t * headDim + i] = factor * memory[from + t * width + i];
  }
}

function takeHeadTurned(
  memory: Float32Array,
  from: number,
  width: number,
  to: number,
  length: number,
  headDim: number,
): void {
  for (let i = 0; i < headDim; i++) {
    for (let t = 0; t < length; t++) memory[to + i * length + t] = memory[from + t * width + i];
  }
}

function putHead(
  memory: Float32Array,
  from: number,
  to: number,
  width: number,
  length: number,
  headDim: number,
  factor = 1,
): void {
  for (let t = 0; t < length; t++) {
    for (let i = 0; i < headDim; i++) memory[to + t * width + i] = factor * memory[from + t * headDim + i];
  }
}

/** [the sum over sequences of heads length^2]: for each block its [group length, length] lines, one after another. */
function probabilities(x: tf.Tensor, sequences: Sequence[], shape: AttentionShape): tf.Tensor {
  const direct = heap();
  const { heads, kvHeads, headDim } = shape;
  const group = heads / kvHeads;
  const width = (heads + 2 * kvHeads) * headDim;
  const p = direct.make([sequences.reduce((sum, { length }) => sum + heads * length * length, 0)]);
  const scratch = direct.make([(group + 1) * longest(sequences) * headDim]);
  const q = direct.offset(scratch);
  let out = direct.offset(p);
  eachBlock(direct.offset(x), sequences, shape, (block) => {
    const { length } = block;
    const k = q + group * length * headDim;
    let memory = direct.memory();
    for (let head = 0; head < group; head++) {
      const to = q + head * length * headDim;
      takeHead(memory, block.q + head * headDim, width, to, length, headDim, 1 / Math.sqrt(headDim));
    }
    takeHeadTurned(memory, block.k, width, k, length, headDim);
    direct.matmul(q, k, out, group * length, headDim, length);
    memory = direct.memory();
    for (let line = 0; line < group * length; line++) {
      const at = out + line * length;
      memory.fill(unseen, at + (line % length) + 1, at + length);
    }
    direct.softmax(out, out, group * length, length);
    out += group * length * length;
  });
  return p;
}

function mix(x: tf.Tensor, p: tf.Tensor, sequences: Sequence[], shape: AttentionShape): tf.Tensor {
  const direct = heap();
  const { heads, kvHeads, headDim } = shape;
  const group = heads / kvHeads;
  const width = (heads + 2 * kvHeads) * headDim;
  const y = direct.make([x.shape[0] ?? 0, heads * headDim]);
  const scratch = direct.make([(group + 1) * longest(sequences) * headDim]);
  const v = direct.offset(scratch);
  const base = direct.offset(y);
  let pAt = direct.offset(p);
  eachBlock(direct.offset(x), sequences, shape, ({ v: value, start, length, kvHead }) => {
    const out = v + length * headDim;
    takeHead(direct.memory(), value, width, v, length, headDim);
    direct.matmul(pAt, v, out, group * length, length, headDim);
    pAt += group * length * length;
    const memory = direct.memory();
    for (let head = 0; head < group; head++) {
      const to = base + start * heads * headDim + (kvHead * group + head) * headDim;
      putHead(memory, out + head * length * headDim, to, heads * headDim, length, headDim);
    }
  });
  return y;
}

/** Where the blocks of one backward pass stand in its scratch, for a sequence of `length`. */
function layOut(base: number, group: number, length: number, headDim: number) {
  const lines = group * length;
  const dsTurned = base + lines * length;
  const pTurned = dsTurned + lines * length;
  const q = pTurned + lines * length;
  const out = q + lines * headDim;
  const k = out + lines * headDim;
  const vTurned = k + length * headDim;
  const result = vTurned + length * headDim;
  return { ds: base, dsTurned, pTurned, q, out, k, vTurned, result, end: result + lines * headDim };
}

function backward(dy: tf.Tensor, x: tf.Tensor, p: tf.Tensor, sequences: Sequence[], shape: AttentionShape): tf.Tensor {
  const direct = heap();
  const { heads, kvHeads, headDim } = shape;
  const group = heads / kvHeads;
  const width = (heads + 2 * kvHeads) * headDim;
  const scale = 1 / Math.sqrt(headDim);
  const dx = direct.make([x.shape[0] ?? 0, width]);
  const scratch = direct.make([layOut(0, group, longest(sequences), headDim).end]);
  const shift = direct.offset(dx) - direct.offset(x);
  const dyBase = direct.offset(dy);
  let pAt = direct.offset(p);
  eachBlock(direct.offset(x), sequences, shape, ({ start, length, kvHead, ...block }) => {
    const lines = group * length;
    const place = layOut(direct.offset(scratch), group, length, headDim);
    takeBlock(direct, block, { start, kvHead, group, heads }, dyBase, width, length, headDim, place);
    direct.matmul(place.out, place.vTurned, place.ds, lines, headDim, length);
    softmaxBackward(direct.memory(), pAt, place.ds, place.pTurned, place.dsTurned, lines, length);

    direct.matmul(place.ds, place.k, place.result, lines, length, headDim);
    const memory = direct.memory();
    for (let head = 0; head < group; head++) {
      const to = block.q + shift + head * headDim;
      putHead(memory, place.result + head * length * headDim, to, width, length, headDim, scale);
    }
    direct.matmul(place.dsTurned, place.q, place.result, length, lines, headDim);
    putHead(direct.memory(), place.result, block.k + shift, width, length, headDim, scale);
    direct.matmul(place.pTurned, place.out, place.result, length, lines, headDim);
    putHead(direct.memory(), place.result, block.v + shift, width, length, headDim);
    pAt += lines * length;
  });
  return dx;
}

/** Copies what a block's backward pass reads to the places where its products want it. */
function takeBlock(
  direct: Heap,
  block: { q: number; k: number; v: number },
  at: { start: number; kvHead: number; group: number; heads: number },
  dyBase: number,
  width: number,
  length: number,
  headDim: number,
  place: ReturnType<typeof layOut>,
): void {
  const memory = direct.memory();
  const dyWidth = at.heads * headDim;
  for (let head = 0; head < at.group; head++) {
    const from = dyBase + at.start * dyWidth + (at.kvHead * at.group + head) * headDim;
    takeHead(memory, from, dyWidth, place.out + head * length * headDim, length, headDim);
    takeHead(memory, block.q + head * headDim, width, place.q + head * length * headDim, length, headDim);
  }
  takeHead(memory, block.k, width, place.k, length, headDim);
  takeHeadTurned(memory, block.v, width, place.vTurned, length, headDim);
}

/** Turns dP at `ds` into dS in place, and writes the transposes [length, lines] of P and dS. */
function softmaxBackward(
  memory: Float32Array,
  p: number,
  ds: number,
  pTurned: number,
  dsTurned: number,
  lines: number,
  length: number,
): void {
  memory.fill(0, pTurned, pTurned + lines * length);
  memory.fill(0, dsTurned, dsTurned + lines * length);
  for (let line = 0; line < lines; line++) {
    const seen = (line % length) + 1;
    const at = line * length;
    let dot = 0;
    for (let j = 0; j < seen; j++) dot += memory[p + at + j] * memory[ds + at + j];
    for (let j = 0; j < seen; j++) {
      const probability = memory[p + at + j];
      const slope = probability * (memory[ds + at + j] - dot);
      memory[ds + at + j] = slope;
      memory[pTurned + j * lines + line] = probability;
      memory[dsTurned + j * lines + line] = slope;
    }
    memory.fill(0, ds + at + seen, ds + at + length);
  }
}
