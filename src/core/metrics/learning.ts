/** A step's rewards and its update. */
import { tokensAfterOutput } from "../episode";
import type { Metric } from "./metric";

export const learningMetrics = {
  reward: {
    label: { en: "reward", zh: "奖励" },
    formula: "mean of +1 (right) and -1 (wrong) over the step's episodes",
    unit: "reward",
    range: [-1, 1],
    healthy: { en: "rises from about -0.3 at the cold start to above 0.6", zh: "从冷启动的约 -0.3 升到 0.6 以上" },
  },
  entropy: {
    label: { en: "entropy", zh: "熵" },
    formula: "mean entropy of the sampling distribution over mask = 1 tokens",
    unit: "nats",
    healthy: { en: "falls slowly; near 0 nothing new is tried", zh: "缓慢下降；接近 0 则不再探索" },
  },
  entropyAfterOutput: {
    label: { en: "entropy after an output", zh: "输出之后的熵" },
    definition: {
      en: "How open the policy is about what to write once it has read what its code printed.",
      zh: "策略读到代码输出后，对接下来写什么有多不确定。",
    },
    formula: `mean entropy of the sampling distribution over the first ${tokensAfterOutput} mask = 1 tokens after each output`,
    unit: "nats",
    healthy: { en: "near the entropy; a jump says that outputs surprise", zh: "与熵接近；突然升高说明输出出乎意料" },
  },
  truncated: {
    label: { en: "truncated", zh: "被截断" },
    formula: "share of episodes stopped by the token limit",
    unit: "share",
    range: [0, 1],
    healthy: { en: "near 0", zh: "接近 0" },
  },
  voidEpisodes: {
    label: { en: "void episodes", zh: "空轨迹" },
    formula: "share of episodes whose last turn held neither a complete code block nor an answer",
    unit: "share",
    range: [0, 1],
    healthy: { en: "near 0", zh: "接近 0" },
  },
  solvedByAll: {
    label: { en: "groups all right", zh: "全对的组" },
    formula: "share of groups in which every episode is right",
    unit: "share",
    range: [0, 1],
    healthy: { en: "rises; these groups teach nothing more", zh: "上升；这些组不再提供信号" },
  },
  solvedByNone: {
    label: { en: "groups all wrong", zh: "全错的组" },
    formula: "share of groups in which no episode is right",
    unit: "share",
    range: [0, 1],
    healthy: { en: "falls; these groups teach nothing yet", zh: "下降；这些组尚无信号" },
  },
  mixedGroups: {
    label: { en: "groups that teach", zh: "有信号的组" },
    formula: "share of groups whose outcomes differ (the others have no advantage within the group)",
    unit: "share",
    range: [0, 1],
    healthy: { en: "0.2 to 0.8: neither all solved nor all failed", zh: "0.2 至 0.8" },
  },
  droppedEpisodes: {
    label: { en: "dropped episodes", zh: "丢弃的轨迹" },
    formula: "episodes lost because the sandbox failed twice on a snippet",
    unit: "count",
    healthy: { en: "0", zh: "0" },
  },
  maskedEpisodes: {
    label: { en: "masked episodes", zh: "被屏蔽的轨迹" },
    formula: "share of episodes that no token was learned from: void, cut off, or too far from the trainer, as set",
    unit: "share",
    range: [0, 1],
    healthy: { en: "0 where no filter is on; else under 0.2", zh: "未开过滤时为 0，否则低于 0.2" },
  },
  loss: {
    label: { en: "policy loss", zh: "策略损失" },
    formula:
      "sum over mask = 1 tokens of w max(-A r, -A clip(r, 1 - e_low, 1 + e_high)), w as the aggregation says (token-mean: a mean); plus the KL, less the entropy, where they count",
    unit: "ratio",
    healthy: { en: "near 0; its size says little", zh: "接近 0" },
  },
  clipFraction: {
    label: { en: "clip fraction", zh: "裁剪比例" },
    formula: "share of mask = 1 tokens, weighted as in the loss, whose ratio was clipped",
    unit: "share",
    healthy: { en: "0 to 0.1", zh: "0 至 0.1" },
  },
  clipFractionLow: {
    label: { en: "clipped below", zh: "下侧裁剪" },
    formula:
      "share of mask = 1 tokens, weighted as in the loss, whose ratio was under 1 - e_low where that was clipped",
    unit: "share",
    healthy: { en: "0 to 0.05", zh: "0 至 0.05" },
  },
  clipFractionHigh: {
    label: { en: "clipped above", zh: "上侧裁剪" },
    formula:
      "share of mask = 1 tokens, weighted as in the loss, whose ratio was over 1 + e_high where that was clipped",
    unit: "share",
    healthy: { en: "0 to 0.05", zh: "0 至 0.05" },
  },
  largestLogRatio: {
    label: { en: "largest log ratio", zh: "最大对数比值" },
    formula:
      "largest |log of a token's own ratio| over mask = 1 tokens and the step's updates, each before its AdamW step",
    unit: "nats",
    healthy: { en: "near 0 with one update a step; else under 1", zh: "每步只更新一次时接近 0，否则低于 1" },
  },
  approximateKl: {
    label: { en: "approximate KL", zh: "近似 KL" },
    formula: "mean over mask = 1 tokens, weighted as in the loss, of r - 1 - log r",
    unit: "nats",
    healthy: { en: "under 0.02 per update", zh: "每次更新低于 0.02" },
  },
  samplerMismatch: {
    label: { en: "sampler mismatch", zh: "采样与训练差异" },
    formula:
      "largest |logprob(trainer) - logprob(sampler)| before the first update: on its mini-batch, or on all where a correction asks",
    unit: "nats",
    healthy: {
      en: "under 0.001, with caches in f16 under 0.05: sampling and training agree",
      zh: "低于 0.001；缓存为 f16 时低于 0.05",
    },
  },
  gradientNorm: {
    label: { en: "gradient norm", zh: "梯度范数" },
    formula: "Euclidean norm of all gradients before clipping",
    unit: "ratio",
    healthy: { en: "steady, under 2", zh: "稳定，低于 2" },
  },
  explainedVariance: {
    label: { en: "explained variance", zh: "解释方差" },
    formula: "1 - Var(return - value) / Var(return) over mask = 1 tokens (PPO)",
    unit: "ratio",
    range: [-1, 1],
    healthy: { en: "rises above 0 as the critic learns; 1 is perfect", zh: "随评论家学习升到 0 以上" },
  },
  valueLoss: {
    label: { en: "value loss", zh: "价值损失" },
    formula:
      "mean over mask = 1 tokens, weighted as in the loss, of 0.5 max((v - return)^2, (clipped v - return)^2) (PPO)",
    unit: "ratio",
    healthy: { en: "falls", zh: "下降" },
  },
  referenceKl: {
    label: { en: "KL from the start", zh: "与起点的 KL" },
    formula:
      "mean over mask = 1 tokens, weighted as in the loss, of exp(d) - 1 - d, d = logprob(start) - logprob, before the update",
    unit: "nats",
    healthy: {
      en: "grows slowly; shown where the KL coefficient is above 0",
      zh: "缓慢增长；仅在 KL 系数大于 0 时显示",
    },
  },
} satisfies Record<string, Metric>;
