/**
 * Stock tfjs, as its documentation would have one write it: the model out of its own functions, differentiated and
 * optimised by its own means, with nothing of the lab's but the numbers. It is the baseline.
 */
import * as tf from "@tensorflow/tfjs";
import type { LlamaConfig, PolicyBatch, Weights } from "../policy/policy";
import { wasmBinaries } from "../tensor/eager/wasm/binaries";
import { rotaryTable } from "../tensor/ops/rope";
import { type BenchBackend, type OpenSubject, productShape, type WrittenRow } from "./subject";
import type { Workload } from "./workload";

type Tensors = Map<string, tf.Variable>;
type Attend = (layer: number, q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) => tf.Tensor;

function linear(x: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  return tf.matMul(x, weight, false, true);
}

function rmsNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon))), gain);
}

/** Turns x [b, heads, t, headDim] by cosines and sines [t, headDim / 2]. */
function rope(x: tf.Tensor, [cosine, sine]: [tf.Tensor, tf.Tensor]): tf.Tensor {
  const [a, b] = tf.split(x, 2, 3);
  return tf.concat([tf.sub(tf.mul(a, cosine), tf.mul(b, sine)), tf.add(tf.mul(b, cosine), tf.mul(a, sine))], 3);
}

/** tfjs-wasm cannot differentiate `gather`; there, a product with one-hot rows is what its users write. */
function embed(table: tf.Tensor, ids: tf.Tensor): tf.Tensor {
  if (tf.getBackend() !== "wasm") return tf.gather(table, ids);
  const hot = tf.cast(tf.oneHot(tf.cast(ids, "int32"), table.shape[0]), "float32");
  return tf.matMul(hot, table);
}

/** Logits [b t, vocab] of ids [b, t]. */
function logitsOf(
  config: LlamaConfig,
  p: Tensors,
  ids: tf.Tensor,
  angles: [tf.Tensor, tf.Tensor],
  attend: Attend,
): tf.Tensor {
  const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: headDim, rms_norm_eps: epsilon } = config;
  const [b, t] = ids.shape;
  const get = (name: string): tf.Tensor => {
    const found = p.get(name);
    if (!found) throw new Error(`There is no parameter ${name}.`);
    return found;
  };
  const split = (x: tf.Tensor, count: number): tf.Tensor =>
    tf.transpose(tf.reshape(x, [b, t, count, headDim]), [0, 2, 1, 3]);
  let x = embed(get("model.embed_tokens.weight"), tf.reshape(ids, [b * t]));
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const of = (name: string): tf.Tensor => get(`model.layers.${layer}.${name}.weight`);
    const n = rmsNorm(x, of("input_layernorm"), epsilon);
    const q = rope(split(linear(n, of("self_attn.q_proj")), heads), angles);
    const k = rope(split(linear(n, of("self_attn.k_proj")), kvHeads), angles);
    const v = split(linear(n, of("self_attn.v_proj")), kvHeads);
    const mixed = tf.reshape(tf.transpose(attend(layer, q, k, v), [0, 2, 1, 3]), [b * t, heads * headDim]);
    x = tf.add(x, linear(mixed, of("self_attn.o_proj")));
    const m = rmsNorm(x, of("post_attention_layernorm"), epsilon);
    const gate = linear(m, of("mlp.gate_proj"));
    x = tf.add(x, linear(tf.mul(tf.mul(gate, tf.sigmoid(gate)), linear(m, of("mlp.up_proj"))), of("mlp.down_proj")));
  }
  return linear(rmsNorm(x, get("model.norm.weight"), epsilon), get("model.embed_tokens.weight"));
}

function anglesFrom(config: LlamaConfig, from: number, to: number): [tf.Tensor, tf.Tensor] {
  const { head_dim: headDim, rope_theta: theta } = config;
  const table = rotaryTable({ heads: 0, kvHeads: 0, headDim, theta, positions: to });
  const rows = tf.tensor2d(table.slice(from * headDim, to * headDim), [to - from, headDim]);
  const [cosine, sine] = tf.split(rows, 2, 1);
  return [cosine, sine];
}

