/** Snippets that failed, and what the policy made of it (paper, section 4.2). */
import type { Metric } from "./metric";

export const selfCorrectionMetrics = {
  selfCorrections: {
    label: { en: "self-corrections", zh: "自我纠错" },
    formula: "episodes in which a snippet failed, a later, different one ran, and the answer is right",
    unit: "count",
    healthy: { en: "any above 0: the cold start holds none", zh: "大于 0：冷启动数据中没有" },
  },
  selfCorrectionAttempts: {
    label: { en: "self-corrections attempted", zh: "自我纠错尝试" },
    definition: {
      en: "A snippet failed and the policy wrote another one.",
      zh: "有一段代码失败，策略又写了另一段。",
    },
    formula: "episodes in which a snippet failed and a later, different one was written",
    unit: "count",
    healthy: { en: "falls late, when few snippets fail", zh: "后期下降，因为失败的代码变少" },
  },
  selfCorrectionRate: {
    label: { en: "self-correction rate", zh: "自我纠错成功率" },
    definition: {
      en: "Of the attempts, how many ended with code that ran and the right answer.",
      zh: "尝试之中，代码最终运行且答对的比例。",
    },
    formula: "self-corrections / self-corrections attempted",
    unit: "share",
    range: [0, 1],
    healthy: { en: "rises; it is left out of steps without an attempt", zh: "上升；没有尝试的步不计" },
    paper: {
      en: 'Section 4.2 has no curve, but an example: "Oops, the functions need to be defined in the same scope. Let\'s correct that." It appeared without training for it.',
      zh: "第 4.2 节没有曲线，只有一例：“函数需要定义在同一作用域中，让我们改正。”它未经专门训练便出现。",
    },
  },
} satisfies Record<string, Metric>;
