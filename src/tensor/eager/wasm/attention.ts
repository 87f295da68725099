/** Causal attention on the wasm memory, a head of a sequence at a time. The mathematics is in ops/attention. */
import type * as tf from "@tensorflow/tfjs";
import type { AttentionShape } from "../../ops";
import { withGradient } from "../gradient";
import { heap } from "./heap";

/** Queries that a kernel takes at a time: more of them read more keys that none may see, fewer the keys more often. */
const queriesAtOnce = 32;

export function attention(x: tf.Tensor, first: tf.Tensor, shape: AttentionShape): tf.Tensor {
  const sequences = sequencesIn(first);
  return withGradient(
    [x],
    () => forward(x, sequences, shape),
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

/** One head of one sequence: where, in bytes, it stands in x, in y and among the probabilities. */
interface Head {
  length: number;
  q: number;
  k: number;
  v: number;
  y: number;
  p: number;
}

function headsIn(sequences: Sequence[], { heads, kvHeads, headDim }: AttentionShape): Head[] {
  const size = 4 * headDim;
  let p = 0;
  return sequences.flatMap(({ start, length }) =>
    Array.from({ length: heads }, (_, head) => {
      const line = start * (heads + 2 * kvHeads);
      const kvHead = Math.floor((head * kvHeads) / heads);
      const found = {
        length,
        q: (line + head) * size,
        k: (line + heads + kvHead) * size,
        v: (line + heads + kvHeads + kvHead) * size,
        y: (start * heads + head) * size,
        p,
      };
      p += 4 * length * length;
      return found;
    }),
  );
}

/** The mixed values, and what the backward pass needs: x, and the probabilities [length, length] of head after head. */
function forward(x: tf.Tensor, sequences: Sequence[], shape: AttentionShape): { value: tf.Tensor; saved: tf.Tensor[] } {
  const { kernels, scratch, make, address } = heap();
  const { heads, headDim } = shape;
  const [n, width] = x.shape;
  const y = make([n, heads * headDim]);
  const p = make([sequences.reduce((sum, { length }) => sum + heads * length * length, 0)]);
  const [xAt, yAt, pAt] = [x, y, p].map(address);
  const scale = 1 / Math.sqrt(headDim);
  for (const { length, ...at } of headsIn(sequences, shape)) {
    kernels.attention(
      length,
      headDim,
      queriesAtOnce,
      xAt + at.q,
      xAt + at.k,
      xAt + at.v,
      4 * width,
      pAt + at.p,
      yAt + at.y,
      4 * heads * headDim,
      scale,
      scratch,
    );
  }
  return { value: y, saved: [x, p] };
}

function backward(dy: tf.Tensor, x: tf.Tensor, p: tf.Tensor, sequences: Sequence[], shape: AttentionShape): tf.Tensor {
  const { kernels, scratch, make, makeZeros, address } = heap();
  const { heads, headDim } = shape;
  const [n, width] = x.shape;
  // The heads of a group add to the same keys and values.
  const dx = makeZeros([n, width]);
  const ds = make([queriesAtOnce * Math.max(...sequences.map(({ length }) => length))]);
  const [xAt, dxAt, dyAt, pAt, dsAt] = [x, dx, dy, p, ds].map(address);
  const scale = 1 / Math.sqrt(headDim);
  for (const { length, ...at } of headsIn(sequences, shape)) {
    kernels.attentionBackward(
      length,
      headDim,
      queriesAtOnce,
      xAt + at.q,
      xAt + at.k,
      xAt + at.v,
      4 * width,
      pAt + at.p,
      dyAt + at.y,
      4 * heads * headDim,
      dxAt + at.q,
      dxAt + at.k,
      dxAt + at.v,
      scale,
      dsAt,
      scratch,
    );
  }
  return dx;
}
