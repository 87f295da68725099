/** How the tool is used, in training and at each evaluation (the paper's Figure 3), and how long answers are. */
import type { Metric } from "./metric";
import { figure3 } from "./paper";

export const toolMetrics = {
  evaluationFormatRate: {
    label: { en: "format rate", zh: "格式正确率" },
    definition: {
      en: "Answers that keep the form: every code block closed, and a boxed answer at the end.",
      zh: "符合格式的回答：每段代码都闭合，并以方框答案结尾。",
    },
    formula: "samples with an answer, no code left open and no turn without code or answer / evaluation samples",
    unit: "share",
    range: [0, 1],
    healthy: { en: "above 0.95 after the cold start", zh: "冷启动后高于 0.95" },
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
  evaluationPassRateRight: {
    label: { en: "last snippet ran, answer right", zh: "末段代码通过率（答对）" },
    definition: {
      en: "Of the right answers with code: how often the last snippet ran.",
      zh: "用代码且答对时，末段代码运行成功的比例。",
    },
    formula: "right samples whose last snippet ran / right samples with a snippet",
    unit: "share",
    range: [0, 1],
    healthy: { en: "near 1", zh: "接近 1" },
    paper: figure3.passRate,
  },
  evaluationPassRateWrong: {
    label: { en: "last snippet ran, answer wrong", zh: "末段代码通过率（答错）" },
    definition: {
      en: "Of the wrong answers with code: how often the last snippet ran.",
      zh: "用代码但答错时，末段代码运行成功的比例。",
    },
    formula: "wrong samples whose last snippet ran / wrong samples with a snippet",
    unit: "share",
    range: [0, 1],
    healthy: {
      en: "below the right ones; near 1 means the program was the wrong one",
      zh: "低于答对时；接近 1 说明程序本身选错",
    },
    paper: figure3.passRate,
  },
  evaluationCorrectCode: {
    label: { en: "correct code count", zh: "正确代码数" },
    definition: {
      en: "How many snippets ran to their end in the whole evaluation.",
      zh: "整次评测中运行到结束的代码段数。",
    },
    formula: "number of evaluation snippets with status ok",
    unit: "count",
    healthy: { en: "rises to about the number of samples", zh: "升到约等于样本数" },
    paper: figure3.correctCode,
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
  evaluationResponseLength: {
    label: { en: "length without interpreter", zh: "不含解释器的长度" },
    definition: {
      en: "How long answers are, counting the policy's own tokens.",
      zh: "回答的长度，只计策略自己的令牌。",
    },
    formula: "mean over evaluation samples of the number of tokens with mask = 1",
    unit: "tokens",
    healthy: { en: "falls first, then rises a little", zh: "先降后略升" },
    paper: figure3.length,
  },
  evaluationResponseLengthWithInterpreter: {
    label: { en: "length with interpreter", zh: "含解释器的长度" },
    definition: {
      en: "How long answers are with what the interpreter printed.",
      zh: "回答的长度，加上解释器输出的内容。",
    },
    formula: "mean over evaluation samples of the number of tokens after the prompt, inserted ones included",
    unit: "tokens",
    healthy: { en: "a little above the length without", zh: "略高于不含解释器的长度" },
    paper: figure3.length,
  },
  invocationTiming: {
    label: { en: "invocation timing", zh: "调用时机" },
    formula: "start of the first snippet / response length with interpreter, mean over episodes with code",
    unit: "share",
    range: [0, 1],
    healthy: { en: "moves earlier (paper, Figure 3f)", zh: "逐渐提前（论文图 3f）" },
    paper: figure3.timing,
  },
  evaluationInvocationTiming: {
    label: { en: "invocation timing", zh: "调用时机" },
    definition: { en: "How far into an answer its first snippet begins.", zh: "第一段代码在回答中开始的位置。" },
    formula: "start of the first snippet / response length with interpreter, mean over evaluation samples with code",
    unit: "share",
    healthy: { en: "moves earlier", zh: "逐渐提前" },
    paper: figure3.timing,
  },
  codeLines: {
    label: { en: "code lines", zh: "代码行数" },
    formula: "mean number of code lines per episode",
    unit: "count",
    healthy: { en: "rises (paper, Figure 3c)", zh: "上升（论文图 3c）" },
    paper: figure3.codeLines,
  },
  evaluationCodeLines: {
    label: { en: "code lines", zh: "代码行数" },
    definition: { en: "How much code an answer holds.", zh: "每个回答中的代码量。" },
    formula: "lines of code that are not blank / evaluation samples",
    unit: "count",
    healthy: {
      en: "rises where problems need programs; here most fit in a line or two",
      zh: "题目需要程序时上升；这里多为一两行",
    },
    paper: figure3.codeLines,
  },
  snippets: {
    label: { en: "snippets per episode", zh: "每条轨迹的代码段数" },
    formula: "snippets / episodes",
    unit: "count",
    healthy: { en: "about 1; 0 means the tool is not used", zh: "约 1；0 表示不使用工具" },
  },
} satisfies Record<string, Metric>;
