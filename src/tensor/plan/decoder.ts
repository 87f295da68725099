/**
 * Continuous batching on the GPU. Rows live there; a submission takes all of them several tokens on, and one readback
 * tells what they did. On a GPU the next submission is under way before the last one has been read, so that it never
 * waits for JavaScript: whatever rows stop in between repeats its step without effect until it is told to go on.
 */
import { type Fault, FaultError } from "../../core/result";
import {
  type Beginning,
  type Decoder,
  type DecoderModel,
  type DecoderSettings,
  nothingWritten,
  type Written,
} from "../decoder";
import { packPrompts, RowBook, type Seat } from "../decoder-rows";
import type { CacheStorage } from "../engine";
import { recordPromptCache, recordRowCache, type CacheRegions, slabBytes } from "../ops/decode-attention";
import { recordLength, recordSample, recordSeat, type RowRegions, sheetHead } from "../ops/sample";
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
  cacheStorage: CacheStorage;
  /** Takes a decoder back that nobody uses any more; it may be opened again. */
  rest: (decoder: PlanDecoder) => void;
}

/** Tokens of a submission at most; longer ones gain little and make rows that stopped wait. */
const mostSteps = 32;
const firstSteps = 4;

/** How work is handed over. */
interface Pace {
  /** Submissions under way at once. */
  depth: number;
  /** What one should take. */
  milliseconds: number;
}

const paces: Record<"software" | "hardware", Pace> = {
  /** Well under the hundred milliseconds after which a page begins to stutter. */
  software: { depth: 1, milliseconds: 40 },
  /** Just longer than reading the last one takes, because rows that stop wait for those under way. */
  hardware: { depth: 2, milliseconds: 6 },
};

const impossible: Fault = {
  at: "backend",
  code: "invalid",
  message: "The GPU says that a row wrote more tokens than it was asked for, so its results cannot be trusted.",
  hint: "Choose the backend wasm, and report the adapter.",
};

/** What every way of sampling needs. */
interface Plans {
  read: Plan;
  seat: Plan;
}

/** A submission that is under way. */
interface Flight {
  staging: GPUBuffer;
  steps: number;
  /** The seats that were writing, with the number of the episode that sat there. */
  seats: ReadonlyMap<Seat, number>;
  submitted: number;
}

export class PlanDecoder implements Decoder {
  readonly rows: number;
  readonly capacity: number;
  readonly #place: DecoderPlace;
  readonly #model: DecoderModel;
  #settings: DecoderSettings;
  #book: RowBook;
  readonly #buffers: GPUBuffer[] = [];
  readonly #regions: RowRegions;
  readonly #caches: readonly CacheRegions[];
  readonly #shelf = new PlanShelf();
  readonly #plans: Promise<Plans>;
  /** By whether the policy itself is sampled. */
  readonly #stepPlans = new Map<boolean, Promise<Plan>>();
  readonly #flights: Flight[] = [];
  /** Episodes that have begun in each row. */
  readonly #episodes: number[];
  readonly #sizes: Sizes;
  readonly #pace: Pace;
  readonly #now: () => number;
  #steps = firstSteps;
  #lastDone = 0;
  #destroyed = false;

  constructor(place: DecoderPlace, model: DecoderModel, settings: DecoderSettings, now: () => number) {
    const { rows, capacity } = settings;
    this.rows = rows;
    this.capacity = capacity;
    this.#place = place;
    this.#model = model;
    this.#settings = settings;
    this.#pace = paces[place.gpu.traits.software ? "software" : "hardware"];
    this.#now = now;
    this.#book = new RowBook(settings, model.vocabulary);
    this.#episodes = Array.from({ length: rows }, () => 0);
    this.#sizes = { tokens: rows, places: rows, copies: rows };
    this.#regions = this.#makeRegions(settings);
    this.#caches = Array.from({ length: model.layers }, () => this.#makeCache(model));
    this.#plans = this.#compile();
    this.#plans.catch(() => undefined); // Whoever waits for the plans hears of it.
    this.open(settings);
  }

  /** Whether it can be opened with these settings: only the sampling may differ from those that it was made with. */
  fits({ rows, capacity, stops }: DecoderSettings): boolean {
    const own = this.#settings;
    return rows === own.rows && capacity === own.capacity && stops.join() === own.stops.join();
  }

