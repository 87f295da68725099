/**
 * The model: a Llama-shaped language model, written once over the tensor room's ops. Pre-norm blocks of attention
 * (RoPE, grouped-query heads, optional q/k/v bias) and SwiGLU, tied or untied head. Names are Hugging Face's.
 */
import type { DecoderModel } from "../tensor/decoder";
import type { AttentionShape, LayerCache, Linear, Ops } from "../tensor/ops";
import type { Scope } from "../tensor/program";
import type { LlamaConfig } from "./policy";

/** A critic's head on the policy's own body, named as TRL names it. */
const valueHead = { weight: "v_head.summary.weight", bias: "v_head.summary.bias" };

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
  if (config.value_head) shapes.set(valueHead.weight, [1, d]).set(valueHead.bias, [1]);
  return shapes;
}

/** As long as an episode can be configured to get; what a model was trained on does not limit rotary positions. */
const longestSequence = 4096;

function attentionShape(config: LlamaConfig): AttentionShape {
  return {
    heads: config.num_attention_heads,
    kvHeads: config.num_key_value_heads,
    headDim: config.head_dim,
    theta: config.rope_theta,
    positions: longestSequence,
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
interface Llama<T> {
  embeddings: T;
  layers: Layer<T>[];
  norm: T;
  head: Linear<T>;
}

type Prepare<T> = Pick<Ops<T>, "joinLinear">;

function prepare<T>(ops: Prepare<T>, config: LlamaConfig, get: (name: string) => T): Llama<T> {
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

/** Names of the parameters that `prepare` joins, group by group. */
export function joinedParameters(config: LlamaConfig): string[][] {
  const groups: string[][] = [];
  const joinLinear = (weights: string[], biases: string[]): Linear<string> => {
    groups.push(...[weights, biases].filter((names) => names.length > 1));
    return { weight: weights[0] };
  };
  prepare({ joinLinear }, config, (name) => name);
  return groups;
}

/**
 * Bytes of activations that a training step holds for each token, at most: what every layer keeps for the backward
 * pass (the residual stream and its normal form twice, queries to values, mixed values, the gated halves and their
 * product, the statistics of norms and softmaxes),
 * logits with their gradient, and the gradients on their way.
 */
export function activationBytes(config: LlamaConfig): number {
  const { hidden_size: hidden, intermediate_size: gate, num_attention_heads: heads, vocab_size: vocabulary } = config;
  const { kvHeads, headDim } = attentionShape(config);
  const qkv = (heads + 2 * kvHeads) * headDim;
  const perLayer = 4 * hidden + heads * headDim + qkv + 3 * gate + 2 * heads + 2;
  const onTheWay = 2 * (2 * gate + qkv);
  return 4 * (config.num_hidden_layers * perLayer + 2 * vocabulary + onTheWay);
}

/** What differs between a teacher-forced pass and a decoding step. */
interface Pass<T> {
  ids: T;
  positions: T;
  /** From a layer's turned queries, keys and values, [n, (heads + 2 kvHeads) headDim]: [n, heads headDim]. */
  attend: (x: T, layer: number) => T;
  /** Tokens that predict something, where not all do; after the last attention only these are computed. */
  places?: T;
}

/** The residual stream after all blocks, [n, hidden]; at the places alone where they are given. */
function blocks<T>(ops: Ops<T>, config: LlamaConfig, model: Llama<T>, { ids, positions, attend, places }: Pass<T>): T {
  const shape = attentionShape(config);
  const epsilon = config.rms_norm_eps;
  let x = ops.embed(model.embeddings, ids);
  for (const [i, layer] of model.layers.entries()) {
    const qkv = ops.linear(ops.rmsNorm(x, layer.inputNorm, epsilon), layer.qkv);
    let mixed = attend(ops.rope(qkv, positions, shape), i);
    if (places !== undefined && i === model.layers.length - 1) [mixed, x] = ops.select([mixed, x], places);
    x = ops.linear(mixed, layer.out, x);
    const hidden = ops.swiglu(ops.rmsNorm(x, layer.postNorm, epsilon), layer.gateUp);
    x = ops.linear(hidden, layer.down, x);
  }
  return x;
}

/**
 * A teacher-forced pass over inputs `ids`, `first`, `positions` [tokens] and `places` [places]: after the last norm,
 * the residual stream at the chosen places only, [places, hidden], and the logits that follow from it.
 */
export function teacherForced<T>({ ops, parameter, input }: Scope<T>, config: LlamaConfig): { x: T; logits: T } {
  const model = prepare(ops, config, parameter);
  const shape = attentionShape(config);
  const first = input("first");
  const last = blocks(ops, config, model, {
    ids: input("ids"),
    positions: input("positions"),
    attend: (qkv) => ops.attention(qkv, first, shape),
    places: input("places"),
  });
  const x = ops.rmsNorm(last, model.norm, config.rms_norm_eps);
  return { x, logits: ops.logits(x, model.head) };
}

/** The critic's values at the places of `x` [places, hidden]: [places, 1]. */
export function valuesOf<T>({ ops, parameter }: Scope<T>, x: T): T {
  return ops.linear(x, ops.joinLinear([parameter(valueHead.weight)], [parameter(valueHead.bias)]));
}

/** The model as a decoder runs it. */
export function decoderModel(config: LlamaConfig): DecoderModel {
  const shape = attentionShape(config);
  return {
    layers: config.num_hidden_layers,
    vocabulary: config.vocab_size,
    shape,
    read: <T>({ ops, parameter, input }: Scope<T>, caches: LayerCache<T>[]) => {
      const model = prepare(ops, config, parameter);
      const first = input("first");
      const attend = (qkv: T, layer: number): T => {
        caches[layer].fill(qkv);
        return ops.attention(qkv, first, shape);
      };
      blocks(ops, config, model, { ids: input("ids"), positions: input("positions"), attend });
    },
    step: <T>({ ops, parameter }: Scope<T>, caches: LayerCache<T>[], tokens: T, positions: T) => {
      const model = prepare(ops, config, parameter);
      const attend = (qkv: T, layer: number): T => caches[layer].attend(qkv, positions);
      const x = blocks(ops, config, model, { ids: tokens, positions, attend });
      return ops.logits(ops.rmsNorm(x, model.norm, config.rms_norm_eps), model.head);
    },
  };
}
