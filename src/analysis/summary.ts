/**
 * What a set of episodes shows (paper, section 4.2 and Figure 3): the metrics that are counted from episodes alone.
 * Their definitions in words are in core/metrics.
 */
import { type EpisodeRecord, policyTokens } from "../core/episode";
import { solvedGroups } from "../core/groups";
import type { MetricId } from "../core/metrics";
import { mean } from "../core/stats";
import { countCorrections } from "./self-correction";

/** 0 of nothing: a set without snippets has none that ran. */
const meanOrZero = (values: readonly number[]): number => (values.length === 0 ? 0 : mean(values));

const share = (flags: readonly boolean[]): number => meanOrZero(flags.map(Number));

/** The mean over tokens of means over some of them; undefined over none. */
function overTokens(parts: readonly { tokens: number; mean: number }[]): number | undefined {
  const all = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  return all === 0 ? undefined : parts.reduce((sum, { tokens, mean }) => sum + tokens * mean, 0) / all;
}

/** Where the first snippet starts, as a share of the response (interpreter tokens included). */
function invocationTiming({ turns, ids, promptLength }: EpisodeRecord): number {
  return (turns[0].codeSpan[0] - promptLength) / (ids.length - promptLength);
}

function codeLines({ turns }: EpisodeRecord): number {
  return turns.reduce((sum, { code }) => sum + code.split("\n").filter((line) => line.trim() !== "").length, 0);
}

/** Share of episodes that keep the form (paper, section 2.2): all code closed, and an answer at the end. */
export function formatRate(episodes: readonly EpisodeRecord[]): number {
  const closed = ({ segments }: EpisodeRecord): boolean =>
    segments.every(({ kind, text }) => kind !== "code" || text.endsWith("</code>"));
  return share(episodes.map((one) => one.answer !== null && !one.flags.void && !one.flags.truncated && closed(one)));
}

/** Metrics of a step's training episodes or of an evaluation. Rates over nothing are left out. */
export function summarise(episodes: readonly EpisodeRecord[]): Partial<Record<MetricId, number>> {
  if (episodes.length === 0) return {};
  const withCode = episodes.filter(({ turns }) => turns.length > 0);
  const turns = episodes.flatMap((episode) => episode.turns);
  const written = episodes.map(({ mask, entropy }) => ({ tokens: policyTokens(mask), mean: entropy }));
  const corrections = countCorrections(episodes);
  const entropyAfterOutput = overTokens(episodes.map((episode) => episode.entropyAfterOutput));
  const solved = solvedGroups(episodes);
  const values: Partial<Record<MetricId, number>> = {
    reward: meanOrZero(episodes.map(({ reward }) => reward)),
    codeRatio: withCode.length / episodes.length,
    responseLength: meanOrZero(written.map(({ tokens }) => tokens)),
    responseLengthWithInterpreter: meanOrZero(episodes.map(({ ids, promptLength }) => ids.length - promptLength)),
    codeLines: meanOrZero(episodes.map(codeLines)),
    snippets: turns.length / episodes.length,
    entropy: overTokens(written) ?? 0,
    truncated: share(episodes.map(({ flags }) => flags.truncated)),
    voidEpisodes: share(episodes.map(({ flags }) => flags.void)),
    solvedByAll: solved.all,
    solvedByNone: solved.none,
    selfCorrections: corrections.succeeded,
    selfCorrectionAttempts: corrections.attempted,
    sandboxSeconds: turns.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000,
  };
  if (corrections.rate !== undefined) values.selfCorrectionRate = corrections.rate;
  if (turns.length > 0) {
    values.codePassRate = share(turns.map(({ status }) => status === "ok"));
    values.snippetTimeouts = share(turns.map(({ status }) => status === "timeout"));
  }
  if (entropyAfterOutput !== undefined) values.entropyAfterOutput = entropyAfterOutput;
  if (withCode.length > 0) values.invocationTiming = meanOrZero(withCode.map(invocationTiming));
  return values;
}
