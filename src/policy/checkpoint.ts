/** A checkpoint folder as Hugging Face lays it out: config.json and model.safetensors, to and from a policy's terms. */
import { FaultError } from "../core/result";
import { readSafetensors, writeSafetensors } from "../tensor/safetensors";
import { parameterShapes } from "./llama";
import type { LlamaConfig, Weights } from "./policy";

const configHint = "Choose the config.json of a Llama or Qwen2 model.";
const weightsHint = "Choose the model.safetensors that belongs to this config.json.";

function refuse(code: string, message: string, hint: string): never {
  throw new FaultError({ at: "checkpoint", code, message, hint });
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function count(fields: Fields, name: string, fallback?: number): number {
  const value = fields[name] ?? fallback;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1)
    refuse("config", `config.json: ${name} must be a whole number from 1, but is ${show(fields[name])}.`, configHint);
  return value;
}

function positive(fields: Fields, name: string, fallback: number): number {
  const value = fields[name] ?? fallback;
  if (typeof value !== "number" || !(value > 0))
    refuse("config", `config.json: ${name} must be a number above 0, but is ${show(value)}.`, configHint);
  return value;
}

function flag(fields: Fields, name: string, fallback: boolean): boolean {
  const value = fields[name] ?? fallback;
  if (typeof value !== "boolean")
    refuse("config", `config.json: ${name} must be true or false, but is ${show(value)}.`, configHint);
  return value;
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}

/**
 * A `config.json` of the Llama family, checked. Fields that Hugging Face lets default take its defaults.
 *
 * @throws FaultError at "checkpoint" that names the field, for anything that this model cannot be.
 */
export function parseConfig(value: unknown): LlamaConfig {
  if (!isFields(value)) refuse("config", "config.json is not a JSON object.", configHint);
  const kind = value.model_type;
  if (kind !== "llama" && kind !== "qwen2")
    refuse("config", `config.json: model_type must be "llama" or "qwen2", but is ${show(kind)}.`, configHint);
  const activation = value.hidden_act ?? "silu";
  if (activation !== "silu")
    refuse("config", `config.json: hidden_act must be "silu", but is ${show(activation)}.`, configHint);
  if (value.rope_scaling !== undefined && value.rope_scaling !== null)
    refuse("config", "config.json: rope_scaling is not supported.", configHint);
  const hidden = count(value, "hidden_size");
  const heads = count(value, "num_attention_heads");
  const kvHeads = count(value, "num_key_value_heads", heads);
  const headDim = count(value, "head_dim", hidden / heads);
  if (heads % kvHeads !== 0)
    refuse(
      "config",
      `config.json: ${kvHeads} num_key_value_heads do not divide ${heads} num_attention_heads.`,
      configHint,
    );
  if (headDim % 2 !== 0) refuse("config", `config.json: head_dim must be even, but is ${headDim}.`, configHint);
  const config: LlamaConfig = {
    architectures: [kind === "llama" ? "LlamaForCausalLM" : "Qwen2ForCausalLM"],
    model_type: kind,
    vocab_size: count(value, "vocab_size"),
    hidden_size: hidden,
    intermediate_size: count(value, "intermediate_size"),
    num_hidden_layers: count(value, "num_hidden_layers"),
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: headDim,
    rms_norm_eps: positive(value, "rms_norm_eps", 1e-6),
    rope_theta: positive(value, "rope_theta", 10000),
    tie_word_embeddings: flag(value, "tie_word_embeddings", false),
    max_position_embeddings: count(value, "max_position_embeddings", 2048),
  };
  if (flag(value, "attention_bias", kind === "qwen2")) config.attention_bias = true;
  return config;
}

/** Tensors that some checkpoints carry although the model does not need them. */
function isSuperfluous(name: string, config: LlamaConfig): boolean {
  return name.endsWith(".inv_freq") || (name === "lm_head.weight" && config.tie_word_embeddings);
}

/** Throws a FaultError at "checkpoint" that names the first parameter that is missing, unknown or of another shape. */
export function checkWeights(config: LlamaConfig, weights: Weights): void {
  const shapes = parameterShapes(config);
  for (const name of weights.keys()) {
    if (!shapes.has(name))
      refuse("unknown", `The checkpoint has ${name}, which this model has no place for.`, weightsHint);
  }
  for (const [name, shape] of shapes) {
    const found = weights.get(name);
    if (!found)
      refuse("missing", `The checkpoint has no ${name}; shape [${shape.join(", ")}] is expected.`, weightsHint);
    if (found.shape.join() !== shape.join())
      refuse(
        "shape",
        `${name} has shape [${found.shape.join(", ")}], but config.json asks for [${shape.join(", ")}].`,
        weightsHint,
      );
  }
}

/**
 * A configuration and its weights from the two files' contents.
 *
 * @throws FaultError at "checkpoint" for anything that is not such a checkpoint, in a sentence that says what.
 */
export function readCheckpoint(configText: string, bytes: Uint8Array): { config: LlamaConfig; weights: Weights } {
  let json: unknown;
  try {
    json = JSON.parse(configText);
  } catch {
    refuse("config", "config.json is not valid JSON.", configHint);
  }
  const config = parseConfig(json);
  const { tensors } = readSafetensors(bytes);
  const weights: Weights = new Map();
  for (const [name, { shape, values }] of tensors) {
    if (values instanceof Float32Array && !isSuperfluous(name, config)) weights.set(name, { shape, values });
  }
  checkWeights(config, weights);
  return { config, weights };
}

/** The two files' contents, as `transformers` opens them. */
export function writeCheckpoint(
  config: LlamaConfig,
  weights: Weights,
): { configText: string; bytes: Uint8Array<ArrayBuffer> } {
  checkWeights(config, weights);
  const fields = {
    ...config,
    hidden_act: "silu",
    attention_bias: config.attention_bias ?? false,
    torch_dtype: "float32",
  };
  return { configText: `${JSON.stringify(fields, null, 2)}\n`, bytes: writeSafetensors(weights) };
}
