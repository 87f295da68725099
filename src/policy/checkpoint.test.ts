import { describe, expect, test } from "vitest";
import { makeRng } from "../core/rng";
import { writeSafetensors } from "../tensor/safetensors";
import { checkWeights, parseConfig, readCheckpoint, writeCheckpoint } from "./checkpoint";
import { configFor, initialWeights } from "./initialise";

const config = configFor({ hidden: 8, layers: 2, heads: 2, kvHeads: 1, intermediate: 6, vocab: 5, maxPositions: 16 });
const weights = initialWeights(config, makeRng(7));

describe("a checkpoint", () => {
  test("is read back as it was written, in the layout that transformers expects", () => {
    const { configText, bytes } = writeCheckpoint(config, weights);
    expect(readCheckpoint(configText, bytes)).toEqual({ config, weights });
    expect(JSON.parse(configText)).toMatchObject({ architectures: ["LlamaForCausalLM"], hidden_act: "silu" });
    expect([...weights.keys()]).toContain("model.layers.1.self_attn.k_proj.weight");
  });

  test("may carry tensors that the model does not need, but no unknown ones", () => {
    const { configText } = writeCheckpoint(config, weights);
    const more = new Map(weights);
    const spare = { shape: [1], values: Float32Array.of(1) };
    more.set("lm_head.weight", spare).set("model.layers.0.self_attn.rotary_emb.inv_freq", spare);
    expect(readCheckpoint(configText, writeSafetensors(more)).weights).toEqual(weights);
    more.set("model.layers.0.self_attn.o_proj.bias", spare);
    expect(() => readCheckpoint(configText, writeSafetensors(more))).toThrow(
      "o_proj.bias, which this model has no place for",
    );
  });

  test("names the parameter that is missing or misshapen, with both shapes", () => {
    const fewer = new Map(weights);
    fewer.delete("model.norm.weight");
    expect(() => {
      checkWeights(config, fewer);
    }).toThrow("no model.norm.weight; shape [8] is expected");
    fewer.set("model.norm.weight", { shape: [9], values: new Float32Array(9) });
    expect(() => {
      checkWeights(config, fewer);
    }).toThrow("model.norm.weight has shape [9], but config.json asks for [8]");
  });
});

describe("config.json", () => {
  const good = { ...config };
  const cases: [string, unknown, string][] = [
    ["someone else's JSON", { name: "retool-lab", version: "1" }, "model_type must be"],
    ["another family", { ...good, model_type: "gpt2" }, 'but is "gpt2"'],
    ["a list", [], "not a JSON object"],
    [
      "a missing size",
      { ...good, hidden_size: undefined },
      "hidden_size must be a whole number from 1, but is missing",
    ],
    ["a size in words", { ...good, vocab_size: "5" }, 'vocab_size must be a whole number from 1, but is "5"'],
    ["heads that key heads do not divide", { ...good, num_key_value_heads: 3 }, "do not divide"],
    ["an odd head", { ...good, head_dim: 3 }, "head_dim must be even"],
    ["another activation", { ...good, hidden_act: "gelu" }, "hidden_act"],
    ["scaled positions", { ...good, rope_scaling: { type: "linear" } }, "rope_scaling"],
    ["a negative epsilon", { ...good, rms_norm_eps: -1 }, "rms_norm_eps must be a number above 0"],
    ["a flag in words", { ...good, tie_word_embeddings: "yes" }, "tie_word_embeddings must be true or false"],
  ];

  test.each(cases)("refuses %s by name", (_, value, sentence) => {
    expect(() => parseConfig(value)).toThrow(sentence);
  });

  test("is refused where it is not JSON at all", () => {
    expect(() => readCheckpoint("{", new Uint8Array())).toThrow("config.json is not valid JSON");
  });

  test("takes Hugging Face's defaults", () => {
    const { head_dim: _, num_key_value_heads: __, ...rest } = good;
    expect(parseConfig(rest)).toMatchObject({ head_dim: 4, num_key_value_heads: 2 });
    expect(parseConfig({ ...rest, model_type: "qwen2" })).toMatchObject({ attention_bias: true });
  });
});

describe("fresh weights", () => {
  test("depend on the seed and the name alone", () => {
    expect(initialWeights(config, makeRng(7))).toEqual(weights);
    const deeper = initialWeights({ ...config, num_hidden_layers: 3 }, makeRng(7));
    for (const [name, tensor] of weights) expect(deeper.get(name)).toEqual(tensor);
    expect(initialWeights(config, makeRng(8)).get("model.embed_tokens.weight")).not.toEqual(
      weights.get("model.embed_tokens.weight"),
    );
  });

  test("have the deviations that the comment promises", () => {
    const wide = configFor({
      hidden: 64,
      layers: 1,
      heads: 4,
      kvHeads: 4,
      intermediate: 96,
      vocab: 300,
      maxPositions: 16,
    });
    const deviation = (name: string): number => {
      const { values } = initialWeights(wide, makeRng(1)).get(name) ?? { values: new Float32Array() };
      return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    };
    expect(deviation("model.embed_tokens.weight")).toBeCloseTo(0.02, 3);
    expect(deviation("model.layers.0.mlp.down_proj.weight")).toBeCloseTo(0.7 / Math.sqrt(96), 2);
    expect(deviation("model.norm.weight")).toBe(1);
  });

  test("are refused for heads that cannot share", () => {
    const size = { hidden: 10, layers: 1, heads: 4, kvHeads: 4, intermediate: 8, vocab: 5, maxPositions: 8 };
    expect(() => configFor(size)).toThrow(RangeError);
    expect(() => configFor({ ...size, hidden: 16, kvHeads: 3 })).toThrow(RangeError);
  });
});