function policyLoss(workload: Workload, p: Tensors, batch: PolicyBatch): tf.Scalar {
  const { config } = workload;
  const { rows, length, clipLow, clipHigh, dualClip } = batch;
  const t = length - 1;
  const all = tf.tensor2d(batch.ids, [rows, length], "int32");
  const future = tf.tensor2d(
    Float32Array.from({ length: t * t }, (_, i) => (i % t > Math.floor(i / t) ? -1e9 : 0)),
    [t, t],
  );
  const attend: Attend = (_, q, k, v) => {
    const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(config.head_dim)), future);
    return tf.matMul(tf.softmax(scores), v);
  };
  const logits = logitsOf(config, p, tf.slice(all, [0, 0], [rows, t]), anglesFrom(config, 0, t), attend);
  const targets = tf.reshape(tf.slice(all, [0, 1], [rows, t]), [rows * t]);
  const picked = tf.cast(tf.oneHot(tf.cast(targets, "int32"), config.vocab_size), "float32");
  const logprobs = tf.sum(tf.mul(tf.logSoftmax(logits), picked), -1);
  const [old, a, w] = [batch.oldLogprobs, batch.advantages, batch.weights].map((values) => tf.tensor1d(values));
  const r = tf.exp(tf.sub(logprobs, old));
  const clipped = tf.maximum(tf.mul(tf.neg(a), r), tf.mul(tf.neg(a), tf.clipByValue(r, 1 - clipLow, 1 + clipHigh)));
  const bounded = tf.where(tf.less(a, 0), tf.minimum(clipped, tf.mul(a, -dualClip)), clipped);
  return tf.sum(tf.mul(bounded, w));
}

/** tfjs has Adam without decoupled decay and without a bound on the gradient; both are written out. */
class StockTrainer {
  readonly #workload: Workload;
  readonly #p: Tensors;
  readonly #moments = new Map<string, [tf.Variable, tf.Variable]>();
  #steps = 0;

  constructor(workload: Workload, p: Tensors) {
    this.#workload = workload;
    this.#p = p;
    for (const [name, variable] of p) {
      this.#moments.set(name, [tf.variable(tf.zerosLike(variable), false), tf.variable(tf.zerosLike(variable), false)]);
    }
  }

