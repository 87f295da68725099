/** Rows that decode side by side, each at its own position on its own key-value cache of fixed size. */
import type { LayerCache, Ops } from "../tensor/ops";
import type { Handle } from "../tensor/parameters";
import { kept, readOut } from "../tensor/scope";
import { attentionShape, decodeStep, type Llama, prefill } from "./llama";
import type { Decoder, LlamaConfig } from "./policy";

/** Prompts are padded to a multiple of this, so that a GPU compiles and allocates for few lengths. */
const lengthBucket = 8;

/**
 * @param model returns the prepared weights of the moment: a decoder follows the policy's updates, though rows that
 *   are half way keep the keys and values that the earlier weights gave them.
 */
export function makeDecoder(
  ops: Ops<Handle>,
  config: LlamaConfig,
  model: () => Llama<Handle>,
  rows: number,
  capacity: number,
): Decoder {
  const shape = attentionShape(config);
  const caches: LayerCache<Handle>[] = Array.from({ length: config.num_hidden_layers }, () =>
    ops.makeLayerCache(rows, capacity, shape),
  );

  const checkRows = (listed: readonly number[]): void => {
    const bad = listed.find((row) => !Number.isInteger(row) || row < 0 || row >= rows);
    if (bad !== undefined) throw new RangeError(`row ${bad} is not one of the decoder's ${rows} rows`);
    if (new Set(listed).size !== listed.length) throw new RangeError("a row is listed twice");
  };
  const checkTokens = (tokens: readonly number[]): void => {
    const bad = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= config.vocab_size);
    if (bad !== undefined) throw new RangeError(`token ${bad} is not in the vocabulary of ${config.vocab_size}`);
  };

  return {
    rows,
    capacity,
    prefill: async (listed, prompts) => {
      checkRows(listed);
      if (listed.length !== prompts.length)
        throw new RangeError(`${prompts.length} prompts were given for ${listed.length} rows`);
      if (listed.length === 0) return new Float32Array(0);
      const longest = Math.max(...prompts.map((prompt) => prompt.length));
      if (prompts.some((prompt) => prompt.length === 0)) throw new RangeError("a prompt is empty");
      if (longest > capacity)
        throw new RangeError(`a prompt of ${longest} tokens does not fit into a cache of ${capacity}`);
      const length = Math.min(capacity, Math.ceil(longest / lengthBucket) * lengthBucket);
      const ids = new Int32Array(listed.length * length);
      prompts.forEach((prompt, i) => {
        checkTokens(prompt);
        ids.set(prompt, i * length);
      });
      const places = Int32Array.from(prompts, (prompt, i) => i * length + prompt.length - 1);
      const sequences = { rows: listed.length, length, ids };
      return readOut(() => prefill(ops, config, model(), caches, listed, sequences, places));
    },
    step: async (listed, tokens, positions) => {
      checkRows(listed);
      checkTokens(tokens);
      if (tokens.length !== listed.length || positions.length !== listed.length)
        throw new RangeError("rows, tokens and positions must be lists of one length");
      if (listed.length === 0) return new Float32Array(0);
      const last = Math.max(...positions);
      if (last >= capacity || Math.min(...positions) < 0)
        throw new RangeError(`position ${last} does not fit into a cache of ${capacity}`);
      const [ids, at] = [Int32Array.from(tokens), Int32Array.from(positions)];
      return readOut(() => decodeStep(ops, config, model(), caches, listed, ids, at));
    },
    dispose: () => {
      for (const cache of caches) cache.dispose();
    },
  };
}

/** The prepared weights, made anew only when the weights have changed. */
export function preparedOnce(
  version: () => number,
  make: () => Llama<Handle>,
): { get: () => Llama<Handle>; dispose: () => void } {
  let current: { value: Llama<Handle>; dispose: () => void } | undefined;
  let madeFor = -1;
  const dispose = (): void => {
    current?.dispose();
    current = undefined;
  };
  return {
    get: () => {
      if (!current || madeFor !== version()) {
        dispose();
        current = kept(make);
        madeFor = version();
      }
      return current.value;
    },
    dispose,
  };
}
