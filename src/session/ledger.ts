/** The present policy's view of an episode, for people: every token of the response, and what else could have stood there. */
import type { EpisodeRecord } from "../core/episode";
import type { Policy } from "../policy/policy";
import type { Tokenizer } from "../text/tokenizer";
import type { EpisodeLedger } from "./api";

/** Reads the episode once with the policy. Prediction t is of token t + 1, so the response's begin one place early. */
export async function readLedger(
  policy: Pick<Policy, "ledger">,
  tokenizer: Tokenizer,
  { ids, mask, promptLength }: EpisodeRecord,
): Promise<EpisodeLedger["tokens"]> {
  const batch = { rows: 1, length: ids.length, ids: Int32Array.from(ids) };
  const { logprobs, entropies, topIds, topLogprobs, k } = await policy.ledger(batch);
  return ids.slice(promptLength).map((id, place) => {
    const prediction = promptLength + place - 1;
    const likeliest = Array.from({ length: k }, (_, i) => prediction * k + i);
    return {
      text: tokenizer.decode([id]),
      source: mask[promptLength + place] === 1 ? "policy" : "interpreter",
      logprob: logprobs[prediction],
      entropy: entropies[prediction],
      top: likeliest.map((at) => ({ text: tokenizer.decode([topIds[at]]), logprob: topLogprobs[at] })),
    };
  });
}
