/** What every decoder keeps of its rows, whatever runs the model: which tokens stand, which the cache holds. */
import type { Beginning, DecoderSettings } from "./decoder";

export interface Seat {
  readonly row: number;
  state: "idle" | "writing" | "stopped";
  /** Every token of the episode so far. */
  known: number[];
  /** Number of leading tokens that the cache holds. */
  fed: number;
  key: number;
}

export class RowBook {
  readonly #seats: Seat[];
  readonly #settings: DecoderSettings;
  readonly #stops: ReadonlySet<number>;
  readonly #vocabulary: number;

  constructor(settings: DecoderSettings, vocabulary: number) {
    this.#settings = settings;
    this.#stops = new Set(settings.stops);
    this.#vocabulary = vocabulary;
    this.#seats = Array.from({ length: settings.rows }, (_, row) => ({
      row,
      state: "idle",
      known: [],
      fed: 0,
      key: 0,
    }));
  }

  begin(episodes: readonly Beginning[]): void {
    const listed = new Set<number>();
    for (const { row, prompt } of episodes) {
      if (listed.has(row)) throw new RangeError(`row ${row} is listed twice`);
      listed.add(row);
      if (this.seat(row).state === "writing") throw new RangeError(`row ${row} is still writing`);
      if (prompt.length === 0) throw new RangeError("a prompt is empty");
      this.#checkRoom(prompt.length);
      this.#checkTokens(prompt);
    }
    for (const { row, prompt, key } of episodes) {
      Object.assign(this.seat(row), { state: "writing", known: [...prompt], fed: prompt.length - 1, key });
    }
  }

  /** Returns how many tokens the row knew before. */
  resume(row: number, tokens: readonly number[]): number {
    const seat = this.seat(row);
    if (seat.state !== "stopped") throw new RangeError(`row ${row} has not stopped, so it cannot be resumed`);
    this.#checkTokens(tokens);
    this.#checkRoom(seat.known.length + tokens.length);
    const known = seat.known.length;
    seat.known.push(...tokens);
    seat.state = "writing";
    return known;
  }

  release(row: number): void {
    Object.assign(this.seat(row), { state: "idle", known: [], fed: 0 });
  }

  writing(): Seat[] {
    return this.#seats.filter(({ state }) => state === "writing");
  }

  /** Appends a sampled token; the row stops after a stop token, or when it is full. */
  write(seat: Seat, token: number): void {
    seat.known.push(token);
    if (this.#stops.has(token) || seat.known.length >= this.#settings.capacity) seat.state = "stopped";
  }

  /** A row's seat. Throws a RangeError for a row that is not there. */
  seat(row: number): Seat {
    const seat = this.#seats[row];
    if (!seat) throw new RangeError(`row ${row} is not one of the decoder's ${this.#seats.length} rows`);
    return seat;
  }

  /** A row that reads must have room for one token more, or it could never write. */
  #checkRoom(length: number): void {
    const { capacity } = this.#settings;
    if (length >= capacity) throw new RangeError(`${length} tokens leave no room to write in a row of ${capacity}`);
  }

  #checkTokens(tokens: readonly number[]): void {
    const bad = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= this.#vocabulary);
    if (bad !== undefined) throw new RangeError(`token ${bad} is not in the vocabulary of ${this.#vocabulary}`);
  }
}

export interface PackedPrompts {
  ids: number[];
  first: number[];
  positions: number[];
  /** For each token that a row's cache is to hold: where it stands in `ids`, and row * capacity + position. */
  source: number[];
  slots: number[];
}

/**
 * Prompts to be read, equal ones once, without their last token: that one is fed by the row's first decoding step.
 */
export function packPrompts(episodes: readonly Beginning[], capacity: number): PackedPrompts {
  const packed: PackedPrompts = { ids: [], first: [], positions: [], source: [], slots: [] };
  const starts = new Map<string, number>();
  for (const { row, prompt } of episodes) {
    const read = prompt.slice(0, -1);
    const name = read.join();
    const known = starts.get(name);
    const start = known ?? packed.ids.length;
    if (known === undefined) {
      starts.set(name, start);
      read.forEach((id, t) => {
        packed.ids.push(id);
        packed.first.push(start);
        packed.positions.push(t);
      });
    }
    read.forEach((_, t) => {
      packed.source.push(start + t);
      packed.slots.push(row * capacity + t);
    });
  }
  return packed;
}
