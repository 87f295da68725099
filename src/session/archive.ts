/** The episodes that are kept at hand: the newest of training, and the last evaluation's. */
import type { EpisodeRecord } from "../core/episode";

/** About 20 MB of records. */
const trainingEpisodesKept = 4096;

export interface EpisodeFilter {
  step?: number;
  purpose?: EpisodeRecord["purpose"];
  selfCorrections?: boolean;
  limit?: number;
}

export class EpisodeArchive {
  #training: EpisodeRecord[] = [];
  #evaluation: EpisodeRecord[] = [];
  /** Never dropped: there are few, and they are what people came to see. */
  #selfCorrections: EpisodeRecord[] = [];

  add(purpose: EpisodeRecord["purpose"], episodes: readonly EpisodeRecord[]): void {
    this.#selfCorrections.push(...episodes.filter(({ selfCorrection }) => selfCorrection));
    if (purpose === "evaluation") this.#evaluation = [...episodes];
    else this.#training = [...this.#training, ...episodes].slice(-trainingEpisodesKept);
  }

  /** Newest step first; within a step in the order of groups and samples. */
  find({ step, purpose, selfCorrections, limit = Infinity }: EpisodeFilter): EpisodeRecord[] {
    const all = selfCorrections ? this.#selfCorrections : [...this.#training, ...this.#evaluation];
    return all
      .filter((episode) => step === undefined || episode.step === step)
      .filter((episode) => purpose === undefined || episode.purpose === purpose)
      .sort((a, b) => b.step - a.step)
      .slice(0, limit);
  }

  /** The kept episode of that name. */
  get(id: string): EpisodeRecord | undefined {
    const kept = [this.#training, this.#evaluation, this.#selfCorrections];
    return kept.flatMap((list) => list.filter((episode) => episode.id === id)).at(-1);
  }

  clear(): void {
    this.#training = [];
    this.#evaluation = [];
    this.#selfCorrections = [];
  }
}
