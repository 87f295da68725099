/**
 * Drawing a token from logits. One uniform number decides (inverse of the cumulative distribution), so that a
 * token depends on the policy and on (seed, step, episode, position) alone, not on its row or its neighbours.
 */

export interface SamplingSettings {
  /** Divides the logits; 1 samples the policy itself. */
  temperature: number;
  /** Keeps the smallest set of tokens whose probabilities reach this; 1 keeps all (training must). */
  topP: number;
}

export interface Draw {
  token: number;
  /** Natural log of the token's probability under the distribution that was sampled. */
  logprob: number;
  /** The same under the policy itself: temperature 1, every token kept. */
  policyLogprob: number;
  /** Entropy of the distribution that was sampled, in nats. */
  entropy: number;
}

/** Marks the nucleus: the most probable tokens until their sum reaches `topP`. Returns the kept mass. */
function keepNucleus(weights: Float64Array, total: number, topP: number): number {
  const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a] || a - b);
  let kept = 0;
  for (const token of order) {
    if (kept >= topP * total) weights[token] = 0;
    else kept += weights[token];
  }
  return kept;
}

/**
 * Samples from `logits[offset .. offset + vocabulary)`.
 * `uniform` in [0, 1) picks the token; the lowest id whose cumulative probability exceeds it.
 */
export function drawToken(
  logits: Float32Array,
  offset: number,
  vocabulary: number,
  uniform: number,
  { temperature, topP }: SamplingSettings,
): Draw {
  let largest = -Infinity;
  for (let v = 0; v < vocabulary; v++) largest = Math.max(largest, logits[offset + v]);
  const weights = new Float64Array(vocabulary);
  let total = 0;
  for (let v = 0; v < vocabulary; v++) {
    weights[v] = Math.exp((logits[offset + v] - largest) / temperature);
    total += weights[v];
  }
  if (topP < 1) total = keepNucleus(weights, total, topP);
  let entropy = 0;
  let cumulative = 0;
  let token = -1;
  let last = 0;
  for (let v = 0; v < vocabulary; v++) {
    if (weights[v] === 0) continue;
    const probability = weights[v] / total;
    entropy -= probability * Math.log(probability);
    cumulative += probability;
    last = v;
    if (token < 0 && cumulative > uniform) token = v;
  }
  // Rounding may leave the sum a hair below a uniform close to 1; the last possible token takes it.
  if (token < 0) token = last;
  const logprob = Math.log(weights[token] / total);
  const same = temperature === 1 && topP >= 1;
  return { token, logprob, policyLogprob: same ? logprob : logprobOf(logits, offset, vocabulary, token), entropy };
}

/** Log-probability of a token under `logits[offset .. offset + vocabulary)` as they are. */
export function logprobOf(logits: Float32Array, offset: number, vocabulary: number, token: number): number {
  let largest = -Infinity;
  for (let v = 0; v < vocabulary; v++) largest = Math.max(largest, logits[offset + v]);
  let total = 0;
  for (let v = 0; v < vocabulary; v++) total += Math.exp(logits[offset + v] - largest);
  return logits[offset + token] - largest - Math.log(total);
}
