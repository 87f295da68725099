/**
 * Continuous batching on the GPU. Rows live there; a submission takes all of them several tokens on, and one readback
 * tells what they did. On a GPU the next submission is under way before the last one has been read, so that it never
 * waits for JavaScript: whatever rows stop in between repeats its step without effect until it is told to go on.
 */
import type { Beginning, Decoder, DecoderModel, DecoderSettings, Written } from "../decoder";
import { packPrompts, RowBook, type Seat } from "../decoder-rows";
import { recordPromptCache, recordRowCache, type CacheRegions, slabLength } from "../ops/decode-attention";
import { recordLength, recordSample, recordSeat, type RowRegions, slabHead } from "../ops/sample";
import type { Scope } from "../program";
import type { Gpu } from "./gpu";
import type { Sizes } from "./kernel";
import { type Plan, PlanShelf } from "./plan";
import type { Readback } from "./readback";
import type { Recorder, RecorderOptions } from "./recorder";
import type { PlanTensor, Region } from "./tensor";

/** What the engine lends a decoder. */
export interface DecoderPlace {
  gpu: Gpu;
  readback: Readback;
  recorder: (options: Pick<RecorderOptions, "mode" | "capacity" | "sizes">) => Recorder;
  /** Knows the inputs of a prompt: ids, first, positions. */
  scope: (plan: Recorder) => Scope<PlanTensor>;
  compile: (plan: Recorder) => Promise<Plan>;
  tokenBudget: number;
}

/** Tokens of a submission at most; longer ones gain little and make rows that stopped wait. */
const mostSteps = 32;
const firstSteps = 4;

/** What a submission should take: well under the hundred milliseconds after which a page begins to stutter. */
const wantedMilliseconds = 40;

interface Plans {
  read: Plan;
  seat: Plan;
  step: Plan;
}

/** A submission that is under way. */
interface Flight {
  staging: GPUBuffer;
  steps: number;
  /** The seats that were writing, with the number of the episode that sat there. */
  seats: { seat: Seat; episode: number }[];
  submitted: number;
}

export class PlanDecoder implements Decoder {
  readonly rows: number;
  readonly capacity: number;
  readonly #place: DecoderPlace;
  readonly #book: RowBook;
  readonly #buffers: GPUBuffer[] = [];
  readonly #regions: RowRegions;
  readonly #shelf = new PlanShelf();
  readonly #plans: Promise<Plans>;
  readonly #flights: Flight[] = [];
  /** Episodes that have begun in each row. */
  readonly #episodes: number[];
  readonly #sizes: Sizes;
  readonly #now: () => number;
  #steps = firstSteps;
  #lastDone = 0;

