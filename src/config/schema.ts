/**
 * Every setting of the lab, declared once: type, default, range, the form's label, its unit and why it has that
 * value. The URL, the form, the command line, the documentation and the run record are all read from here.
 * Defaults are those of `spark`; presets (./presets) say what differs and why.
 */
import { z } from "zod";
import { learnSettings } from "./learn-settings";
import { names, part, setting, share } from "./setting";

/** Tokens of the longest episode that may be asked for. */
export const mostTokens = 4096;

export const configSchema = z.strictObject({
  preset: setting(
    z
      .enum(["smoke", "spark", "spark-text", "spark-large", "discovery", "wide", "classroom", "studio"])
      .default("spark"),
    {
      label: { en: "preset", zh: "预设" },
      why: "a size of policy and of step that suits a machine",
    },
  ),
  seed: setting(
    z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1),
    {
      label: { en: "seed", zh: "随机种子" },
      why: "the same seed on the same adapter gives the same run, token for token",
    },
  ),
  backend: setting(z.enum(["auto", "webgpu", "wasm", "cpu"]).default("auto"), {
    label: { en: "backend", zh: "计算后端" },
    why: "auto takes WebGPU on a hardware adapter, else wasm",
  }),
  cacheStorage: setting(z.enum(["f32", "f16"]).default("f32"), {
    label: { en: "decoder caches", zh: "解码缓存精度" },
    why: "f16 halves the memory of what a decoder remembers, on WebGPU alone; log-probabilities of what it writes are then off by about a thousandth, and a check at the start refuses more than a twentieth",
  }),
  start: setting(z.enum(["cold-start", "random"]).default("cold-start"), {
    label: { en: "begin from", zh: "起点" },
    why: "the shipped cold start of the preset, or random weights: a policy that knows nothing, to compare with",
  }),
  steps: setting(z.int().min(0).max(100_000).default(125), {
    label: { en: "steps", zh: "步数" },
    unit: "steps",
    why: "125 steps of 64 episodes are 8,000 episodes, after which spark is near its best; 0 only evaluates",
    live: true,
  }),
  problems: setting(z.enum(["families", "two-step", "wide"]).default("families"), {
    label: { en: "problems", zh: "题目" },
    why: "the families that MiniAIME-24 asks of too; pairs of an operation and a quantity, on which discovery is measured; or both and further ones in many wordings, for MiniAIME-25",
  }),
  policy: part({
    hidden: setting(z.int().min(8).max(4096).default(64), {
      label: { en: "hidden size", zh: "隐藏维度" },
      why: "0.15 M parameters train in minutes without a GPU",
    }),
    layers: setting(z.int().min(1).max(48).default(3), {
      label: { en: "layers", zh: "层数" },
      why: "two copy, a third chooses what to copy",
    }),
    heads: setting(z.int().min(1).max(64).default(4), {
      label: { en: "attention heads", zh: "注意力头数" },
      why: "16 dimensions a head",
    }),
    kvHeads: setting(z.int().min(1).max(64).default(4), {
      label: { en: "key-value heads", zh: "键值头数" },
      why: "fewer than heads is grouped-query attention; at this size it saves nothing",
    }),
    intermediate: setting(z.int().min(8).max(16384).default(160), {
      label: { en: "MLP size", zh: "MLP 维度" },
      why: "8/3 of the hidden size, rounded to 16",
    }),
  }),
  coldStart: part({
    steps: setting(z.int().min(0).max(100_000).default(1100), {
      label: { en: "cold-start steps", zh: "冷启动步数" },
      unit: "steps",
      why: "where no epochs are given",
    }),
    traces: setting(z.int().min(1).max(1_000_000).default(56_000), {
      label: { en: "cold-start traces", zh: "冷启动轨迹数" },
      unit: "traces",
      why: "the dial for 0.30 to 0.50 on MiniAIME-24: enough to try tools, far from good; about one in seven is dropped, most because nothing in it could be rewritten",
    }),
    batch: setting(z.int().min(1).max(1024).default(64), {
      label: { en: "cold-start batch", zh: "冷启动批量" },
      unit: "traces",
      why: "as in the prototype",
    }),
    learningRate: setting(z.number().min(1e-6).max(1e-1).default(3e-3), {
      label: { en: "cold-start learning rate", zh: "冷启动学习率" },
      why: "AdamW; a small model from scratch takes a large rate",
    }),
    direct: setting(share.default(0.13), {
      label: { en: "direct answers", zh: "直接作答" },
      why: "share of traces that answer at once",
    }),
    worked: setting(share.default(0.34), {
      label: { en: "worked text", zh: "文字推导" },
      why: "share of traces that work the problem in text",
    }),
    oneBlock: setting(share.default(0.09), {
      label: { en: "one code block", zh: "一段代码" },
      why: "share of traces with one snippet",
    }),
    twoBlocks: setting(share.default(0.24), {
      label: { en: "checking blocks", zh: "检查代码" },
      why: "share of traces whose further snippets check the first: what self-correction grows from",
    }),
    rewritten: setting(share.default(0.28), {
      label: { en: "rewritten text", zh: "改写推导" },
      why: "share of worked solutions whose hard stretch is rewritten as code, the text around it kept, as the paper makes its data",
    }),
    exploration: setting(share.default(0.1), {
      label: { en: "failed exploration", zh: "失败的尝试" },
      why: "share of worked solutions that hold a line that is wrong and taken back; never a snippet, so mending code has still to emerge",
    }),
    epochs: setting(z.number().min(0).max(100).default(2), {
      label: { en: "cold-start epochs", zh: "冷启动轮数" },
      unit: "epochs",
      why: "times that each trace is seen, as in the paper; 0 takes the steps instead",
    }),
    heldOut: setting(z.int().min(0).max(10_000).default(256), {
      label: { en: "held-out traces", zh: "留出轨迹数" },
      unit: "traces",
      why: "never learned from; their loss shows whether the rest was learned or remembered",
    }),
    leftOut: setting(names.default(""), {
      label: { en: "families left out", zh: "留出的题型" },
      why: "never shown in a trace, only met in RL: what of them is solved afterwards was discovered",
    }),
  }),
  rollout: part({
    problems: setting(z.int().min(1).max(1024).default(8), {
      label: { en: "problems a step", zh: "每步题数" },
      why: "8 problems x 8 samples are a 3-second step without a GPU",
      live: true,
    }),
    groupSize: setting(z.int().min(2).max(64).default(8), {
      label: { en: "group size", zh: "组大小" },
      unit: "samples",
      why: "a group's mean reward is the baseline (GRPO); verl's recipe takes 16",
      live: true,
    }),
    tool: setting(z.enum(["on", "off"]).default("on"), {
      label: { en: "tool", zh: "工具" },
      why: "off: code stays text and nothing is run, as for the text-only twin, or to see what a policy knows without it",
      live: true,
    }),
    temperature: setting(z.number().min(0.1).max(2).default(1), {
      label: { en: "temperature", zh: "温度" },
      why: "1 keeps the sampler equal to the policy, so that ratios mean what they say",
      live: true,
    }),
    maxSnippets: setting(z.int().min(0).max(16).default(4), {
      label: { en: "snippets an episode", zh: "每条轨迹代码段上限" },
      why: "the recipe allows 8; small problems need fewer",
      live: true,
    }),
    maxTokens: setting(z.int().min(32).max(mostTokens).default(192), {
      label: { en: "tokens an episode", zh: "每条轨迹令牌上限" },
      unit: "tokens",
      why: "problem and solution take 40 to 120",
      live: true,
    }),
    snippetFuel: setting(z.int().min(1_000).max(1_000_000_000).default(2_000_000), {
      label: { en: "fuel a snippet", zh: "每段代码燃料上限" },
      unit: "loop turns and calls",
      why: "stops endless loops at the same place on every machine; about half a second of plain Python",
      live: true,
    }),
    snippetSeconds: setting(z.number().min(0.05).max(60).default(5), {
      label: { en: "seconds a snippet", zh: "每段代码秒数上限" },
      unit: "s",
      why: "a backstop for what burns no fuel; the official evaluation allows 5",
      live: true,
    }),
  }),
  learn: part(learnSettings),
  evaluation: part({
    every: setting(z.int().min(0).max(100_000).default(10), {
      label: { en: "evaluate every", zh: "评测间隔" },
      unit: "steps",
      why: "0 switches it off; an evaluation costs about one step",
      live: true,
    }),
    samples: setting(z.int().min(1).max(256).default(8), {
      label: { en: "samples a problem", zh: "每题采样数" },
      why: "the paper takes 32; 8 give a standard error of about 0.02",
      live: true,
    }),
    furtherSets: setting(z.enum(["ends", "always", "never"]).default("ends"), {
      label: { en: "MiniAIME-25 and your set", zh: "MiniAIME-25 与自备题集" },
      why: "at the start and the end of a run, at every evaluation, or never: each set costs as much as MiniAIME-24",
      live: true,
    }),
    temperature: setting(z.number().min(0.01).max(2).default(1), {
      label: { en: "evaluation temperature", zh: "评测温度" },
      why: "as in the paper",
      live: true,
    }),
    topP: setting(z.number().min(0.01).max(1).default(0.7), {
      label: { en: "evaluation top-p", zh: "评测 top-p" },
      why: "as in the paper",
      live: true,
    }),
  }),
  sandbox: part({
    workers: setting(z.int().min(1).max(8).default(1), {
      label: { en: "Python workers", zh: "Python 工作线程" },
      why: "one keeps up with a small policy; each takes about 90 MB",
    }),
    cache: setting(z.enum(["on", "off"]).default("on"), {
      label: { en: "remember results", zh: "记住运行结果" },
      why: "the same code under the same limits always says the same, so it is run once",
    }),
    sympy: setting(z.enum(["on", "off"]).default("off"), {
      label: { en: "SymPy", zh: "SymPy 符号计算" },
      why: "lets snippets import SymPy; it is loaded only then, and each worker takes about 40 MB more",
    }),
    outputCharacters: setting(z.int().min(16).max(4096).default(256), {
      label: { en: "output limit", zh: "输出上限" },
      unit: "characters",
      why: "verl's recipe: 256, cut in the middle",
    }),
  }),
});

export type LabConfig = z.infer<typeof configSchema>;
/** What a preset, a URL or a form may say: any part of a configuration. */
export type ConfigOverrides = z.input<typeof configSchema>;
