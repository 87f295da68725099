/** Where a policy begins: a shipped cold start, a checkpoint of the user's, or random weights. */
import type { LabConfig } from "../config/schema";
import { FaultError } from "../core/result";
import { makeRng } from "../core/rng";
import { readCheckpoint } from "../policy/checkpoint";
import { configFor, initialWeights } from "../policy/initialise";
import type { LlamaConfig, Weights } from "../policy/policy";
import { openTokenizer, type Tokenizer } from "../text/tokenizer";
import type { CheckpointFiles } from "./api";
import { coldStartFolder, fetchColdStart, fetchTokenizer } from "./assets";

export interface StartingPoint {
  /** For people: "cold-start/spark", a file's name, "random". */
  name: string;
  config: LlamaConfig;
  weights: Weights;
  tokenizer: Tokenizer;
}

/**
 * Reads the files of a checkpoint folder.
 * @param ownTokenizer in place of a tokenizer.json that is not among them
 * Throws a FaultError that names what is missing or wrong.
 */
export function readStartingPoint(name: string, files: CheckpointFiles, ownTokenizer = ""): StartingPoint {
  const { "config.json": configFile, "model.safetensors": model, "tokenizer.json": tokenizerFile } = files;
  if (!configFile || !model) {
    const absent = configFile ? "model.safetensors" : "config.json";
    const message = `A checkpoint needs ${absent}, which is not among the files.`;
    const hint = "Choose config.json, model.safetensors and tokenizer.json of one folder together.";
    throw new FaultError({ at: "checkpoint", code: "missing", message, hint });
  }
  const { config, weights } = readCheckpoint(new TextDecoder().decode(configFile), model);
  const tokenizer = openTokenizer(tokenizerFile ? new TextDecoder().decode(tokenizerFile) : ownTokenizer);
  if (tokenizer.size > config.vocab_size) {
    const message = `The tokenizer has ${tokenizer.size} ids, the policy only ${config.vocab_size}.`;
    const hint = "Choose the tokenizer.json that was saved with this checkpoint.";
    throw new FaultError({ at: "checkpoint", code: "vocabulary", message, hint });
  }
  return { name, config, weights, tokenizer };
}

/** A policy of the configured size with random weights, from the run's seed. */
export function randomStartingPoint(config: LabConfig, tokenizer: Tokenizer): StartingPoint {
  const shape = configFor({ ...config.policy, vocab: tokenizer.size, maxPositions: config.rollout.maxTokens });
  const weights = initialWeights(shape, makeRng(config.seed).fold("weights"));
  return { name: "random", config: shape, weights, tokenizer };
}

function sameSize(a: LlamaConfig, b: LlamaConfig): boolean {
  const keys = [
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "intermediate_size",
  ] as const;
  return keys.every((key) => a[key] === b[key]);
}

/** The shipped cold start of the preset if it has the configured size; else random weights, and why in words. */
export async function shippedStartingPoint(
  config: LabConfig,
  base: string,
  onProgress: (done: number, total: number) => void,
): Promise<{ start: StartingPoint; whyRandom: string | null }> {
  const folder = coldStartFolder(config.preset);
  const files = config.start === "random" ? null : await fetchColdStart(base, folder, onProgress);
  if (!files) {
    const start = randomStartingPoint(config, openTokenizer(await fetchTokenizer(base, folder)));
    return { start, whyRandom: config.start === "random" ? null : `No cold start is shipped for ${config.preset}` };
  }
  const start = readStartingPoint(`cold-start/${folder}`, files);
  const random = randomStartingPoint(config, start.tokenizer);
  if (!sameSize(start.config, random.config)) return { start: random, whyRandom: "The policy's size was changed" };
  return { start, whyRandom: null };
}
