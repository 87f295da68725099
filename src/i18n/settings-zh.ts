/** The headings of the form of settings, in Chinese. */
import type { Words } from "./en";

export const settingsZh: Pick<Words, "groups" | "learnParts"> = {
  groups: {
    "": "运行",
    policy: "策略",
    coldStart: "冷启动",
    rollout: "采样",
    learn: "学习",
    evaluation: "评测",
    sandbox: "Python",
  },
  learnParts: {
    optimizer: "优化器",
    objective: "目标函数",
    filters: "哪些轨迹计入",
    correction: "采样修正",
    rewards: "奖励",
    critic: "评论家（PPO）",
  },
};
