/**
 * jax-js, the strongest peer: the same model and objective by its own functions, one jitted step each for training and
 * for decoding. Arrays are used up where they are read; `.ref` keeps one for another use.
 */
import { defaultDevice, init, jit, nn, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";
import type { LlamaConfig, PolicyBatch, Weights } from "../policy/policy";
import { rotaryTable } from "../tensor/ops/rope";
import { type OpenSubject, productShape, type WrittenRow } from "./subject";
import type { Workload } from "./workload";

type Arrays = Record<string, np.Array>;

function upload(weights: Weights): Arrays {
  return Object.fromEntries(
    [...weights].map(([name, { shape, values }]) => [name, np.array(values.slice()).reshape(shape)]),
  );
}

/** x [..., in] times W [out, in] turned. */
function linear(x: np.Array, weight: np.Array): np.Array {
  return np.dot(x, np.matrixTranspose(weight));
}

function rmsNorm(x: np.Array, gain: np.Array, epsilon: number): np.Array {
  const mean = np.mean(np.square(x.ref), -1, { keepdims: true });
  return x.div(np.sqrt(mean.add(epsilon))).mul(gain);
}

/** Turns x [b, t, heads, headDim] by cosines and sines that broadcast to [b, t, 1, headDim / 2]. */
function rope(x: np.Array, cosine: np.Array, sine: np.Array): np.Array {
  const [a, b] = np.split(x, 2, 3);
  const first = a.ref.mul(cosine.ref).sub(b.ref.mul(sine.ref));
  return np.concatenate([first, b.mul(cosine).add(a.mul(sine))], 3);
}

/** What differs between a teacher-forced pass and a decoding step: attention over turned heads. */
type Attend = (layer: number, q: np.Array, k: np.Array, v: np.Array) => np.Array;

/** Logits [b, t, vocab] of ids [b, t]. */
function logitsOf(
  config: LlamaConfig,
  p: Arrays,
  ids: np.Array,
  angles: [np.Array, np.Array],
  attend: Attend,
): np.Array {
  const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: headDim, rms_norm_eps: epsilon } = config;
  const [b, t] = ids.shape;
  const [cosine, sine] = angles;
  let x = np.take(p["model.embed_tokens.weight"].ref, ids, 0);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const of = (name: string): np.Array => p[`model.layers.${layer}.${name}.weight`];
    const n = rmsNorm(x.ref, of("input_layernorm"), epsilon);
    const q = linear(n.ref, of("self_attn.q_proj")).reshape([b, t, heads, headDim]);
    const k = linear(n.ref, of("self_attn.k_proj")).reshape([b, t, kvHeads, headDim]);
    const v = linear(n, of("self_attn.v_proj")).reshape([b, t, kvHeads, headDim]);
    const mixed = attend(layer, rope(q, cosine.ref, sine.ref), rope(k, cosine.ref, sine.ref), v);
    x = x.add(linear(mixed.reshape([b, t, heads * headDim]), of("self_attn.o_proj")));
    const m = rmsNorm(x.ref, of("post_attention_layernorm"), epsilon);
    const gated = nn.silu(linear(m.ref, of("mlp.gate_proj"))).mul(linear(m, of("mlp.up_proj")));
    x = x.add(linear(gated, of("mlp.down_proj")));
  }
  cosine.dispose();
  sine.dispose();
  return linear(rmsNorm(x, p["model.norm.weight"], epsilon), p["model.embed_tokens.weight"]);
}

interface BatchArrays {
  [name: string]: np.Array;
  ids: np.Array;
  targets: np.Array;
  weights: np.Array;
  old: np.Array;
  advantages: np.Array;
  cosine: np.Array;
  sine: np.Array;
}

function makeLoss(config: LlamaConfig, { clipLow, clipHigh, dualClip }: PolicyBatch) {
  return (p: Arrays, batch: BatchArrays): np.Array => {
    const attend: Attend = (_, q, k, v) => nn.dotProductAttention(q, k, v, { isCausal: true });
    const logits = logitsOf(config, p, batch.ids, [batch.cosine, batch.sine], attend);
    const picked = nn.oneHot(batch.targets, config.vocab_size);
    const logprobs = np.sum(nn.logSoftmax(logits, -1).mul(picked), -1);
    const r = np.exp(logprobs.sub(batch.old));
    const a = batch.advantages;
    const bounded = np.clip(r.ref, 1 - clipLow, 1 + clipHigh);
    const clipped = np.maximum(a.ref.neg().mul(r), a.ref.neg().mul(bounded));
    const dual = np.minimum(clipped.ref, a.ref.mul(-dualClip));
    return np.sum(np.where(np.less(a, 0), dual, clipped).mul(batch.weights));
  };
}