  constructor(place: DecoderPlace, model: DecoderModel, settings: DecoderSettings, now: () => number) {
    const { rows, capacity } = settings;
    this.rows = rows;
    this.capacity = capacity;
    this.#place = place;
    this.#now = now;
    this.#book = new RowBook(settings, model.vocabulary);
    this.#episodes = Array.from({ length: rows }, () => 0);
    this.#sizes = { tokens: rows, places: rows, copies: rows };
    this.#regions = this.#makeRegions(settings);
    const caches = Array.from({ length: model.layers }, () => this.#makeCache(model));
    this.#plans = this.#compile(model, settings, caches);
    // Whoever waits for the plans hears of it.
    this.#plans.catch(() => undefined);
  }

  async begin(episodes: readonly Beginning[]): Promise<void> {
    this.#book.begin(episodes);
    const { read } = await this.#plans;
    // Rows go on only after their prompts are read, because both go through one queue.
    for (const part of this.#parts(episodes)) {
      const { ids, first, positions, source, slots } = packPrompts(part, this.capacity);
      if (ids.length === 0) continue;
      const lists = { ids, first, positions, source, slots };
      const inputs = Object.fromEntries(
        Object.entries(lists).map(([name, values]) => [name, Int32Array.from(values)] as const),
      );
      const sizes = read.write(inputs);
      const encoder = this.#place.gpu.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      read.encode(pass, sizes);
      pass.end();
      this.#place.gpu.submit(encoder);
    }
    for (const { row } of episodes) {
      this.#episodes[row]++;
      this.#writeSlab(row, 0);
    }
  }

  resume(row: number, tokens: readonly number[]): void {
    const known = this.#book.resume(row, tokens);
    this.#writeSlab(row, known);
  }

  release(row: number): void {
    this.#book.release(row);
    this.#episodes[row]++;
    this.#write(this.#regions.slabs, this.#slabAt(row) + slabHead.stopped, Uint32Array.of(1));
  }

  async advance(): Promise<Written[]> {
    const { seat, step } = await this.#plans;
    const depth = this.#place.gpu.traits.software ? 1 : 2;
    while (this.#flights.length < depth && this.#book.writing().length > 0) this.#submit(seat, step);
    const flight = this.#flights.shift();
    if (!flight) return [];
    const records = new Uint32Array(await this.#place.readback.read(flight.staging, this.#recordBytes));
    this.#tune(flight);
    return flight.seats.flatMap(({ seat, episode }) =>
      episode === this.#episodes[seat.row] ? this.#written(seat, records) : [],
    );
  }

  dispose(): void {
    this.#shelf.dispose();
    for (const flight of this.#flights.splice(0)) this.#place.readback.abandon(flight.staging);
    for (const buffer of this.#buffers) this.#place.gpu.destroy(buffer);
  }

  #submit(seat: Plan, step: Plan): void {
    const { gpu, readback } = this.#place;
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    seat.encode(pass, this.#sizes);
    for (let i = 0; i < this.#steps; i++) step.encode(pass, this.#sizes);
    pass.end();
    const bytes = this.#recordBytes;
    const staging = readback.staging(bytes);
    encoder.copyBufferToBuffer(this.#regions.records.buffer, 0, staging, 0, bytes);
    gpu.submit(encoder);
    const seats = this.#book.writing().map((seat) => ({ seat, episode: this.#episodes[seat.row] }));
    this.#flights.push({ staging, steps: this.#steps, seats, submitted: this.#now() });
  }

  /** What one row's records say. */
  #written(seat: Seat, records: Uint32Array): Written {
    const written: Written = {
      row: seat.row,
      tokens: [],
      logprobs: [],
      policyLogprobs: [],
      entropies: [],
      readLogprobs: [],
    };
    const numbers = new Float32Array(records.buffer);
    const start = seat.row * (1 + recordLength * mostSteps);
    for (let i = 0; i < records[start]; i++) {
      const at = start + 1 + recordLength * i;
      seat.fed++;
      if (seat.fed < seat.known.length) {
        written.readLogprobs.push(numbers[at + 2]);
        continue;
      }
      this.#book.write(seat, records[at]);
      written.tokens.push(records[at]);
      written.logprobs.push(numbers[at + 1]);
      written.policyLogprobs.push(numbers[at + 2]);
      written.entropies.push(numbers[at + 3]);
    }
    return written;
  }

  /** Chooses how many tokens the next submission takes, from how long this one took. */
  #tune({ steps, submitted }: Flight): void {
    const done = this.#now();
    const milliseconds = (done - Math.max(submitted, this.#lastDone)) / steps;
    this.#lastDone = done;
    const fitting = Math.floor(wantedMilliseconds / Math.max(milliseconds, 0.01));
    // At most twice as many at a time: the first submissions are no measure.
    this.#steps = Math.max(1, Math.min(mostSteps, fitting, 2 * this.#steps));
  }

  /** Prompts in parts that fit into one run. */
  *#parts(episodes: readonly Beginning[]): Generator<Beginning[]> {
    let part: Beginning[] = [];
    let tokens = 0;
    for (const episode of episodes) {
      if (part.length > 0 && tokens + episode.prompt.length > this.#promptBudget) {
        yield part;
        [part, tokens] = [[], 0];
      }
      part.push(episode);
      tokens += episode.prompt.length;
    }
    if (part.length > 0) yield part;
  }

  get #promptBudget(): number {
    return Math.max(Math.min(this.#place.tokenBudget, this.rows * this.capacity), this.capacity + 4);
  }

  #slabAt(row: number): number {
    return row * (this.capacity + slabHead.size);
  }

  /** Tells the GPU where a row stands: its head, and its tokens from `start` on. */
  #writeSlab(row: number, start: number): void {
    const { known, fed, key } = this.#book.seat(row);
    const head = new Uint32Array(slabHead.size);
    head[slabHead.length] = known.length;
    head[slabHead.key] = key;
    head[slabHead.position] = fed;
    const at = this.#slabAt(row);
    if (start === 0) {
      const slab = new Uint32Array(slabHead.size + known.length);
      slab.set(head);
      slab.set(known, slabHead.size);
      this.#write(this.#regions.slabs, at, slab);
      return;
    }
    if (start < known.length) {
      this.#write(this.#regions.slabs, at + slabHead.size + start, Uint32Array.from(known.slice(start)));
    }
    this.#write(this.#regions.slabs, at, head);
  }

  #write({ buffer, offset }: Region, at: number, values: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): void {
    this.#place.gpu.device.queue.writeBuffer(buffer, offset + at * 4, values);
  }

  get #recordBytes(): number {
    return this.rows * (1 + recordLength * mostSteps) * 4;
  }

  #makeRegions({ rows, capacity, sampling, stops }: DecoderSettings): RowRegions {
    const tensor = (label: string): PlanTensor => ({
      rows: "tokens",
      columns: 1,
      stride: 1,
      storage: this.#makeBuffer(label, rows),
    });
    const regions: RowRegions = {
      slabs: this.#makeBuffer("slabs", rows * (capacity + slabHead.size)),
      tokens: tensor("next tokens"),
      positions: tensor("positions"),
      records: this.#makeBuffer("records", rows * (1 + recordLength * mostSteps)),
      settings: this.#makeBuffer("sampling", 2),
      stops: this.#makeBuffer("stops", Math.max(1, stops.length)),
      capacity,
      steps: mostSteps,
      stopCount: stops.length,
    };
    this.#write(regions.settings, 0, Float32Array.of(sampling.temperature, sampling.topP));
    if (stops.length > 0) this.#write(regions.stops, 0, Uint32Array.from(stops));
    // Nobody writes before it has begun.
    const slabs = new Uint32Array(rows * (capacity + slabHead.size));
    for (let row = 0; row < rows; row++) slabs[this.#slabAt(row) + slabHead.stopped] = 1;
    this.#write(regions.slabs, 0, slabs);
    return regions;
  }

  #makeCache({ shape }: DecoderModel): CacheRegions {
    const length = slabLength(this.rows, this.capacity, shape);
    return {
      keys: this.#makeBuffer("keys", length),
      values: this.#makeBuffer("values", length),
      capacity: this.capacity,
    };
  }

  #makeBuffer(label: string, numbers: number): Region {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const bytes = Math.max(16, numbers * 4);
    const buffer = this.#place.gpu.makeBuffer(label, bytes, usage);
    this.#buffers.push(buffer);
    return { buffer, offset: 0, bytes };
  }

  async #compile(model: DecoderModel, { sampling }: DecoderSettings, caches: CacheRegions[]): Promise<Plans> {
    const { recorder, scope, compile } = this.#place;
    const tokens = Math.ceil(this.#promptBudget / 4) * 4;
    const copies = Math.ceil((this.rows * this.capacity) / 4) * 4;
    const reading = recorder({ mode: "evaluate", capacity: { tokens, places: 4, copies } });
    const prompts = caches.map((cache) => recordPromptCache(reading, cache, model.shape));
    model.read(scope(reading), prompts);

    const rowSizes = { mode: "decode", capacity: this.#sizes, sizes: this.#sizes } as const;
    const seating = recorder(rowSizes);
    recordSeat(seating, this.#regions);
    const stepping = recorder(rowSizes);
    const rowCaches = caches.map((cache) => recordRowCache(stepping, cache, model.shape));
    const { tokens: ids, positions } = this.#regions;
    const logits = model.step(scope(stepping), rowCaches, ids, positions);
    recordSample(stepping, logits, this.#regions, sampling.temperature === 1 && sampling.topP >= 1);
    const compiling = [reading, seating, stepping].map((plan) => this.#shelf.add(compile(plan)));
    const [read, seat, step] = await Promise.all(compiling);
    for (const plan of [seat, step]) plan.write({});
    return { read, seat, step };
  }
}
