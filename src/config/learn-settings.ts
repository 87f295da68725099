/** The settings of learning. Defaults are GRPO's as DAPO runs it; ./algorithms says what the others change. */
import { z } from "zod";
import { setting, share } from "./setting";

export const algorithmNames = [
  "grpo",
  "dr-grpo",
  "rloo",
  "reinforce-plus-plus",
  "reinforce-plus-plus-baseline",
  "gspo",
  "cispo",
  "ppo",
] as const;

export type AlgorithmName = (typeof algorithmNames)[number];

const optimizer = {
  learningRate: setting(z.number().min(0).max(1e-1).default(2e-4), {
    label: { en: "learning rate", zh: "学习率" },
    why: "the paper's 1e-6 is for 32 billion parameters; small policies take more",
    live: true,
  }),
  finalLearningRate: setting(share.default(0.1), {
    label: { en: "final learning rate", zh: "末步学习率" },
    unit: "of the learning rate",
    why: "the rate falls in a line to this share at the last step: late steps gain little and noise can undo much",
    live: true,
  }),
  miniBatches: setting(z.int().min(1).max(64).default(1), {
    label: { en: "mini-batches", zh: "小批次数" },
    why: "one update on all of a step's episodes: with 64 of them, halves are too noisy",
    live: true,
  }),
  epochs: setting(z.int().min(1).max(16).default(1), {
    label: { en: "epochs", zh: "轮数" },
    why: "each episode is learned from once",
    live: true,
  }),
  gradientClip: setting(z.number().min(0.01).max(1000).default(1), {
    label: { en: "gradient clip", zh: "梯度裁剪" },
    unit: "norm",
    why: "global norm, as everywhere",
    live: true,
  }),
  beta1: setting(z.number().min(0).max(0.9999).default(0.9), {
    label: { en: "beta 1", zh: "β1" },
    why: "AdamW's default",
  }),
  beta2: setting(z.number().min(0).max(0.99999).default(0.95), {
    label: { en: "beta 2", zh: "β2" },
    why: "forgets faster than 0.999: rewards are not stationary",
  }),
  weightDecay: setting(z.number().min(0).max(1).default(0), {
    label: { en: "weight decay", zh: "权重衰减" },
    why: "a run is too short to need it",
  }),
};

const objective = {
  clipLow: setting(z.number().min(1e-5).max(1).default(0.2), {
    label: { en: "clip low", zh: "下裁剪" },
    unit: "ratio",
    why: "0.2 in Schulman 2017",
    live: true,
  }),
  clipHigh: setting(z.number().min(1e-5).max(10).default(0.28), {
    label: { en: "clip high", zh: "上裁剪" },
    unit: "ratio",
    why: "DAPO's clip-higher keeps rare tokens growing",
    live: true,
  }),
  dualClip: setting(z.number().min(1).max(100).default(10), {
    label: { en: "dual clip", zh: "双重裁剪" },
    unit: "ratio",
    why: "bounds the loss of a wrong episode whose ratio exploded",
    live: true,
  }),
  aggregation: setting(z.enum(["token-mean", "seq-mean-token-mean", "seq-mean-token-sum-norm"]).default("token-mean"), {
    label: { en: "aggregation", zh: "损失聚合" },
    why: "what a token counts: the same everywhere (DAPO), the same within its episode (GRPO), or 1 / longest (Dr.GRPO)",
    live: true,
  }),
  entropyBonus: setting(z.number().min(0).max(1).default(0), {
    label: { en: "entropy bonus", zh: "熵奖励" },
    unit: "per nat",
    why: "0 as in the paper; a little keeps a policy trying",
    live: true,
  }),
  klCoefficient: setting(z.number().min(0).max(10).default(0), {
    label: { en: "KL coefficient", zh: "KL 系数" },
    why: "0 as in the paper; above it the policy is held near the one it began as",
  }),
  klIn: setting(z.enum(["loss", "reward"]).default("loss"), {
    label: { en: "KL goes into", zh: "KL 位置" },
    why: "the loss as k3 (GRPO), or each token's reward as k1 (PPO)",
    live: true,
  }),
  interpreterTokens: setting(z.enum(["mask", "learn"]).default("mask"), {
    label: { en: "interpreter tokens", zh: "解释器令牌" },
    why: "masked from the loss as in the paper; learned from only to show what that breaks",
    live: true,
  }),
};

