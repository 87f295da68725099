/**
 * The metric registry: id, formula, unit, range and names of every number the lab records. Charts, tooltips,
 * tables, file headers and reports read it; a metric that is not here does not compile.
 */
import { correctionMetrics, evaluationMetrics, figure3, paperScores } from "./evaluation-metrics";
import type { Metric } from "./metric";

export type { Metric, MetricUnit } from "./metric";

export const metrics = {
  reward: {
    label: { en: "reward", zh: "奖励" },
    formula: "mean of +1 (right) and -1 (wrong) over the step's episodes",
    unit: "reward",
    range: [-1, 1],
    healthy: { en: "rises from about -0.3 at the cold start to above 0.6", zh: "从冷启动的约 -0.3 升到 0.6 以上" },
  },
  accuracy: {
    label: { en: "accuracy on MiniAIME-24", zh: "MiniAIME-24 准确率" },
    formula: "mean over 30 fixed problems of the share of right samples (temperature 1.0, top-p 0.7)",
    unit: "share",
    range: [0, 1],
    healthy: {
      en: "0.3 to 0.5 at the cold start, 0.8 after 8,000 episodes",
      zh: "冷启动 0.3 至 0.5，8000 条轨迹后 0.8",
    },
    paper: paperScores.first,
  },
  accuracyByCode: {
    label: { en: "right by code", zh: "由代码答对" },
    formula: "share of evaluation samples whose right answer is what their last successful snippet printed",
    unit: "share",
    range: [0, 1],
    healthy: { en: "close below accuracy: the tool does the work", zh: "略低于准确率：答案来自工具" },
  },
  evaluationCodeRatio: {
    label: { en: "code ratio in evaluation", zh: "评测中的代码使用率" },
    formula: "share of evaluation samples with at least one snippet",
    unit: "share",
    range: [0, 1],
    healthy: { en: "rises to about 0.98 (paper, Figure 3b)", zh: "升到约 0.98（论文图 3b）" },
    paper: figure3.codeRatio,
  },
  codeRatio: {
    label: { en: "code ratio", zh: "代码使用率" },
    formula: "share of episodes with at least one snippet",
    unit: "share",
    range: [0, 1],
    healthy: { en: "rises to about 0.98 (paper, Figure 3b)", zh: "升到约 0.98（论文图 3b）" },
    paper: figure3.codeRatio,
  },
  codePassRate: {
    label: { en: "code pass rate", zh: "代码通过率" },
    formula: "snippets that ran without error / all snippets",
    unit: "share",
    range: [0, 1],
    healthy: { en: "near 1; a fall means junk code", zh: "接近 1；下降说明代码质量变差" },
    paper: figure3.passRate,
  },
  responseLength: {
    label: { en: "response length", zh: "回答长度" },
    formula: "mean number of tokens the policy wrote (mask = 1)",
    unit: "tokens",
    healthy: { en: "falls first, then rises a little (paper, Figure 3a)", zh: "先降后略升（论文图 3a）" },
    paper: figure3.length,
  },
  responseLengthWithInterpreter: {
    label: { en: "response length with interpreter", zh: "含解释器输出的长度" },
    formula: "mean number of tokens after the prompt, inserted ones included",
    unit: "tokens",
    healthy: { en: "a little above response length", zh: "略高于回答长度" },
  },
  invocationTiming: {
    label: { en: "invocation timing", zh: "调用时机" },
    formula: "start of the first snippet / response length with interpreter, mean over episodes with code",
    unit: "share",
    range: [0, 1],
    healthy: { en: "moves earlier (paper, Figure 3f)", zh: "逐渐提前（论文图 3f）" },
    paper: figure3.timing,
  },
  codeLines: {
    label: { en: "code lines", zh: "代码行数" },
    formula: "mean number of code lines per episode",
    unit: "count",
    healthy: { en: "rises (paper, Figure 3c)", zh: "上升（论文图 3c）" },
    paper: figure3.codeLines,
  },
  snippets: {
    label: { en: "snippets per episode", zh: "每条轨迹的代码段数" },
    formula: "snippets / episodes",
    unit: "count",
    healthy: { en: "about 1; 0 means the tool is not used", zh: "约 1；0 表示不使用工具" },
  },
  entropy: {
    label: { en: "entropy", zh: "熵" },
    formula: "mean entropy of the sampling distribution over mask = 1 tokens",
    unit: "nats",
    healthy: { en: "falls slowly; near 0 nothing new is tried", zh: "缓慢下降；接近 0 则不再探索" },
  },
  truncated: {
    label: { en: "truncated", zh: "被截断" },
    formula: "share of episodes stopped by the token limit",
    unit: "share",
    range: [0, 1],
    healthy: { en: "near 0", zh: "接近 0" },
  },
  mixedGroups: {
    label: { en: "groups that teach", zh: "有信号的组" },
    formula: "share of groups whose outcomes differ (the others have no advantage within the group)",
    unit: "share",
    range: [0, 1],
    healthy: { en: "0.2 to 0.8: neither all solved nor all failed", zh: "0.2 至 0.8" },
  },
  selfCorrections: {
    label: { en: "self-corrections", zh: "自我纠错" },
    formula: "episodes whose first snippet failed, whose later, different snippet ran, and whose answer is right",
    unit: "count",
    healthy: { en: "any above 0: the cold start holds none", zh: "大于 0：冷启动数据中没有" },
  },
  droppedEpisodes: {
    label: { en: "dropped episodes", zh: "丢弃的轨迹" },
    formula: "episodes lost because the sandbox failed twice on a snippet",
    unit: "count",
    healthy: { en: "0", zh: "0" },
  },
  loss: {
    label: { en: "policy loss", zh: "策略损失" },
    formula: "mean over mask = 1 tokens of max(-A r, -A clip(r, 1 - e_low, 1 + e_high))",
    unit: "ratio",
    healthy: { en: "near 0; its size says little", zh: "接近 0" },
  },
  clipFraction: {
    label: { en: "clip fraction", zh: "裁剪比例" },
    formula: "share of mask = 1 tokens whose ratio was clipped",
    unit: "share",
    healthy: { en: "0 to 0.1", zh: "0 至 0.1" },
  },
  approximateKl: {
    label: { en: "approximate KL", zh: "近似 KL" },
    formula: "mean over mask = 1 tokens of r - 1 - log r",
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
  maskedEpisodes: {
    label: { en: "masked episodes", zh: "被屏蔽的轨迹" },
    formula: "share of episodes that no token was learned from: void, cut off, or too far from the trainer, as set",
    unit: "share",
    range: [0, 1],
    healthy: { en: "0 where no filter is on; else under 0.2", zh: "未开过滤时为 0，否则低于 0.2" },
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
    formula: "mean over mask = 1 tokens of 0.5 max((v - return)^2, (clipped v - return)^2) (PPO)",
    unit: "ratio",
    healthy: { en: "falls", zh: "下降" },
  },
  referenceKl: {
    label: { en: "KL from the start", zh: "与起点的 KL" },
    formula: "mean over mask = 1 tokens of exp(d) - 1 - d, d = logprob(start) - logprob, before the update",
    unit: "nats",
    healthy: {
      en: "grows slowly; shown where the KL coefficient is above 0",
      zh: "缓慢增长；仅在 KL 系数大于 0 时显示",
    },
  },
  tokensPerSecond: {
    label: { en: "tokens per second", zh: "每秒令牌数" },
    formula: "tokens decoded / seconds of rollout",
    unit: "perSecond",
    healthy: { en: "depends on the machine", zh: "取决于机器" },
  },
  episodesPerSecond: {
    label: { en: "episodes per second", zh: "每秒轨迹数" },
    formula: "episodes / seconds of the whole step",
    unit: "perSecond",
    healthy: { en: "depends on the machine", zh: "取决于机器" },
  },
  rolloutSeconds: {
    label: { en: "time writing", zh: "生成用时" },
    formula: "seconds of rollout, snippets included",
    unit: "seconds",
    healthy: { en: "about half of a step", zh: "约占一步的一半" },
  },
  sandboxSeconds: {
    label: { en: "time in Python", zh: "Python 用时" },
    formula: "sum of the snippets' own run times",
    unit: "seconds",
    healthy: { en: "small beside the time writing", zh: "远小于生成用时" },
  },
  learnSeconds: {
    label: { en: "time learning", zh: "学习用时" },
    formula: "seconds of the update",
    unit: "seconds",
    healthy: { en: "about half of a step", zh: "约占一步的一半" },
  },
  tensors: {
    label: { en: "tensors alive", zh: "存活张量" },
    formula: "tensors held between steps",
    unit: "count",
    healthy: { en: "the same after every step", zh: "每步之后相同" },
  },
  tensorMegabytes: {
    label: { en: "tensor memory", zh: "张量内存" },
    formula: "bytes held by tensors between steps / 2^20",
    unit: "megabytes",
    healthy: { en: "the same after every step", zh: "每步之后相同" },
  },
  ...correctionMetrics,
  ...evaluationMetrics,
} satisfies Record<string, Metric>;

export type MetricId = keyof typeof metrics;

/**
 * One step's numbers. Evaluation metrics are there only for steps that were evaluated; they come later than the
 * training's, so a row may be sent again: the newer row of a step replaces the older.
 */
export interface MetricRow {
  step: number;
  /** Training episodes so far, this step's included. */
  episodes: number;
  values: Partial<Record<MetricId, number>>;
}
