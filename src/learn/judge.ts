/**
 * From a step's episodes to what is learned from them: masks, rewards, log-probabilities to compare with, values; then
 * the algorithm's advantages. Everything that needs a model's opinion is asked here, once, before the first update.
 */
import type { LabConfig } from "../config/schema";
import type { EpisodeRecord } from "../core/episode";
import { mixedGroups } from "../core/groups";
import type { Policy, SequenceBatch } from "../policy/policy";
import { explainedVariance, type PerToken } from "./advantage";
import { algorithms } from "./algorithms";
import { alignToTokens, makeBatch } from "./batch";
import { isWithinBand, tokenCorrections } from "./correction";
import { type Experience, learnedPositions, meanOverLearned } from "./experience";
import { learningMask, teachingExperiences } from "./filters";
import { learningReward, tokenRewards } from "./reward";

/** The models that take part. */
export interface Models {
  policy: Policy;
  /** PPO's: the policy itself where the critic is a head on it; null for algorithms without one. */
  critic: Policy | null;
  /** The policy as the run began; null where nothing holds the policy near it. */
  reference: Policy | null;
}

export interface JudgeRequest {
  models: Models;
  episodes: readonly EpisodeRecord[];
  settings: LabConfig["learn"];
  /** Counted from 1. */
  step: number;
  /** Bound of an episode's tokens. */
  maxTokens: number;
  /** Id that fills rows up. */
  padding: number;
}

export interface Judged {
  /** Without groups that teach nothing. */
  experiences: Experience[];
  advantages: PerToken;
  /** What the critic is to learn; null without one. */
  returns: PerToken | null;
  /** Share of groups whose rewards differ. */
  mixedGroups: number;
  /** Share of episodes that no token is learned from: filtered, or too far from the trainer. */
  maskedEpisodes: number;
  /** Null without a critic. */
  explainedVariance: number | null;
  /**
   * The largest |logprob(trainer) - logprob(sampler)| over sampled tokens; null where the trainer was not asked, and
   * the first mini-batch says it (./learn).
   */
  samplerMismatch: number | null;
}

function largestMismatch(episodes: readonly EpisodeRecord[], trainer: readonly number[][]): number {
  const gaps = episodes.flatMap(({ mask, policyLogprobs }, row) =>
    learnedPositions(mask).map((t) => Math.abs(trainer[row][t] - policyLogprobs[t])),
  );
  return gaps.reduce((largest, gap) => Math.max(largest, gap), 0);
}

/** What the models say of each token of the episodes; null for what nobody needs. */
interface Opinions {
  trainer: number[][] | null;
  reference: number[][] | null;
  values: number[][] | null;
}

async function ask({ models, episodes, settings, padding }: JudgeRequest): Promise<Opinions> {
  const { policy, critic, reference } = models;
  const batch: SequenceBatch = makeBatch(episodes, padding);
  const perToken = (values: Float32Array): number[][] => alignToTokens(episodes, batch.length, values);
  const needsTrainer = settings.correction !== "off" || settings.interpreterTokens === "learn";
  return {
    trainer: needsTrainer ? perToken(await policy.logprobs(batch)) : null,
    reference: reference && perToken(await reference.logprobs(batch)),
    values: critic && perToken(await critic.values(batch)),
  };
}

/** Mask, log-probabilities to compare with, and weights: all that the corrections decide. */
function corrected(episode: EpisodeRecord, trainer: number[] | undefined, settings: LabConfig["learn"]) {
  const mask = learningMask(episode, settings);
  // Uncorrected, each learned token weighs 1, which is what the mask says.
  const plain = { mask, oldLogprobs: trainer ?? episode.policyLogprobs, corrections: mask };
  if (!trainer || settings.correction === "off") return plain;
  // What was sampled from: another temperature is a mismatch like any other.
  const { logprobs: sampler } = episode;
  // The sampler said nothing of what it did not write.
  const said = mask.map((bit, t) => (episode.mask[t] === 1 ? bit : 0));
  if (settings.correction === "sequence") {
    const stays = isWithinBand(said, trainer, sampler, settings.correctionBand);
    return stays ? plain : { ...plain, mask: mask.map(() => 0) };
  }
  const weights = tokenCorrections(said, trainer, sampler, settings.correctionCap);
  return { ...plain, corrections: mask.map((bit, t) => (said[t] === 1 ? weights[t] : bit)) };
}

function experienceOf(request: JudgeRequest, opinions: Opinions, row: number): Experience {
  const { settings, step, maxTokens } = request;
  const episode = request.episodes[row];
  const { mask, oldLogprobs, corrections } = corrected(episode, opinions.trainer?.[row], settings);
  const reference = opinions.reference?.[row] ?? null;
  const inReward = settings.klIn === "reward" ? reference : null;
  const outcome = learningReward(episode, step, maxTokens, settings);
  const rewards = tokenRewards(outcome, mask, oldLogprobs, inReward, settings.klCoefficient);
  const learns = mask.includes(1);
  return {
    episode,
    outcome,
    ids: episode.ids,
    group: episode.group,
    score: learns ? rewards.reduce((sum, reward) => sum + reward, 0) : outcome,
    mask,
    rewards,
    values: opinions.values?.[row] ?? null,
    oldLogprobs,
    referenceLogprobs: reference,
    corrections,
  };
}

/** Judges a step's episodes. Sets `advantage` on each: the mean over its learned tokens, 0 where it teaches nothing. */
export async function judgeEpisodes(request: JudgeRequest): Promise<Judged> {
  const { episodes, settings } = request;
  if (episodes.length === 0) {
    const nothing = { experiences: [], advantages: [], mixedGroups: 0, maskedEpisodes: 0 };
    return { ...nothing, returns: null, explainedVariance: null, samplerMismatch: null };
  }
  const opinions = await ask(request);
  const all = episodes.map((_, row) => experienceOf(request, opinions, row));
  // Before advantages: a mean over the batch is over what is learned from.
  const experiences = teachingExperiences(all, settings);
  for (const episode of episodes) episode.advantage = 0;
  const { advantages, returns } = algorithms[settings.algorithm].judge(experiences, settings);
  experiences.forEach(({ mask, episode }, i) => {
    episode.advantage = meanOverLearned(mask, advantages[i]);
  });
  const { groups, mixed } = mixedGroups(episodes);
  return {
    experiences,
    advantages,
    returns: returns ?? null,
    mixedGroups: mixed / groups,
    maskedEpisodes: all.filter(({ mask }) => !mask.includes(1)).length / episodes.length,
    explainedVariance: returns ? explainedVariance(experiences, returns) : null,
    samplerMismatch: opinions.trainer && largestMismatch(episodes, opinions.trainer),
  };
}
