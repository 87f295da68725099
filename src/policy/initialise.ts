/** Fresh weights, from a seed alone. */
import { headSize } from "../core/head-size";
import type { Rng } from "../core/rng";
import { parameterShapes } from "./llama";
import type { LlamaConfig, Weights } from "./policy";

/** Two independent standard normal numbers from two uniform ones (Box and Muller). */
function normalPair(rng: Rng): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - rng.float()));
  const angle = 2 * Math.PI * rng.float();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/**
 * Norms 1, biases 0, embeddings normal with deviation 0.02, other matrices normal with 0.7 / sqrt(inputs). Each
 * parameter has a stream of its own, so that a layer more or less changes no other.
 */
export function initialWeights(config: LlamaConfig, rng: Rng): Weights {
  const weights: Weights = new Map();
  for (const [name, shape] of parameterShapes(config)) {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    if (shape.length === 2) {
      const deviation = name === "model.embed_tokens.weight" ? 0.02 : 0.7 / Math.sqrt(shape[1]);
      const stream = rng.fold("weights", name);
      for (let i = 0; i < values.length; i += 2) {
        const [a, b] = normalPair(stream);
        values[i] = deviation * a;
        if (i + 1 < values.length) values[i + 1] = deviation * b;
      }
    } else if (name.endsWith("norm.weight")) values.fill(1);
    weights.set(name, { shape, values });
  }
  return weights;
}

/** The sizes that tell one policy from another; the rest of a configuration is the same for all of ours. */
export interface PolicySize {
  hidden: number;
  layers: number;
  heads: number;
  kvHeads: number;
  intermediate: number;
  vocab: number;
  maxPositions: number;
}

/** A configuration of our own; heads share the hidden size evenly. Throws a RangeError where they cannot. */
export function configFor(size: PolicySize): LlamaConfig {
  const headDim = headSize(size);
  if (headDim === null)
    throw new RangeError(
      `${size.hidden} features cannot be shared by ${size.heads} heads with ${size.kvHeads} key-value heads; ` +
        "a head needs an even number of features, and key-value heads must divide heads",
    );
  return {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    vocab_size: size.vocab,
    hidden_size: size.hidden,
    intermediate_size: size.intermediate,
    num_hidden_layers: size.layers,
    num_attention_heads: size.heads,
    num_key_value_heads: size.kvHeads,
    head_dim: headDim,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    tie_word_embeddings: true,
    max_position_embeddings: size.maxPositions,
  };
}

/** The same model with a critic's head on it, which says 0 of everything until it learns; one that has a head keeps it. */
export function withValueHead(config: LlamaConfig, weights: Weights): { config: LlamaConfig; weights: Weights } {
  const headed = { ...config, value_head: true };
  const missing = [...parameterShapes(headed)].filter(([name]) => !weights.has(name));
  const zeros = missing.map(([name, shape]): [string, { shape: number[]; values: Float32Array }] => [
    name,
    { shape, values: new Float32Array(shape.reduce((product, size) => product * size, 1)) },
  ]);
  return { config: headed, weights: new Map([...weights, ...zeros]) };
}

/** The same model without a critic's head. */
export function withoutValueHead(config: LlamaConfig, weights: Weights): { config: LlamaConfig; weights: Weights } {
  const { value_head: _, ...headless } = config;
  const shapes = parameterShapes(headless);
  return { config: headless, weights: new Map([...weights].filter(([name]) => shapes.has(name))) };
}
