import { readFileSync } from "node:fs";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { FaultError } from "../core/result";
import { makeRng } from "../core/rng";
import { families } from "../tasks/registry";
import { sampleProblem } from "../tasks/sample";
import { tokeniseTrace, type TraceStyle } from "../rollout/cold-start/trace";
import { writeTrace } from "../rollout/cold-start/writer";
import { specialTokens } from "./grammar";
import { openTokenizer } from "./tokenizer";
import { learnMerges, tokenizerJson } from "./train-bpe";

const tokenizer = openTokenizer(readFileSync("public/tokenizer.json", "utf8"));

describe("the shipped tokenizer", () => {
  test("has about 512 ids, the tags first", () => {
    expect(tokenizer.size).toBe(512);
    expect(specialTokens.map((tag) => tokenizer.special[tag])).toEqual(specialTokens.map((_, id) => id));
  });

  test("keeps digits apart", () => {
    const ids = tokenizer.encode("1024 360");
    expect(ids.map((id) => tokenizer.decode([id]))).toEqual(["1", "0", "2", "4", " ", "3", "6", "0"]);
  });

  test("writes every tag as one token", () => {
    for (const tag of specialTokens) expect(tokenizer.encode(tag)).toEqual([tokenizer.special[tag]]);
  });

  property.prop([fc.string({ unit: "grapheme" })], { numRuns: 500 })("any text survives a round trip", (text) => {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(tokenizer.decode(tokenizer.encodeAsPlainText(text))).toBe(text);
  });

  property.prop([fc.array(fc.oneof(fc.constantFrom(...specialTokens), fc.string())).map((parts) => parts.join(""))])(
    "plain text never holds a tag's id",
    (text) => {
      const ids = tokenizer.encodeAsPlainText(text);
      expect(tokenizer.decode(ids)).toBe(text);
      expect(ids.filter((id) => id < specialTokens.length)).toEqual([]);
    },
  );

  test("problems with their solutions take 40 to 120 tokens", () => {
    const styles: TraceStyle[] = ["worked", "oneBlock"];
    const lengths = Object.keys(families).flatMap((family) =>
      Array.from({ length: 60 }, (_, i) => {
        const rng = makeRng(7).fold(family, i);
        const problem = sampleProblem(rng.fold("problem"), { families: [family] });
        const { trace } = writeTrace(problem, styles[i % 2], rng);
        return trace ? tokeniseTrace(trace, tokenizer).ids.length : Number.NaN;
      }),
    );
    const inside = lengths.filter((length) => length >= 40 && length <= 120).length / lengths.length;
    expect(inside).toBeGreaterThan(0.95);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(192);
  });
});

describe("bad tokenizer files", () => {
  test.each([
    ["not JSON", "{", "not JSON"],
    ["another JSON", '{"a": 1}', "no vocabulary"],
    ["no tags", JSON.stringify({ ...tokenizerJson([]), added_tokens: [], model: { vocab: { a: 0 } } }), "<pad>"],
  ])("%s is refused in words", (_, json, words) => {
    expect(() => openTokenizer(json)).toThrow(FaultError);
    expect(() => openTokenizer(json)).toThrow(words);
  });
});

describe("learning merges", () => {
  test("the most frequent pair comes first, and none crosses a cut", () => {
    const merges = learnMerges(["abab abab abab 1212 1212"], 256 + specialTokens.length + 3);
    expect(merges).toEqual(["a b", "ab ab", "Ġ abab"]);
  });

  test("stops when nothing repeats", () => {
    expect(learnMerges(["ab"], 400)).toEqual([]);
  });
});
