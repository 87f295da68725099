/** What the paper's curves and scores do, in words. */

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
