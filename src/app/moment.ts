/** The sentence of the moment: what the last step means, for people who do not read curves. */
import type { MetricRow } from "../core/metrics";
import type { Words } from "../i18n/en";
import { formatValue, type Language } from "../ui/format";

export interface MomentSetting {
  /** The run has done all its steps, so it is looked back upon. */
  finished?: boolean;
  language: Language;
}

function onCode(row: MetricRow, words: Words["moment"], language: Language): string {
  const { codeRatio = 0, codePassRate = 1 } = row.values;
  const code = formatValue(codeRatio, "share", language);
  const pass = formatValue(codePassRate, "share", language);
  if (codeRatio >= 0.2 && codePassRate < 0.5) return words.junk(pass);
  if (codeRatio < 0.4) return words.fewCode(code);
  return codeRatio < 0.9 ? words.someCode(code, pass) : words.muchCode(code);
}

function onSignal(row: MetricRow, words: Words["moment"], language: Language): string {
  const { mixedGroups = 0, reward = 0 } = row.values;
  if (mixedGroups === 0) return words.noSignal;
  if (mixedGroups < 0.15) return reward > 0 ? words.allSolved : words.allFailed;
  return words.mixed(formatValue(mixedGroups, "share", language));
}

const joinSentences = (first: string, second: string, language: Language): string => {
  if (/[.。：:]$/.test(first)) return language === "zh" ? first + second : `${first} ${capital(second)}`;
  return language === "zh" ? `${first}；${second}` : `${first}; ${second.charAt(0).toLowerCase()}${second.slice(1)}`;
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One or two sentences on the last row; a self-correction goes before everything else. */
export function sentenceOfTheMoment(
  rows: readonly MetricRow[],
  words: Words["moment"],
  { finished, language }: MomentSetting,
): string {
  const trained = rows.findLast((row) => row.values.reward !== undefined);
  const measured = rows.filter((row) => row.values.accuracy !== undefined);
  const [first, last] = [measured.at(0), measured.at(-1)];
  const write = (row: MetricRow): string => formatValue(row.values.accuracy ?? 0, "share", language);
  if (!trained) return first ? words.coldStart(write(first)) : words.empty;
  if (finished && first && last && first !== last) {
    const corrections = rows.reduce((sum, row) => sum + (row.values.selfCorrections ?? 0), 0);
    return words.finished({ start: write(first), now: write(last), episodes: trained.episodes, corrections });
  }
  const { selfCorrections = 0, entropy = 1 } = trained.values;
  if (selfCorrections > 0) return words.selfCorrection(selfCorrections);
  const code = onCode(trained, words, language);
  if (entropy < 0.02) return joinSentences(code, words.collapsed, language);
  if (first && last && last !== first && last.step === trained.step) {
    return joinSentences(code, words.accuracy(write(last), write(first)), language);
  }
  return joinSentences(code, onSignal(trained, words, language), language);
}
