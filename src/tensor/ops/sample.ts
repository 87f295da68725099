/**
 * Drawing a token from logits. One uniform number decides (inverse of the cumulative distribution), so that a
 * token depends on the policy and on (seed, step, episode, position) alone, not on its row or its neighbours.
 */

import { gridFor, type Kernel, perThing } from "../plan/kernel";
import { gridForRows, perRow } from "../plan/lanes";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, type Region, sizeIndex } from "../plan/tensor";
import type { Tuning } from "../plan/tuning";

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
function nucleusMass(weights: Float64Array, total: number, topP: number): number {
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
  if (topP < 1) total = nucleusMass(weights, total, topP);
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

// On a plan: the sampler also keeps the rows. It reads the token that comes next where a row has one, else draws it,
// writes it down, and says what the next step is to read; a row that has stopped repeats its step without effect.

/** Where a row's sheet holds what: a head of so many numbers, then its tokens. */
export const sheetHead = { length: 0, stopped: 1, key: 2, position: 3, size: 4 } as const;

/** Numbers of a record: the token, its log-probability as sampled and under the policy, the entropy. */
export const recordLength = 4;

/** Everything that rows consist of, on the GPU. */
export interface RowRegions {
  /** [rows, sheetHead.size + capacity] */
  sheets: Region;
  /** What the model reads next, both [rows]. */
  tokens: PlanTensor;
  positions: PlanTensor;
  /** What rows did in this submission: [rows, 1 + recordLength * steps], the number of records first. */
  records: Region;
  /** [temperature, top-p] */
  settings: Region;
  /** Tokens after which a row stops. */
  stops: Region;
  capacity: number;
  steps: number;
  stopCount: number;
}

/** The TypeScript twin is core/rng. */
const randomness = `fn mix(value: u32) -> u32 {
  var h = value;
  h = (h ^ (h >> 16u)) * 0x85ebca6bu;
  h = (h ^ (h >> 13u)) * 0xc2b2ae35u;
  return h ^ (h >> 16u);
}
fn uniform_from(key: u32, position: u32) -> f32 {
  return f32(mix(mix((key ^ mix(position + 0x9e3779b9u)) * 0x01000193u + 0x6b43a9b5u))) / 4294967296.0;
}
`;

const layout = { capacity: "u32", steps: "u32" } as const;

/** Begins a submission: rows say where they stand, and their records are as yet none. */
const seatKernel = perThing({
  name: "seat",
  reads: { sheets: "u32" },
  writes: { tokens: "u32", positions: "u32", records: "u32" },
  constants: { rows: "u32", ...layout },
  count: "size(constants.rows)",
  body: `  let sheet = i * (constants.capacity + ${sheetHead.size}u);
  let position = sheets[sheet + ${sheetHead.position}u];
  positions[i] = position;
  tokens[i] = sheets[sheet + ${sheetHead.size}u + position];
  records[i * (1u + ${recordLength}u * constants.steps)] = 0u;`,
});

export function recordSeat(plan: Recorder, rows: RowRegions): void {
  const { sheets, tokens, positions, records, capacity, steps } = rows;
  const constants = { rows: sizeIndex(tokens), capacity, steps };
  plan.dispatch(seatKernel, { sheets, tokens, positions, records }, constants, (sizes) =>
    gridFor(plan.countOf(tokens, sizes)),
  );
}

/**
 * Clears the weights that are not in the nucleus: the likeliest tokens until they reach top-p. The lowest weight that
 * still begins inside is found by bisection of its bits, which order positive numbers as the numbers are ordered; of
 * equal weights, the lowest ids come first.
 */
const keepNucleus = `  let wanted = settings[1] * whole;
  var outside = 0u;
  var inside = 0x3f800000u;
  for (var round = 0u; round < 30u; round++) {
    let middle = outside + (inside - outside) / 2u;
    let above = sum(mass_above(start, begin, end, bitcast<f32>(middle)), place);
    if (above < wanted) { inside = middle; } else { outside = middle; }
  }
  let edge = bitcast<f32>(inside);
  let above = sum(mass_above(start, begin, end, edge), place);
  var equal = 0.0;
  for (var v = begin; v < end; v++) { equal += select(0.0, 1.0, logits[start + v] == edge); }
  var ahead = before(equal, place);
  own = 0.0;
  for (var v = begin; v < end; v++) {
    let w = logits[start + v];
    var stays = w > edge;
    if (w == edge) {
      stays = above + ahead * edge < wanted;
      ahead += 1.0;
    }
    if (stays) { own += w; } else { logits[start + v] = 0.0; }
  }
  whole = sum(own, place);`;

/** Weights are put in the logits' place, so that what is kept of them can be marked there. */
const weigh = `  own = 0.0;
  for (var v = begin; v < end; v++) {
    let w = exp((logits[start + v] - top) / settings[0]);
    logits[start + v] = w;
    own += w;
  }
  whole = sum(own, place);`;

/** Functions of the sampler; `before` sums over the lanes before a lane. */
function samplerHelpers(lanes: number): string {
  const before =
    lanes === 1
      ? "fn before(value: f32, place: u32) -> f32 { return 0.0; }"
      : `var<workgroup> earlier: array<f32, ${lanes}>;
fn before(value: f32, place: u32) -> f32 {
  earlier[place] = value;
  workgroupBarrier();
  var total = 0.0;
  for (var other = 0u; other < place; other++) { total += earlier[other]; }
  workgroupBarrier();
  return total;
}`;
  return `${randomness}${before}
fn mass_above(start: u32, begin: u32, end: u32, edge: f32) -> f32 {
  var mass = 0.0;
  for (var v = begin; v < end; v++) { mass += select(0.0, logits[start + v], logits[start + v] > edge); }
  return mass;
}
fn stops_after(token: u32) -> bool {
  for (var at = 0u; at < constants.stopCount; at++) { if (stops[at] == token) { return true; } }
  return false;
}
fn write_down(row: u32, token: u32, logprob: f32, policy_logprob: f32, entropy: f32) {
  let counted = row * (1u + ${recordLength}u * constants.steps);
  let at = counted + 1u + ${recordLength}u * records[counted];
  records[at] = token;
  records[at + 1u] = bitcast<u32>(logprob);
  records[at + 2u] = bitcast<u32>(policy_logprob);
  records[at + 3u] = bitcast<u32>(entropy);
  records[counted] += 1u;
}`;
}

/** Each lane has the ids from `begin` to `end`; what the policy itself thinks of the token that a row may be reading. */
const look = `  let sheet = row * (constants.capacity + ${sheetHead.size}u);
  let text = sheet + ${sheetHead.size}u;
  let next = positions[row] + 1u;
  let start = row * constants.stride;
  let each = (constants.vocabulary + LANES - 1u) / LANES;
  let begin = min(place * each, constants.vocabulary);
  let end = min(begin + each, constants.vocabulary);
  var peak = -3e38;
  for (var v = begin; v < end; v++) { peak = max(peak, logits[start + v]); }
  let top = most(peak, place);
  var own = 0.0;
  for (var v = begin; v < end; v++) { own += exp(logits[start + v] - top); }
  var whole = sum(own, place);
  let normaliser = top + log(whole);
  let known = sheets[text + min(next, constants.capacity - 1u)];
  let read_logprob = logits[start + min(known, constants.vocabulary - 1u)] - normaliser;`;

/**
 * The first token whose cumulative weight passes the drawn mass; or the last possible one, where rounding leaves the sum
 * a hair below.
 */
const draw = (weight: string): string => `  let drawn = uniform_from(sheets[sheet + ${sheetHead.key}u], next) * whole;
  var cumulative = before(own, place);
  var weighted = 0.0;
  var chosen = f32(constants.vocabulary);
  var chosen_weight = 0.0;
  var possible = 0.0;
  var possible_weight = 0.0;
  for (var v = begin; v < end; v++) {
    let w = ${weight};
    if (w == 0.0) { continue; }
    cumulative += w;
    weighted += w * log(w);
    possible = f32(v);
    possible_weight = w;
    if (cumulative > drawn && chosen_weight == 0.0) {
      chosen = f32(v);
      chosen_weight = w;
    }
  }
  let entropy = log(whole) - sum(weighted, place) / whole;
  let lowest = -most(-chosen, place);
  let last = most(possible, place);
  let found = lowest < f32(constants.vocabulary);
  let picked = select(last, lowest, found);
  let from_last = sum(select(0.0, possible_weight, possible == last), place);
  let from_lowest = sum(select(0.0, chosen_weight, chosen == lowest), place);
  let weight = select(from_last, from_lowest, found);`;

/** One lane writes down what came of it, and says what the row's next step reads. */
const goOn = (
  policyLogprob: string,
): string => `  if (!leader || sheets[sheet + ${sheetHead.stopped}u] == 1u) { return; }
  var token = known;
  if (next < sheets[sheet + ${sheetHead.length}u]) {
    write_down(row, token, 0.0, read_logprob, 0.0);
  } else {
    token = u32(picked);
    let logprob = log(weight / whole);
    write_down(row, token, logprob, ${policyLogprob}, entropy);
    sheets[text + next] = token;
    sheets[sheet + ${sheetHead.length}u] = next + 1u;
    if (next + 1u == constants.capacity || stops_after(token)) { sheets[sheet + ${sheetHead.stopped}u] = 1u; }
  }
  sheets[sheet + ${sheetHead.position}u] = next;
  positions[row] = next;
  tokens[row] = token;`;

/** `plain` draws from the policy itself; else temperature and top-p are read from the settings. */
function sampleKernel(plain: boolean, tuning: Tuning): Kernel {
  // Lanes read one another's logits before any lane puts weights in their place.
  const barrier = tuning.lanes === 1 ? "" : "storageBarrier();";
  return perRow(
    {
      name: plain ? "sample" : "sample by temperature and nucleus",
      reads: { settings: "f32", stops: "u32" },
      writes: { logits: "f32", sheets: "u32", tokens: "u32", positions: "u32", records: "u32" },
      constants: { rows: "u32", stride: "u32", vocabulary: "u32", ...layout, stopCount: "u32" },
      rows: "size(constants.rows)",
      helpers: samplerHelpers(tuning.lanes),
      body: plain
        ? [look, draw("exp(logits[start + v] - top)"), goOn("logprob")].join("\n")
        : [
            look,
            barrier,
            weigh,
            keepNucleus,
            draw("logits[start + v]"),
            goOn("top + settings[0] * log(weight) - normaliser"),
          ].join("\n"),
    },
    tuning,
  );
}

export function recordSample(plan: Recorder, logits: PlanTensor, rows: RowRegions, plain: boolean): void {
  const { sheets, tokens, positions, records, settings, stops, capacity, steps, stopCount } = rows;
  const { columns: vocabulary, stride } = logits;
  const constants = { rows: sizeIndex(logits), stride, vocabulary, capacity, steps, stopCount };
  const bindings = { logits, sheets, tokens, positions, records, settings, stops };
  plan.dispatch(sampleKernel(plain, plan.tuning), bindings, constants, (sizes) =>
    gridForRows(plan.countOf(logits, sizes), plan.tuning),
  );
}
