/** The metrics of an evaluation: scores on further sets, and the paper's Figure 3; and those of self-correction. */
import type { Metric } from "./metric";

/** The six panels of the paper's Figure 3 in words; training's metrics of the same kind refer to them too. */
export const figure3 = {
  length: {
    en: "Figure 3a: falls sharply from about 10,000 tokens to about 6,000, then rises a little; code takes the place of long sums in words.",
    zh: "图 3a：从约 10000 个令牌骤降到约 6000，然后略升；代码代替了冗长的文字计算。",
  },
  codeRatio: {
    en: "Figure 3b: rises to about 98 % of the responses.",
    zh: "图 3b：升到约 98% 的回答。",
  },
  codeLines: {
    en: "Figure 3c: rises to about five times what it began with; snippets grow more complex.",
    zh: "图 3c：升到起初的约五倍；代码越来越复杂。",
  },
  correctCode: {
    en: "Figure 3d: rises from about 1,000 snippets on the test set to about 5,000.",
    zh: "图 3d：测试集上从约 1000 段升到约 5000 段。",
  },
  passRate: {
    en: "Figure 3e: stays near 100 % where the answer is right and falls where it is wrong: whether the code runs decides more and more.",
    zh: "图 3e：答对时保持接近 100%，答错时下降：代码能否运行越来越决定结果。",
  },
  timing: {
    en: "Figure 3f: moves earlier; the policy learns to call the interpreter sooner.",
    zh: "图 3f：逐渐提前；策略学会更早调用解释器。",
  },
} as const;

/** Table 1 of the paper, for the two sets that the lab's are named after. */
export const paperScores = {
  first: {
    en: "67.0 % on AIME 2024 after 400 steps; 40.9 % at the cold start, 40.0 % with text alone (Table 1).",
    zh: "400 步后 AIME 2024 上 67.0%；冷启动 40.9%，只用文字 40.0%（表 1）。",
  },
  second: {
    en: "49.3 % on AIME 2025 after 400 steps; 34.5 % at the cold start, 36.7 % with text alone (Table 1).",
    zh: "400 步后 AIME 2025 上 49.3%；冷启动 34.5%，只用文字 36.7%（表 1）。",
  },
} as const;

export const evaluationMetrics = {
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
      en: "anything above 0.02: a policy this small hardly reads wordings that it has not met",
      zh: "高于 0.02 即可：这样小的策略很难读懂没见过的措辞",
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
  evaluationInvocationTiming: {
    label: { en: "invocation timing", zh: "调用时机" },
    definition: { en: "How far into an answer its first snippet begins.", zh: "第一段代码在回答中开始的位置。" },
    formula: "start of the first snippet / response length with interpreter, mean over evaluation samples with code",
    unit: "share",
    healthy: { en: "moves earlier", zh: "逐渐提前" },
    paper: figure3.timing,
  },
} satisfies Record<string, Metric>;

export const correctionMetrics = {
  selfCorrectionAttempts: {
    label: { en: "self-corrections attempted", zh: "自我纠错尝试" },
    definition: {
      en: "The first snippet failed and the policy wrote another one.",
      zh: "第一段代码失败，策略又写了另一段。",
    },
    formula: "episodes whose first snippet failed and which hold a later, different one",
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
