/**
 * PPO with a critic (Schulman et al. 2017), the paper's own algorithm (section 2.3).
 *
 *   1. The critic says before each token what reward it expects: V.
 *   2. Generalised advantage estimation, on the compressed sequence of the tokens the policy wrote (interpreter tokens
 *      carry no reward, no value and no decay): d_k = R_k + gamma V_{k+1} - V_k, A_k = d_k + gamma lambda A_{k+1},
 *      with V = A = 0 after the last.
 *   3. The critic is to learn A + V. Then A is whitened over the batch's tokens.
 *   4. Loss: the clipped ratio, as in GRPO; and of the critic (tensor/ops/value-loss)
 *      0.5 max((v - return)^2, (clip(v, V - e, V + e) - return)^2).
 */
import { type PerToken, whiten } from "../advantage";
import { learnedPositions, type RewardedTokens } from "../experience";
import type { Algorithm } from "./algorithm";

/** (2), of one episode. Throws a RangeError where no critic gave values. */
export function generalisedAdvantages({ mask, rewards, values }: RewardedTokens, gamma: number, lambda: number) {
  if (!values) throw new RangeError("Generalised advantages need a critic's values.");
  const advantages = mask.map(() => 0);
  let [nextValue, nextAdvantage] = [0, 0];
  for (const t of learnedPositions(mask).reverse()) {
    const delta = rewards[t] + gamma * nextValue - values[t];
    advantages[t] = nextAdvantage = delta + gamma * lambda * nextAdvantage;
    nextValue = values[t];
  }
  return advantages;
}

export const ppo: Algorithm = {
  ratio: "token",
  surrogate: "clip",
  critic: true,
  judge: (episodes, { gamma, lambda }) => {
    const raw: PerToken = episodes.map((episode) => generalisedAdvantages(episode, gamma, lambda));
    const returns = raw.map((list, i) =>
      list.map((advantage, t) => (episodes[i].mask[t] === 1 ? advantage + (episodes[i].values?.[t] ?? 0) : 0)),
    );
    return { advantages: whiten(episodes, raw), returns };
  },
};