  async step(batch: PolicyBatch): Promise<number> {
    const { learningRate, beta1, beta2, epsilon, weightDecay, gradientClip } = this.#workload.settings;
    this.#steps++;
    const corrections = [1 - beta1 ** this.#steps, 1 - beta2 ** this.#steps];
    const loss = tf.tidy(() => {
      const variables = [...this.#p.values()];
      const { value, grads } = tf.variableGrads(() => policyLoss(this.#workload, this.#p, batch), variables);
      const byName = new Map([...this.#p].map(([name, variable]) => [name, grads[variable.name]]));
      const squares = [...byName.values()].map((gradient) => tf.sum(tf.square(gradient)));
      const norm = tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
      const scale = tf.minimum(1, tf.div(gradientClip, tf.add(norm, 1e-6)));
      for (const [name, variable] of this.#p) {
        const [first, second] = this.#moments.get(name) ?? [];
        const gradient = byName.get(name);
        if (!first || !second || !gradient) throw new Error(`There is nothing to learn ${name} from.`);
        const g = tf.mul(gradient, scale);
        first.assign(tf.add(tf.mul(first, beta1), tf.mul(g, 1 - beta1)));
        second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2)));
        const root = tf.add(tf.sqrt(tf.div(second, corrections[1])), epsilon);
        const update = tf.mul(tf.div(tf.div(first, corrections[0]), root), learningRate);
        const decay = variable.shape.length === 2 ? 1 - learningRate * weightDecay : 1;
        variable.assign(tf.sub(tf.mul(variable, decay), update));
      }
      return value;
    });
    const [value] = await loss.data();
    loss.dispose();
    return value;
  }

  dispose(): void {
    for (const pair of this.#moments.values()) tf.dispose(pair);
  }
}

async function decode(config: LlamaConfig, p: Tensors, rows: number, count: number): Promise<WrittenRow> {
  const { num_hidden_layers: layers, num_key_value_heads: kvHeads, head_dim: headDim } = config;
  const capacity = count + 1;
  let caches = Array.from({ length: 2 * layers }, () => tf.zeros([rows, kvHeads, capacity, headDim]));
  let tokens: tf.Tensor = tf.tensor1d(
    Int32Array.from({ length: rows }, (_, row) => row % 7),
    "int32",
  );
  const drawn: tf.Tensor[] = [];
  const logprobs: tf.Tensor[] = [];
  const group = config.num_attention_heads / kvHeads;
  for (let position = 0; position < count; position++) {
    const made = tf.tidy(() => {
      const next = [...caches];
      const at = tf.tensor4d(
        Uint8Array.from({ length: capacity }, (_, t) => Number(t === position)),
        [1, 1, capacity, 1],
        "bool",
      );
      const hidden = tf.tensor1d(Float32Array.from({ length: capacity }, (_, t) => (t > position ? -1e9 : 0)));
      const attend: Attend = (layer, q, k, v) => {
        const [keys, values] = [tf.where(at, k, next[2 * layer]), tf.where(at, v, next[2 * layer + 1])];
        [next[2 * layer], next[2 * layer + 1]] = [keys, values];
        const queries = tf.mul(tf.reshape(q, [rows, kvHeads, group, headDim]), 1 / Math.sqrt(headDim));
        const weights = tf.softmax(tf.add(tf.matMul(queries, keys, false, true), hidden));
        return tf.reshape(tf.matMul(weights, values), [rows, group * kvHeads, 1, headDim]);
      };
      const angles = anglesFrom(config, position, position + 1);
      const logits = logitsOf(config, p, tf.reshape(tokens, [rows, 1]), angles, attend);
      const log = tf.logSoftmax(logits);
      const noise = tf.neg(tf.log(tf.neg(tf.log(tf.randomUniform(log.shape, 1e-7, 1, "float32", position)))));
      const drawn = tf.argMax(tf.add(log, noise), -1);
      const picked = tf.cast(tf.oneHot(tf.cast(drawn, "int32"), config.vocab_size), "float32");
      return { drawn, logprobs: tf.sum(tf.mul(log, picked), -1), next };
    });
    tf.dispose(position === 0 ? [tokens, ...caches] : caches);
    drawn.push(made.drawn);
    logprobs.push(made.logprobs);
    [tokens, caches] = [made.drawn, made.next];
  }
  // Read at the end, all at once: no token waits for JavaScript.
  const read = await Promise.all([...drawn, ...logprobs].map((tensor) => tensor.data()));
  tf.dispose([...drawn, ...logprobs, ...caches]);
  const firsts = read.map(([first]) => first);
  return { tokens: [0, ...firsts.slice(0, count)], logprobs: firsts.slice(count) };
}

async function start(backend: BenchBackend | "cpu"): Promise<void> {
  tf.enableProdMode();
  if (backend === "wasm") {
    (await import("@tensorflow/tfjs-backend-wasm")).setWasmPaths(wasmBinaries);
    // Its threads come from scripts that the page's own rules refuse; the lab's engine has one thread as well.
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  }
  if (backend === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs found no ${backend} here.`);
  await tf.ready();
}

const { rows, edge, times } = productShape;

function makeMultiply(): () => Promise<void> {
  const x = tf.keep(tf.ones([rows, edge]));
  const weight = tf.keep(tf.mul(tf.ones([edge, edge]), 0.001));
  return async () => {
    const row = tf.tidy(() => {
      let y: tf.Tensor = x;
      for (let i = 0; i < times; i++) y = tf.add(linear(y, weight), y);
      return tf.slice(y, [0, 0], [1, edge]);
    });
    await row.data();
    row.dispose();
  };
}

function upload(weights: Weights): Tensors {
  return new Map([...weights].map(([name, { shape, values }]) => [name, tf.variable(tf.tensor(values, shape))]));
}

export const openStock: OpenSubject = async (backend, workload) => {
  await start(backend);
  let p = upload(workload.weights);
  let trainer = new StockTrainer(workload, p);
  return {
    adapter: `tfjs ${tf.version_core} on ${backend}`,
    train: (batch) => trainer.step(batch),
    reset: async () => {
      trainer.dispose();
      tf.dispose([...p.values()]);
      p = upload(workload.weights);
      trainer = new StockTrainer(workload, p);
      return Promise.resolve();
    },
    decode: (rows, tokens) => decode(workload.config, p, rows, tokens),
    multiply: makeMultiply(),
    bytes: () => tf.memory().numBytes,
    close: () => {
      trainer.dispose();
      tf.dispose([...p.values()]);
    },
  };
};
