/**
 * Text to token ids and back. Encoding is Hugging Face's (`@huggingface/tokenizers` reads our `tokenizer.json` and
 * imported ones); decoding is a table of bytes, because rollouts decode at every token.
 */
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { FaultError } from "../core/result";
import { bytesOfToken } from "./byte-level";
import { specialTokens, type SpecialToken } from "./grammar";

export interface Tokenizer {
  /** Number of ids. */
  readonly size: number;
  /** Id of a tag. */
  readonly special: Readonly<Record<SpecialToken, number>>;
  /** Ids of a text in which tags are tags. */
  encode(text: string): number[];
  /** Ids of a text in which nothing is a tag: what a program printed must not open or close anything. */
  encodeAsPlainText(text: string): number[];
  /** The text of ids, tags included. Incomplete UTF-8 sequences become U+FFFD. */
  decode(ids: readonly number[]): string;
  /** The file it was read from, to be saved beside a checkpoint. */
  readonly json: string;
}

/** Splits a tag after its "<", so that neither half is a tag. */
const insideTag = new RegExp(`(?<=<)(?=(?:${specialTokens.map((tag) => tag.slice(1)).join("|")}))`, "u");

function faulty(message: string): FaultError {
  const hint = "Choose the tokenizer.json that was saved with the checkpoint.";
  return new FaultError({ at: "tokenizer", code: "unreadable", message, hint });
}

interface TokenizerFile {
  model: { vocab: Record<string, number> };
  added_tokens?: { id: number; content: string }[];
}

function isTokenizerFile(value: unknown): value is TokenizerFile {
  if (typeof value !== "object" || value === null || !("model" in value)) return false;
  const { model } = value;
  return typeof model === "object" && model !== null && "vocab" in model && typeof model.vocab === "object";
}

/**
 * Reads a Hugging Face `tokenizer.json`.
 * Throws a FaultError at "tokenizer" if it is not one, or lacks a tag of the grammar.
 */
export function openTokenizer(json: string): Tokenizer {
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch {
    throw faulty("The tokenizer file is not JSON.");
  }
  if (!isTokenizerFile(file)) throw faulty("The tokenizer file has no vocabulary (model.vocab).");
  const tokens = new Map<number, string>(Object.entries(file.model.vocab).map(([token, id]) => [id, token]));
  for (const { id, content } of file.added_tokens ?? []) tokens.set(id, content);
  const idOf = new Map([...tokens].map(([id, token]) => [token, id]));
  const special = Object.fromEntries(
    specialTokens.map((tag) => {
      const id = idOf.get(tag);
      if (id === undefined) throw faulty(`The tokenizer has no token ${tag}, which the lab's grammar needs.`);
      return [tag, id] as const;
    }),
  ) as Record<SpecialToken, number>;
  const size = Math.max(...tokens.keys()) + 1;
  const bytes = Array.from({ length: size }, (_, id) => bytesOfToken(tokens.get(id) ?? ""));
  const library = new HuggingFaceTokenizer(file, {});
  const encode = (text: string): number[] =>
    text === "" ? [] : library.encode(text, { add_special_tokens: false }).ids;

  return {
    size,
    special,
    json,
    encode,
    encodeAsPlainText: (text) => text.split(insideTag).flatMap(encode),
    decode: (ids) => {
      const parts = ids.map((id) => bytes[id] ?? new Uint8Array(0));
      const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
      let at = 0;
      for (const part of parts) {
        joined.set(part, at);
        at += part.length;
      }
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(joined);
    },
  };
}