function anglesFor(config: LlamaConfig, positions: number): [np.Array, np.Array] {
  const { head_dim: headDim, rope_theta: theta } = config;
  const table = rotaryTable({ heads: 0, kvHeads: 0, headDim, theta, positions });
  const half = headDim / 2;
  const part = (start: number): np.Array => {
    const values = Float32Array.from(
      { length: positions * half },
      (_, i) => table[Math.floor(i / half) * headDim + start + (i % half)],
    );
    return np.array(values).reshape([1, positions, 1, half]);
  };
  return [part(0), part(half)];
}

/** The library types what it reads by a name that its declarations do not hold. */
async function read(x: np.Array): Promise<ArrayLike<number>> {
  const values: unknown = await x.data();
  return values as ArrayLike<number>;
}

function uploadBatch(config: LlamaConfig, batch: PolicyBatch): BatchArrays {
  const { rows, length, ids } = batch;
  const stride = length - 1;
  const [cosine, sine] = anglesFor(config, stride);
  const part = (from: number): np.Array => {
    const values = Int32Array.from(
      { length: rows * stride },
      (_, i) => ids[Math.floor(i / stride) * length + (i % stride) + from],
    );
    return np.array(values, { dtype: np.int32 }).reshape([rows, stride]);
  };
  const floats = (values: Float32Array): np.Array => np.array(values.slice()).reshape([rows, stride]);
  return {
    ids: part(0),
    targets: part(1),
    weights: floats(batch.weights),
    old: floats(batch.oldLogprobs),
    advantages: floats(batch.advantages),
    cosine,
    sine,
  };
}

/** AdamW on a bounded gradient, with bias corrections as arrays so that no step is traced again. */
function makeStep({ config, batch, settings }: Workload) {
  const { learningRate, beta1, beta2, epsilon, weightDecay, gradientClip } = settings;
  const gradients = valueAndGrad(makeLoss(config, batch));
  return jit((p: Arrays, m: Arrays, v: Arrays, c1: np.Array, c2: np.Array, arrays: BatchArrays) => {
    const [loss, raw] = gradients(tree.ref(p), arrays) as unknown as [np.Array, Arrays];
    const squares = Object.values(tree.ref(raw)).map((g) => np.sum(np.square(g)));
    const norm = np.sqrt(squares.reduce((sum, square) => sum.add(square)));
    const scale = np.minimum(np.reciprocal(norm.add(1e-6)).mul(gradientClip), 1);
    const next: [Arrays, Arrays, Arrays] = [{}, {}, {}];
    for (const [name, g0] of Object.entries(raw)) {
      const g = g0.mul(scale.ref);
      const first = m[name].mul(beta1).add(g.ref.mul(1 - beta1));
      const second = v[name].mul(beta2).add(np.square(g).mul(1 - beta2));
      const root = np.sqrt(second.ref.div(c2.ref)).add(epsilon);
      const decay = p[name].shape.length === 2 ? 1 - learningRate * weightDecay : 1;
      next[0][name] = p[name].mul(decay).sub(first.ref.div(c1.ref).div(root).mul(learningRate));
      next[1][name] = first;
      next[2][name] = second;
    }
    for (const used of [scale, c1, c2]) used.dispose();
    return [loss, ...next];
  });
}

/** One token for each row on caches of fixed size: next tokens, their log-probabilities, and the new caches. */
function makeDecodeStep(config: LlamaConfig, rows: number) {
  const { num_key_value_heads: kvHeads, head_dim: headDim } = config;
  const group = config.num_attention_heads / kvHeads;
  return jit(
    (
      p: Arrays,
      caches: np.Array[],
      tokens: np.Array,
      at: np.Array,
      seen: np.Array,
      cosine: np.Array,
      sine: np.Array,
      key: np.Array,
    ) => {
      const next = [...caches];
      const attend: Attend = (layer, q, k, v) => {
        // at [1, 1, capacity, 1] is 1 at this step's position.
        const write = (cache: np.Array, x: np.Array): np.Array =>
          np.where(at.ref, x.reshape([rows, kvHeads, 1, headDim]), cache);
        const keys = write(next[2 * layer], k);
        const values = write(next[2 * layer + 1], v);
        [next[2 * layer], next[2 * layer + 1]] = [keys, values];
        const queries = q.reshape([rows, kvHeads, group, headDim]).mul(1 / Math.sqrt(headDim));
        const scores = np.matmul(queries, np.matrixTranspose(keys.ref)).add(seen.ref);
        return np.matmul(nn.softmax(scores, -1), values.ref);
      };
      const logits = logitsOf(config, p, tokens.reshape([rows, 1]), [cosine, sine], attend).reshape([
        rows,
        config.vocab_size,
      ]);
      at.dispose();
      seen.dispose();
      const drawn = random.categorical(key, logits.ref).astype(np.int32);
      const logprobs = np.sum(nn.logSoftmax(logits, -1).mul(nn.oneHot(drawn.ref, config.vocab_size)), -1);
      return [drawn, logprobs, next];
    },
  ) as unknown as (...all: unknown[]) => [np.Array, np.Array, np.Array[]];
}

