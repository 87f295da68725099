/**
 * Learns a byte-level BPE vocabulary (Sennrich et al. 2016) from a corpus and writes it as a Hugging Face
 * `tokenizer.json`. Slow and obvious on purpose: the corpus is small and this runs once.
 */
import { byteCharacters, spell } from "./byte-level";
import { specialTokens } from "./grammar";

/**
 * How text is cut before merging; no token crosses a cut. In this order: code fences whole, LaTeX commands with
 * their brace, words with the space before them, single digits (so that numbers are copied and carried digit by
 * digit), runs of newlines with the indent after them, and everything else character by character.
 */
export const pretokenPattern =
  "\\n?```(?:python)?\\n?|\\\\[a-z]+\\{| ?[A-Za-z_]+|[0-9]|\\n+ *| +|\\*\\*|//|[=!<>+]=|[^]";

/** Pair of symbols to the number of times it stands side by side in the corpus. */
function countPairs(words: ReadonlyMap<string, { symbols: string[]; count: number }>): Map<string, number> {
  const pairs = new Map<string, number>();
  for (const { symbols, count } of words.values()) {
    for (let i = 0; i + 1 < symbols.length; i++) {
      const pair = `${symbols[i]} ${symbols[i + 1]}`;
      pairs.set(pair, (pairs.get(pair) ?? 0) + count);
    }
  }
  return pairs;
}

/** The most frequent pair; of equal ones the alphabetically first, so that the result depends on the corpus alone. */
function bestPair(pairs: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  let bestCount = 1;
  for (const [pair, count] of pairs) {
    if (count > bestCount || (count === bestCount && best !== undefined && pair < best)) {
      best = pair;
      bestCount = count;
    }
  }
  return best;
}

function mergeIn(symbols: string[], left: string, right: string): string[] {
  const merged: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      merged.push(left + right);
      i++;
    } else {
      merged.push(symbols[i]);
    }
  }
  return merged;
}

/** Learns merges until the vocabulary has `size` entries, special tokens included, or nothing repeats. */
export function learnMerges(corpus: Iterable<string>, size: number): string[] {
  const words = new Map<string, { symbols: string[]; count: number }>();
  const cut = new RegExp(pretokenPattern, "gu");
  const tags = new RegExp(specialTokens.map((tag) => tag.replace(/[|\\{}()[\]^$+*?.]/g, "\\$&")).join("|"), "gu");
  for (const text of corpus) {
    for (const piece of text.split(tags)) {
      for (const [word] of piece.matchAll(cut)) {
        const entry = words.get(word);
        if (entry) entry.count++;
        else words.set(word, { symbols: spell(word), count: 1 });
      }
    }
  }
  const merges: string[] = [];
  while (merges.length + byteCharacters.length + specialTokens.length < size) {
    const pair = bestPair(countPairs(words));
    if (pair === undefined) break;
    merges.push(pair);
    const [left, right] = pair.split(" ");
    for (const entry of words.values()) entry.symbols = mergeIn(entry.symbols, left, right);
  }
  return merges;
}

/** A Hugging Face `tokenizer.json` of these merges; special tokens have the first ids, then the bytes. */
export function tokenizerJson(merges: readonly string[]): object {
  const tokens = [...byteCharacters, ...merges.map((pair) => pair.replace(" ", ""))];
  const vocabulary = Object.fromEntries([...specialTokens, ...tokens].map((token, id) => [token, id] as const));
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        {
          type: "Split",
          pattern: { Regex: pretokenPattern.replace("[^]", "[\\s\\S]") },
          behavior: "Isolated",
          invert: false,
        },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: vocabulary,
      merges: merges.map((pair) => pair.split(" ")),
    },
  };
}
