/** The headings of the form of settings, in English. */

export const settingsEn = {
  groups: {
    "": "Run",
    policy: "Policy",
    coldStart: "Cold start",
    rollout: "Rollout",
    learn: "Learning",
    evaluation: "Evaluation",
    sandbox: "Python",
  },
  learnParts: {
    optimizer: "Optimiser",
    objective: "Objective",
    filters: "Which episodes count",
    correction: "Sampler correction",
    rewards: "Reward",
    critic: "Critic (PPO)",
  },
};