class JaxDecoder {
  readonly #step: ReturnType<typeof makeDecodeStep>;
  readonly #config: LlamaConfig;
  readonly #rows: number;
  readonly #capacity: number;

  constructor(config: LlamaConfig, rows: number, capacity: number) {
    this.#config = config;
    this.#rows = rows;
    this.#capacity = capacity;
    this.#step = makeDecodeStep(config, rows);
  }

  async run(p: Arrays, count: number): Promise<WrittenRow> {
    const { num_hidden_layers: layers, num_key_value_heads: kvHeads, head_dim: headDim } = this.#config;
    const [rows, capacity] = [this.#rows, this.#capacity];
    let caches = Array.from({ length: 2 * layers }, () => np.zeros([rows, kvHeads, capacity, headDim]));
    let tokens = np.array(
      Int32Array.from({ length: rows }, (_, row) => row % 7),
      { dtype: np.int32 },
    );
    const half = headDim / 2;
    const theta = this.#config.rope_theta;
    const table = rotaryTable({ heads: 0, kvHeads: 0, headDim, theta, positions: capacity });
    const all: np.Array[] = [];
    for (let position = 0; position < count; position++) {
      const angle = (start: number): np.Array => {
        const at = position * headDim + start;
        return np.array(table.slice(at, at + half)).reshape([1, 1, 1, half]);
      };
      const at = Float32Array.from({ length: capacity }, (_, t) => (t === position ? 1 : 0));
      const seen = Float32Array.from({ length: capacity }, (_, t) => (t <= position ? 0 : -1e9));
      const [drawn, logprobs, next] = this.#step(
        tree.ref(p),
        caches,
        tokens,
        np.array(at).reshape([1, 1, capacity, 1]).astype(np.bool),
        np.array(seen).reshape([1, 1, 1, capacity]),
        angle(0),
        angle(half),
        random.key(position),
      );
      all.push(drawn.ref, logprobs);
      [tokens, caches] = [drawn, next];
    }
    tokens.dispose();
    tree.dispose(caches);
    // Read at the end, all at once: no token waits for JavaScript.
    const firsts = (await Promise.all(all.map((array) => read(array)))).map((values) => values[0]);
    return {
      tokens: [0, ...firsts.filter((_, i) => i % 2 === 0)],
      logprobs: firsts.filter((_, i) => i % 2 === 1),
    };
  }
}

const { rows, edge, times } = productShape;

function makeMultiply(): () => Promise<void> {
  const x = np.ones([rows, edge]);
  const weight = np.ones([edge, edge]).mul(0.001);
  const run = jit((x: np.Array, weight: np.Array) => {
    let y = x;
    for (let i = 0; i < times; i++) y = linear(y.ref, weight.ref).add(y);
    weight.dispose();
    const [first, rest] = np.split(y, [1]);
    rest.dispose();
    return first;
  });
  return async () => {
    await run(x.ref, weight.ref).data();
  };
}

export const openJax: OpenSubject = async (backend, workload) => {
  if (backend === "cpu") throw new RangeError("jax-js is measured on webgpu and on wasm.");
  const available = await init(backend);
  if (!available.includes(backend)) throw new Error(`jax-js found no ${backend} here.`);
  defaultDevice(backend);
  const { config, settings, weights } = workload;
  const step = makeStep(workload);
  const decoders = new Map<string, JaxDecoder>();
  const batches = new Map<PolicyBatch, BatchArrays>();
  const zeros = (p: Arrays): Arrays =>
    Object.fromEntries(Object.entries(p).map(([name, array]) => [name, np.zeros(array.shape)]));
  let p = upload(weights);
  let [m, v] = [zeros(p), zeros(p)];
  let steps = 0;
  return {
    adapter: `jax-js on ${backend}`,
    train: async (batch) => {
      steps++;
      const arrays = batches.get(batch) ?? uploadBatch(config, batch);
      batches.set(batch, arrays);
      const corrections = [1 - settings.beta1 ** steps, 1 - settings.beta2 ** steps].map((c) => np.array(c));
      const [loss, ...next] = step(p, m, v, corrections[0], corrections[1], tree.ref(arrays)) as unknown as [
        np.Array,
        Arrays,
        Arrays,
        Arrays,
      ];
      [p, m, v] = next;
      return (await read(loss))[0];
    },
    reset: async () => {
      tree.dispose([p, m, v]);
      p = upload(weights);
      [m, v] = [zeros(p), zeros(p)];
      steps = 0;
      return Promise.resolve();
    },
    decode: (rows, tokens) => {
      const name = `${rows}/${tokens}`;
      const decoder = decoders.get(name) ?? new JaxDecoder(config, rows, tokens + 1);
      decoders.set(name, decoder);
      return decoder.run(p, tokens);
    },
    multiply: makeMultiply(),
    bytes: () => null,
    close: () => tree.dispose([p, m, v]),
  };
};
