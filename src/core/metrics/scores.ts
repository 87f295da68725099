/** What an evaluation finds: the share of right answers, and how many of them code found. */
import type { Metric } from "./metric";
import { paperScores } from "./paper";

export const scoresMetrics = {
  accuracy: {
    label: { en: "accuracy on MiniAIME-24", zh: "MiniAIME-24 准确率" },
    formula: "mean over 30 fixed problems of the share of right samples (temperature 1.0, top-p 0.7)",
    unit: "share",
    range: [0, 1],
    healthy: {
      en: "0.3 to 0.5 at the cold start, 0.9 after 8,000 episodes",
      zh: "冷启动 0.3 至 0.5，8000 条轨迹后 0.9",
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
  accuracy25: {
    label: { en: "accuracy on MiniAIME-25", zh: "MiniAIME-25 准确率" },
    definition: {
      en: "Questions in wordings that training never uses, half of them put together in new ways.",
      zh: "题目的措辞在训练中从未出现，其中一半是新的组合。",
    },
    formula: "mean over 30 fixed problems of the share of right samples (temperature 1.0, top-p 0.7)",
    unit: "share",
    range: [0, 1],
    healthy: {
      en: "near 0 with spark, which has read nothing but its own two wordings; far above with wide, which has read many",
      zh: "spark 接近 0：它只读过自己的两种措辞；wide 读过许多措辞，远高于此",
    },
    paper: paperScores.second,
  },
  accuracyByCode25: {
    label: { en: "right by code on MiniAIME-25", zh: "MiniAIME-25 由代码答对" },
    formula: "mean over problems of the share of samples whose right answer their last successful snippet printed",
    unit: "share",
    range: [0, 1],
    healthy: { en: "close below its accuracy: the tool does the work", zh: "略低于其准确率：答案来自工具" },
  },
  accuracyLeftOut: {
    label: { en: "accuracy on families left out", zh: "留出题型准确率" },
    definition: {
      en: "Problems of families that no cold-start trace has shown: what is solved here was discovered.",
      zh: "冷启动轨迹从未展示过的题型：在此解出的即为自行发现。",
    },
    formula: "mean over their problems of the share of right samples (temperature 1.0, top-p 0.7)",
    unit: "share",
    range: [0, 1],
    healthy: { en: "rises, though not shown; read it beside right by code", zh: "未经展示而上升；请对照由代码答对" },
  },
  accuracyByCodeLeftOut: {
    label: { en: "right by code on families left out", zh: "留出题型由代码答对" },
    formula:
      "mean over their problems of the share of samples whose right answer their last successful snippet printed",
    unit: "share",
    range: [0, 1],
    healthy: {
      en: "close below its accuracy: found by a program, not guessed",
      zh: "略低于其准确率：由程序得出而非猜中",
    },
  },
  accuracyOwn: {
    label: { en: "accuracy on your own set", zh: "自备题集准确率" },
    formula: "mean over your problems of the share of right samples (temperature 1.0, top-p 0.7)",
    unit: "share",
    range: [0, 1],
    healthy: {
      en: "depends on the set: the policy knows only the lab's wordings",
      zh: "取决于题集：策略只见过本实验室的措辞",
    },
  },
  accuracyByCodeOwn: {
    label: { en: "right by code on your own set", zh: "自备题集由代码答对" },
    formula: "mean over your problems of the share of samples whose right answer their last successful snippet printed",
    unit: "share",
    range: [0, 1],
    healthy: { en: "close below its accuracy: the tool does the work", zh: "略低于其准确率：答案来自工具" },
  },
} satisfies Record<string, Metric>;
