/**
 * The model: a Llama-shaped language model, written once over the tensor room's ops. Pre-norm blocks of attention
 * (RoPE, grouped-query heads, optional q/k/v bias) and SwiGLU, tied or untied head. Names are Hugging Face's.
 */
import type { AttentionShape, LayerCache, Linear, Ops } from "../tensor/ops";
import type { LlamaConfig } from "./policy";

/** Each parameter's name and shape, in the order in which a checkpoint lists them. */
export function parameterShapes(config: LlamaConfig): Map<string, number[]> {
  const { hidden_size: d, intermediate_size: f, vocab_size: v, head_dim: headDim } = config;
  const queries = config.num_attention_heads * headDim;
  const keys = config.num_key_value_heads * headDim;
  const shapes = new Map<string, number[]>([["model.embed_tokens.weight", [v, d]]]);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = `model.layers.${i}`;
    shapes.set(`${layer}.input_layernorm.weight`, [d]);
    for (const [name, width] of [
      ["q", queries],
      ["k", keys],
      ["v", keys],
    ] as const) {
      shapes.set(`${layer}.self_attn.${name}_proj.weight`, [width, d]);
      if (config.attention_bias) shapes.set(`${layer}.self_attn.${name}_proj.bias`, [width]);
    }
    shapes.set(`${layer}.self_attn.o_proj.weight`, [d, queries]);
    shapes.set(`${layer}.post_attention_layernorm.weight`, [d]);
    shapes.set(`${layer}.mlp.gate_proj.weight`, [f, d]);
    shapes.set(`${layer}.mlp.up_proj.weight`, [f, d]);
    shapes.set(`${layer}.mlp.down_proj.weight`, [d, f]);
  }
  shapes.set("model.norm.weight", [d]);
  if (!config.tie_word_embeddings) shapes.set("lm_head.weight", [v, d]);
  return shapes;
}

export function attentionShape(config: LlamaConfig): AttentionShape {
  return {
    heads: config.num_attention_heads,
    kvHeads: config.num_key_value_heads,
    headDim: config.head_dim,
    theta: config.rope_theta,
  };
}

interface Layer<T> {
  inputNorm: T;
  /** Queries, keys and values in one product. */
  qkv: Linear<T>;
  out: Linear<T>;
  postNorm: T;
  gateUp: Linear<T>;
  down: Linear<T>;
}

/** The parameters as the ops want them; valid as long as the parameters are. */
export interface Llama<T> {
  embeddings: T;
  layers: Layer<T>[];
  norm: T;
  head: Linear<T>;
}

export function prepare<T>(ops: Ops<T>, config: LlamaConfig, get: (name: string) => T): Llama<T> {
  const layers = Array.from({ length: config.num_hidden_layers }, (_, i) => {
    const parameter = (name: string): T => get(`model.layers.${i}.${name}`);
    const projections = ["q", "k", "v"].map((name) => `self_attn.${name}_proj`);
    return {
      inputNorm: parameter("input_layernorm.weight"),
      qkv: ops.joinLinear(
        projections.map((name) => parameter(`${name}.weight`)),
        config.attention_bias ? projections.map((name) => parameter(`${name}.bias`)) : [],
      ),
      out: ops.joinLinear([parameter("self_attn.o_proj.weight")], []),
      postNorm: parameter("post_attention_layernorm.weight"),
      gateUp: ops.joinLinear([parameter("mlp.gate_proj.weight"), parameter("mlp.up_proj.weight")], []),
      down: ops.joinLinear([parameter("mlp.down_proj.weight")], []),
    };
  });
  const embeddings = get("model.embed_tokens.weight");
  const head = config.tie_word_embeddings ? embeddings : get("lm_head.weight");
  return { embeddings, layers, norm: get("model.norm.weight"), head: ops.joinLinear([head], []) };
}

/**
 * The residual stream after all blocks, [n, hidden]. `attend` is what differs between a teacher-forced pass and a
 * decoding step: it receives a layer's turned queries, keys and values, [n, (heads + 2 kvHeads) headDim].
 */
function blocks<T>(
  ops: Ops<T>,
  config: LlamaConfig,
  model: Llama<T>,
  ids: Int32Array,
  positions: Int32Array,
  attend: (x: T, layer: number) => T,
): T {
  const shape = attentionShape(config);
  const epsilon = config.rms_norm_eps;
  let x = ops.embed(model.embeddings, ids);
  for (const [i, layer] of model.layers.entries()) {
    const qkv = ops.linear(ops.rmsNorm(x, layer.inputNorm, epsilon), layer.qkv);
    x = ops.add(x, ops.linear(attend(ops.rope(qkv, positions, shape), i), layer.out));
    const gateUp = ops.linear(ops.rmsNorm(x, layer.postNorm, epsilon), layer.gateUp);
    x = ops.add(x, ops.linear(ops.swiglu(gateUp), layer.down));
  }
  return x;
}

function logitsOf<T>(ops: Ops<T>, config: LlamaConfig, model: Llama<T>, x: T): T {
  return ops.linear(ops.rmsNorm(x, model.norm, config.rms_norm_eps), model.head);
}

/** Whole sequences side by side, each padded on the right to a common length. */
export interface Sequences {
  rows: number;
  length: number;
  /** [rows * length] */
  ids: Int32Array;
}

function positionsOf({ rows, length }: Sequences): Int32Array {
  return Int32Array.from({ length: rows * length }, (_, i) => i % length);
}

/** A teacher-forced pass. Logits at the chosen places (row * length + position) only: [places, vocab]. */
export function forward<T>(
  ops: Ops<T>,
  config: LlamaConfig,
  model: Llama<T>,
  sequences: Sequences,
  places: Int32Array,
): T {
  const { rows, length, ids } = sequences;
  const shape = attentionShape(config);
  const x = blocks(ops, config, model, ids, positionsOf(sequences), (qkv) => ops.attention(qkv, rows, length, shape));
  return logitsOf(ops, config, model, ops.select(x, places));
}

/** A teacher-forced pass that fills the caches of `rows`; otherwise as `forward`. */
export function prefill<T>(
  ops: Ops<T>,
  config: LlamaConfig,
  model: Llama<T>,
  caches: LayerCache<T>[],
  rows: readonly number[],
  sequences: Sequences,
  places: Int32Array,
): T {
  const shape = attentionShape(config);
  const x = blocks(ops, config, model, sequences.ids, positionsOf(sequences), (qkv, layer) => {
    caches[layer].fill(qkv, rows, sequences.length);
    return ops.attention(qkv, sequences.rows, sequences.length, shape);
  });
  return logitsOf(ops, config, model, ops.select(x, places));
}

/** One token for each of `rows`, at its own position, on its own cache. Logits: [rows, vocab]. */
export function decodeStep<T>(
  ops: Ops<T>,
  config: LlamaConfig,
  model: Llama<T>,
  caches: LayerCache<T>[],
  rows: readonly number[],
  tokens: Int32Array,
  positions: Int32Array,
): T {
  const x = blocks(ops, config, model, tokens, positions, (qkv, layer) => {
    caches[layer].write(qkv, rows, positions);
    return caches[layer].attend(qkv, rows, positions);
  });
  return logitsOf(ops, config, model, x);
}
