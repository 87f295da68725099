/**
 * Causal attention with grouped-query heads.
 *
 * x [n, (heads + kvHeads + kvHeads) headDim]: queries, keys and values side by side, already turned by RoPE; y
 * [n, heads headDim]. Sequences stand one after another; first [n] says where each token's own sequence begins. For
 * each head:
 *   S = Q K^T / sqrt(headDim) where first[i] <= j <= i, else -infinity;  P = softmax(S);  y = P V.
 * Gradients: dV = P^T dy, dP = dy V^T, dS = P (dP - sum_j P dP), dQ = dS K / sqrt(headDim), dK = dS^T Q / sqrt(headDim).
 * The heads of a group are stacked along the queries, so keys and values are never repeated.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import type { AttentionShape } from "../ops";
import { gridFor, gridOf } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, sizeIndex } from "../plan/tensor";
import { forwardKernel, keyKernel, queryKernel, spanOf } from "./attention-kernels";
import { recordTurn } from "./rope";

/** What a score is set to where the key is not seen; its exponential is 0 in single precision. */
export const unseen = -1e9;

/** The composition attends from every token to every other and masks: obvious, and only as quick as a check needs. */
export function attention(x: tf.Tensor, first: tf.Tensor, shape: AttentionShape): tf.Tensor {
  const { heads, kvHeads, headDim } = shape;
  const [n] = x.shape;
  return withGradient(
    [x],
    () => {
      const { q, k, v } = split(x, shape);
      const p = tf.softmax(tf.add(tf.matMul(q, k, false, true), mask(first, shape)));
      return { value: merge(tf.matMul(p, v), n, shape), saved: [x, p] };
    },
    (dy, [x, p]) => {
      const { q, k, v } = split(x, shape);
      const byHead = tf.transpose(tf.reshape(dy, [n, heads, headDim]), [1, 0, 2]);
      const out = tf.reshape(byHead, q.shape);
      const dp = tf.matMul(out, v, false, true);
      const ds = tf.mul(p, tf.sub(dp, tf.sum(tf.mul(p, dp), -1, true)));
      const dq = tf.reshape(tf.mul(tf.matMul(ds, k), 1 / Math.sqrt(headDim)), [heads, n, headDim]);
      const dk = tf.matMul(ds, q, true, false);
      const dv = tf.matMul(p, out, true, false);
      const all = tf.transpose(tf.concat([dq, dk, dv], 0), [1, 0, 2]);
      return [tf.reshape(all, [n, (heads + 2 * kvHeads) * headDim])];
    },
  );
}

interface Parts {
  /** [kvHeads, group n, headDim], divided by sqrt(headDim). */
  q: tf.Tensor;
  /** [kvHeads, n, headDim] */
  k: tf.Tensor;
  v: tf.Tensor;
}

function split(x: tf.Tensor, { heads, kvHeads, headDim }: AttentionShape): Parts {
  const [n] = x.shape;
  const all = tf.transpose(tf.reshape(x, [n, heads + 2 * kvHeads, headDim]), [1, 0, 2]);
  const part = (from: number, count: number): tf.Tensor => tf.slice(all, [from, 0, 0], [count, n, headDim]);
  const q = tf.mul(part(0, heads), 1 / Math.sqrt(headDim));
  return {
    q: tf.reshape(q, [kvHeads, (heads / kvHeads) * n, headDim]),
    k: part(heads, kvHeads),
    v: part(heads + kvHeads, kvHeads),
  };
}

/** [1, group n, n]: 0 where query i sees key j, `unseen` where not. */
function mask(first: tf.Tensor, { heads, kvHeads }: AttentionShape): tf.Tensor {
  const [n] = first.shape;
  const query = tf.reshape(tf.range(0, n), [n, 1]);
  const key = tf.reshape(tf.range(0, n), [1, n]);
  const begin = tf.reshape(tf.cast(first, "float32"), [n, 1]);
  const seen = tf.logicalAnd(tf.lessEqual(key, query), tf.greaterEqual(key, begin));
  const once = tf.mul(tf.cast(tf.logicalNot(seen), "float32"), unseen);
  return tf.reshape(tf.tile(once, [heads / kvHeads, 1]), [1, (heads / kvHeads) * n, n]);
}

function merge(y: tf.Tensor, n: number, { heads, headDim }: AttentionShape): tf.Tensor {
  const byHead = tf.reshape(y, [heads, n, headDim]);
  return tf.reshape(tf.transpose(byHead, [1, 0, 2]), [n, heads * headDim]);
}

// On a plan.

/** Writes for each token the last one of its sequence, from the first ones. */
function findLasts(lasts: Int32Array, firsts: Int32Array): void {
  for (let i = firsts.length - 1; i >= 0; i--) {
    lasts[i] = i + 1 < firsts.length && firsts[i + 1] === firsts[i] ? lasts[i + 1] : i;
  }
}

export function recordAttention(
  plan: Recorder,
  input: PlanTensor,
  firsts: PlanTensor,
  shape: AttentionShape,
): PlanTensor {
  const { heads, kvHeads, headDim } = shape;
  const x = recordTurn(plan, input, shape);
  const turn = input.pending?.kind === "rope" ? input.pending : undefined;
  const blocks = plan.tuning.attention;
  const y = plan.make("attended", x.rows, heads * headDim);
  const sums = plan.make("sums", x.rows, 2 * heads);
  const constants = { rows: sizeIndex(x), heads, kvHeads };
  const gridOver = (each: number) => (sizes: Parameters<typeof plan.countOf>[1]) => {
    const count = Math.ceil(plan.countOf(x, sizes) / spanOf(blocks)) * each;
    return blocks.share ? gridOf(count) : gridFor(count);
  };
  plan.dispatch(forwardKernel(headDim, blocks), { x, firsts, y, sums }, constants, gridOver(heads));
  plan.onBackward(y, (dy) => {
    if (plan.hasGradient(x)) throw new Error("What attention reads is read by nothing else.");
    const { dx } = plan.gradient(x);
    const name = plan.nameOf(firsts);
    const lasts = plan.derive(`${name}, lasts`, firsts.rows, (to, input) => findLasts(to, input(name)));
    const options = { headDim, blocks, turned: turn !== undefined };
    const turning: Record<string, PlanTensor> = turn ? { positions: turn.positions, table: turn.table } : {};
    const queries = { x, firsts, y, dy, sums, ...turning, dx };
    plan.dispatch(queryKernel(options), queries, constants, gridOver(heads));
    const keys = { x, firsts, lasts, dy, sums, ...turning, dx };
    plan.dispatch(keyKernel(options), keys, constants, gridOver(kvHeads));
  });
  return y;
}