  /** Begins anew with no episode in any row. */
  open(settings: DecoderSettings): void {
    this.#settings = settings;
    this.#book = new RowBook(settings, this.#model.vocabulary);
    const { rows, capacity, sampling } = settings;
    this.#write(this.#regions.settings, 0, Float32Array.of(sampling.temperature, sampling.topP));
    // Nobody writes before it has begun.
    const sheets = new Uint32Array(rows * (capacity + sheetHead.size));
    for (let row = 0; row < rows; row++) {
      sheets[this.#sheetAt(row) + sheetHead.stopped] = 1;
      this.#episodes[row]++;
    }
    this.#write(this.#regions.sheets, 0, sheets);
    this.#stepPlan().catch(() => undefined); // It compiles while prompts are read.
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
      read.replay(encoder, sizes);
      this.#place.gpu.submit(encoder);
    }
    for (const { row } of episodes) {
      this.#episodes[row]++;
      this.#writeSheet(row, 0);
    }
  }

  resume(row: number, tokens: readonly number[]): void {
    const known = this.#book.resume(row, tokens);
    this.#writeSheet(row, known);
  }

  release(row: number): void {
    this.#book.release(row);
    this.#episodes[row]++;
    this.#write(this.#regions.sheets, this.#sheetAt(row) + sheetHead.stopped, Uint32Array.of(1));
  }

