/**
 * The episodes that the page keeps: the newest of training, and the last evaluation. Outside React, because a step
 * brings dozens at once; `version` changes with every addition, and views re-render on that alone.
 */
import type { EpisodeRecord } from "../core/episode";

export interface EpisodeFilter {
  purpose: EpisodeRecord["purpose"];
  /** Undefined for all. */
  step?: number;
  family?: string;
  correct?: boolean;
  withError: boolean;
  selfCorrection: boolean;
  /** A snippet failed and another was written, whatever came of it. */
  attempted: boolean;
}

export const everyEpisode: EpisodeFilter = {
  purpose: "train",
  withError: false,
  selfCorrection: false,
  attempted: false,
};

/** At about 100 tokens an episode these take some 10 MB. */
const trainingKept = 2048;

export const hasError = (episode: EpisodeRecord): boolean => episode.turns.some((turn) => turn.status !== "ok");

export class EpisodeStore {
  version = 0;
  private training: EpisodeRecord[] = [];
  private evaluation: EpisodeRecord[] = [];
  private readonly corrections: EpisodeRecord[] = [];
  private readonly byId = new Map<string, EpisodeRecord>();

  add(episodes: readonly EpisodeRecord[]): void {
    const training = episodes.filter((episode) => episode.purpose === "train");
    const evaluation = episodes.filter((episode) => episode.purpose === "evaluation");
    if (evaluation.length > 0) {
      const sameStep = this.evaluation.at(0)?.step === evaluation[0].step;
      if (!sameStep) this.forget(this.evaluation);
      // What is scored again after the same step has the names that it had.
      const ids = new Set(evaluation.map(({ id }) => id));
      const others = sameStep ? this.evaluation.filter(({ id }) => !ids.has(id)) : [];
      this.evaluation = [...others, ...evaluation];
    }
    this.training.push(...training);
    this.corrections.push(...training.filter((episode) => episode.selfCorrection));
    if (this.training.length > trainingKept) {
      const old = this.training.splice(0, this.training.length - trainingKept);
      this.forget(old.filter((episode) => !episode.selfCorrection));
    }
    for (const episode of episodes) this.byId.set(episode.id, episode);
    this.version++;
  }

  clear(): void {
    this.training = [];
    this.evaluation = [];
    this.corrections.length = 0;
    this.byId.clear();
    this.version++;
  }

  get(id: string): EpisodeRecord | undefined {
    return this.byId.get(id);
  }

  /** Every training episode that is kept, oldest first. */
  all(): readonly EpisodeRecord[] {
    return this.training;
  }

  /** Newest first; samples of a group stay in their order. */
  list(filter: EpisodeFilter): EpisodeRecord[] {
    const source = filter.purpose === "train" ? this.training : this.evaluation;
    return source
      .filter(
        (episode) =>
          (filter.step === undefined || episode.step === filter.step) &&
          (filter.family === undefined || episode.problem.family === filter.family) &&
          (filter.correct === undefined || episode.correct === filter.correct) &&
          (!filter.withError || hasError(episode)) &&
          (!filter.selfCorrection || episode.selfCorrection) &&
          (!filter.attempted || episode.correction !== undefined),
      )
      .sort((a, b) => b.step - a.step || a.group - b.group || a.sample - b.sample);
  }

  /** The same by problem: the answers to one problem in one step stand together. */
  groups(filter: EpisodeFilter): EpisodeRecord[][] {
    const groups: EpisodeRecord[][] = [];
    for (const episode of this.list(filter)) {
      const last = groups.at(-1);
      const isSame = last?.[0].step === episode.step && last[0].group === episode.group;
      if (last && isSame) last.push(episode);
      else groups.push([episode]);
    }
    return groups;
  }

  /** How many episodes of that purpose are kept. */
  count(purpose: EpisodeRecord["purpose"]): number {
    return (purpose === "train" ? this.training : this.evaluation).length;
  }

  /** All answers to the same problem in the same step, by sample. */
  group(episode: EpisodeRecord): EpisodeRecord[] {
    const source = episode.purpose === "train" ? this.training : this.evaluation;
    const same = source.filter((other) => other.step === episode.step && other.group === episode.group);
    return same.length > 0 ? same.sort((a, b) => a.sample - b.sample) : [episode];
  }

  /** Newest first. */
  selfCorrections(): EpisodeRecord[] {
    return this.corrections.slice().reverse();
  }

  families(): string[] {
    return [...new Set([...this.training, ...this.evaluation].map((episode) => episode.problem.family))].sort();
  }

  /** Steps that are kept, newest first. */
  steps(purpose: EpisodeRecord["purpose"]): number[] {
    const source = purpose === "train" ? this.training : this.evaluation;
    return [...new Set(source.map((episode) => episode.step))].sort((a, b) => b - a);
  }

  /** The episode of the newest step that is most worth showing: a self-correction, else code in a group that teaches. */
  showcase(): EpisodeRecord | undefined {
    const step = this.training.at(-1)?.step;
    const newest = this.training.filter((episode) => episode.step === step);
    return (
      newest.find((episode) => episode.selfCorrection) ??
      newest.find((episode) => episode.turns.length > 0 && episode.advantage > 0) ??
      newest.find((episode) => episode.turns.length > 0) ??
      newest.at(0)
    );
  }

  private forget(episodes: readonly EpisodeRecord[]): void {
    for (const episode of episodes) this.byId.delete(episode.id);
  }
}