const filters = {
  equalGroups: setting(z.enum(["drop", "keep"]).default("drop"), {
    label: { en: "groups of equal rewards", zh: "奖励相同的组" },
    why: "nothing in one is better than the rest, so it is left out before advantages are computed (DAPO); with refills always",
    live: true,
  }),
  refills: setting(z.int().min(0).max(16).default(0), {
    label: { en: "refills", zh: "补充轮数" },
    unit: "rounds",
    why: "DAPO's dynamic sampling: fresh problems for groups of equal rewards, in at most so many rounds; 0 is off",
    live: true,
  }),
  voidTurns: setting(z.enum(["keep", "mask"]).default("keep"), {
    label: { en: "void episodes", zh: "无效轨迹" },
    why: "SimpleTIR masks an episode whose last turn holds neither code nor answer; the paper keeps it",
    live: true,
  }),
  overlong: setting(z.enum(["keep", "mask", "penalty"]).default("keep"), {
    label: { en: "overlong episodes", zh: "超长轨迹" },
    why: "DAPO masks what was cut off, or takes reward from what comes near the limit; the paper does neither",
    live: true,
  }),
  overlongBuffer: setting(z.int().min(1).max(4096).default(32), {
    label: { en: "overlong buffer", zh: "超长缓冲" },
    unit: "tokens",
    why: "the last tokens before the limit, over which the penalty rises from 0 to 1",
    live: true,
  }),
};

const correction = {
  correction: setting(z.enum(["off", "token", "sequence"]).default("off"), {
    label: { en: "sampler correction", zh: "采样修正" },
    why: "off: sampler and trainer agree here at temperature 1. token: each is weighed by their ratio; sequence: episodes that differ go",
    live: true,
  }),
  correctionCap: setting(z.number().min(1).max(100).default(2), {
    label: { en: "correction cap", zh: "修正上限" },
    unit: "ratio",
    why: "a token's weight is at most this (truncated importance sampling)",
    live: true,
  }),
  correctionBand: setting(z.number().min(1e-4).max(1).default(0.01), {
    label: { en: "correction band", zh: "修正带宽" },
    unit: "ratio",
    why: "an episode stays where its mean ratio lies within 1 plus or minus this",
    live: true,
  }),
};

const rewards = {
  gamma: setting(share.default(1), {
    label: { en: "gamma", zh: "γ" },
    why: "1: an answer at the end is worth the same at the start",
    live: true,
  }),
  toolBonus: setting(z.number().min(0).max(1).default(0), {
    label: { en: "tool bonus (not in the paper)", zh: "工具奖励（论文没有）" },
    unit: "reward",
    why: "off: the paper pays for the answer alone. Above 0, an episode with a snippet that ran gets it at first",
    live: true,
  }),
  toolBonusSteps: setting(z.int().min(1).max(100_000).default(50), {
    label: { en: "tool bonus ends after", zh: "工具奖励结束步" },
    unit: "steps",
    why: "the bonus falls in a line to 0 by then",
    live: true,
  }),
};

const critic = {
  critic: setting(z.enum(["network", "head"]).default("network"), {
    label: { en: "critic (PPO)", zh: "评论家（PPO）" },
    why: "a network of its own cannot spoil the policy; a head on the policy's body is cheaper",
  }),
  criticLearningRate: setting(z.number().min(0).max(1e-1).default(1e-3), {
    label: { en: "critic network's learning rate (PPO)", zh: "评论家网络学习率（PPO）" },
    why: "five times the policy's (verl's recipe: twice), and falling with it; a head learns at the policy's own",
    live: true,
  }),
  criticWarmUp: setting(z.int().min(0).max(100_000).default(5), {
    label: { en: "critic warm-up (PPO)", zh: "评论家预热（PPO）" },
    unit: "steps",
    why: "steps in which only the critic learns; verl's recipe takes 20 of 250. A head moves the body that it shares",
    live: true,
  }),
  valueClip: setting(z.number().min(0.01).max(100).default(0.5), {
    label: { en: "value clip (PPO)", zh: "价值裁剪（PPO）" },
    unit: "reward",
    why: "how far a value may move in an update: verl's default",
    live: true,
  }),
  valueCoefficient: setting(z.number().min(0).max(10).default(0.5), {
    label: { en: "value coefficient (PPO)", zh: "价值损失系数（PPO）" },
    why: "what the critic's loss counts beside the policy's, where it is a head",
    live: true,
  }),
  lambda: setting(share.default(1), {
    label: { en: "lambda (PPO)", zh: "λ（PPO）" },
    why: "1 trusts the reward, less trusts the critic; verl's recipe takes 1",
    live: true,
  }),
};

/** Kinds of settings of learning, in the order in which they are explained. */
const parts = { optimizer, objective, filters, correction, rewards, critic };

export type LearnPart = keyof typeof parts;

/** The kind of a setting of learning by its name; null for the algorithm, which all depend on. */
export function learnPartOf(name: string): LearnPart | null {
  const kinds = Object.keys(parts) as LearnPart[];
  return kinds.find((kind) => name in parts[kind]) ?? null;
}

export const learnSettings = {
  algorithm: setting(z.enum(algorithmNames).default("grpo"), {
    label: { en: "algorithm", zh: "算法" },
    why: "group-relative policy optimisation by default; the paper's is PPO. Choosing one sets what its paper sets",
  }),
  ...optimizer,
  ...objective,
  ...filters,
  ...correction,
  ...rewards,
  ...critic,
};

/** What an algorithm or a preset may say of learning. */
export type LearnOverrides = z.input<z.ZodObject<typeof learnSettings>>;
