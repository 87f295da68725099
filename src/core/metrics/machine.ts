/** What a step takes: time and memory. */
import type { Metric } from "./metric";

export const machineMetrics = {
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
} satisfies Record<string, Metric>;