  async advance(): Promise<Written[]> {
    const [{ seat }, step] = await Promise.all([this.#plans, this.#stepPlan()]);
    while (this.#flights.length < this.#pace.depth) {
      const steps = Math.min(this.#steps, this.#stepsLeft());
      if (steps < 1) break;
      this.#submit(seat, step, steps);
    }
    const flight = this.#flights.shift();
    if (!flight) return [];
    const records = new Uint32Array(await this.#place.readback.read(flight.staging, this.#recordBytes));
    this.#tune(flight);
    return [...flight.seats].flatMap(([seat, episode]) =>
      episode === this.#episodes[seat.row] ? this.#written(seat, records) : [],
    );
  }

  dispose(): void {
    for (const flight of this.#flights.splice(0)) this.#place.readback.abandon(flight.staging);
    this.#place.rest(this);
  }

  /** Gives everything back, for good. */
  destroy(): void {
    this.#destroyed = true;
    this.#shelf.dispose();
    for (const buffer of this.#buffers) this.#place.gpu.destroy(buffer);
  }

  /** Steps until every row that writes is full, beyond those that are under way. */
  #stepsLeft(): number {
    const left = this.#book.writing().map((seat) => {
      const episode = this.#episodes[seat.row];
      const own = this.#flights.filter(({ seats }) => seats.get(seat) === episode);
      return this.capacity - 1 - seat.fed - own.reduce((sum, { steps }) => sum + steps, 0);
    });
    return Math.max(0, ...left);
  }

  #submit(seat: Plan, step: Plan, steps: number): void {
    const { gpu, readback } = this.#place;
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    seat.encode(pass, this.#sizes);
    for (let i = 0; i < steps; i++) step.encode(pass, this.#sizes);
    pass.end();
    const bytes = this.#recordBytes;
    const staging = readback.staging(bytes);
    encoder.copyBufferToBuffer(this.#regions.records.buffer, 0, staging, 0, bytes);
    gpu.submit(encoder);
    const seats = new Map(this.#book.writing().map((seat) => [seat, this.#episodes[seat.row]]));
    this.#flights.push({ staging, steps, seats, submitted: this.#now() });
  }

  /** What one row's records say. */
  #written(seat: Seat, records: Uint32Array): Written {
    const written = nothingWritten(seat.row);
    const numbers = new Float32Array(records.buffer);
    const start = seat.row * (1 + recordLength * mostSteps);
    const count = records[start];
    if (count > mostSteps) throw new FaultError(impossible);
    for (let i = 0; i < count; i++) {
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
    const fitting = Math.floor(this.#pace.milliseconds / Math.max(milliseconds, 0.01));
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

  #sheetAt(row: number): number {
    return row * (this.capacity + sheetHead.size);
  }

  /** Tells the GPU where a row stands: its head, and its tokens from `start` on. */
  #writeSheet(row: number, start: number): void {
    const { known, fed, key } = this.#book.seat(row);
    const head = new Uint32Array(sheetHead.size);
    head[sheetHead.length] = known.length;
    head[sheetHead.key] = key;
    head[sheetHead.position] = fed;
    const at = this.#sheetAt(row);
    if (start === 0) {
      const sheet = new Uint32Array(sheetHead.size + known.length);
      sheet.set(head);
      sheet.set(known, sheetHead.size);
      this.#write(this.#regions.sheets, at, sheet);
      return;
    }
    if (start < known.length) {
      this.#write(this.#regions.sheets, at + sheetHead.size + start, Uint32Array.from(known.slice(start)));
    }
    this.#write(this.#regions.sheets, at, head);
  }

  #write({ buffer, offset }: Region, at: number, values: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): void {
    // A snippet may end after its rollout was given up.
    if (!this.#destroyed) this.#place.gpu.device.queue.writeBuffer(buffer, offset + at * 4, values);
  }

  get #recordBytes(): number {
    return this.rows * (1 + recordLength * mostSteps) * 4;
  }

  #makeRegions({ rows, capacity, stops }: DecoderSettings): RowRegions {
    const tensor = (label: string): PlanTensor => ({
      rows: "tokens",
      columns: 1,
      stride: 1,
      storage: this.#makeBuffer(label, rows),
    });
    const regions: RowRegions = {
      sheets: this.#makeBuffer("sheets", rows * (capacity + sheetHead.size)),
      tokens: tensor("next tokens"),
      positions: tensor("positions"),
      records: this.#makeBuffer("records", rows * (1 + recordLength * mostSteps)),
      settings: this.#makeBuffer("sampling", 2),
      stops: this.#makeBuffer("stops", Math.max(1, stops.length)),
      capacity,
      steps: mostSteps,
      stopCount: stops.length,
    };
    if (stops.length > 0) this.#write(regions.stops, 0, Uint32Array.from(stops));
    return regions;
  }

  #makeCache({ shape }: DecoderModel): CacheRegions {
    const { cacheStorage: storage } = this.#place;
    const words = slabBytes(this.rows, this.capacity, shape, storage) / 4;
    return {
      keys: this.#makeBuffer("keys", words),
      values: this.#makeBuffer("values", words),
      capacity: this.capacity,
      storage,
    };
  }

  #makeBuffer(label: string, numbers: number): Region {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const bytes = Math.max(16, numbers * 4);
    const buffer = this.#place.gpu.makeBuffer(label, bytes, usage);
    this.#buffers.push(buffer);
    return { buffer, offset: 0, bytes };
  }

  async #compile(): Promise<Plans> {
    const { recorder, scope, compile } = this.#place;
    const tokens = Math.ceil(this.#promptBudget / 4) * 4;
    const copies = Math.ceil((this.rows * this.capacity) / 4) * 4;
    const reading = recorder({ mode: "evaluate", capacity: { tokens, places: 4, copies } });
    const prompts = this.#caches.map((cache) => recordPromptCache(reading, cache, this.#model.shape));
    this.#model.read(scope(reading), prompts);

    const seating = this.#rowRecorder();
    recordSeat(seating, this.#regions);
    const [read, seat] = await Promise.all([reading, seating].map((plan) => this.#shelf.add(compile(plan))));
    if (!this.#destroyed) seat.write({});
    return { read, seat };
  }

  #rowRecorder(): Recorder {
    return this.#place.recorder({ mode: "decode", capacity: this.#sizes, sizes: this.#sizes });
  }

  /** The plan that takes all rows one token on; sampling the policy itself is quicker than the general way. */
  #stepPlan(): Promise<Plan> {
    const { temperature, topP } = this.#settings.sampling;
    const plain = temperature === 1 && topP >= 1;
    let found = this.#stepPlans.get(plain);
    if (!found) this.#stepPlans.set(plain, (found = this.#compileStep(plain)));
    return found;
  }

  async #compileStep(plain: boolean): Promise<Plan> {
    const plan = this.#rowRecorder();
    const caches = this.#caches.map((cache) => recordRowCache(plan, cache, this.#model.shape));
    const { tokens, positions } = this.#regions;
    const logits = this.#model.step(this.#place.scope(plan), caches, tokens, positions);
    recordSample(plan, logits, this.#regions, plain);
    const step = await this.#shelf.add(this.#place.compile(plan));
    if (!this.#destroyed) step.write({});
    return step;
  }
}
