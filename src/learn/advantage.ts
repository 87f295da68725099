/** Advantages from rewards, one pure function each (method, section 4). */

/**
 * GRPO's group-relative advantage: A_i = (R_i - mean of the group) / (standard deviation + 1e-6). The deviation is
 * the sample's (n - 1), as in verl. A group whose rewards are equal gets zeros: it has nothing to teach.
 */
export function groupRelativeAdvantages(rewards: readonly number[]): number[] {
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  const squares = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0);
  const deviation = rewards.length > 1 ? Math.sqrt(squares / (rewards.length - 1)) : 0;
  return rewards.map((reward) => (reward - mean) / (deviation + 1e-6));
}
