/** Decoding op by op: one token for every writing row at each call, sampled on the processor. */
import * as tf from "@tensorflow/tfjs";
import { uniformFrom } from "../../core/rng";
import {
  type Beginning,
  type Decoder,
  type DecoderModel,
  type DecoderSettings,
  nothingWritten,
  type Written,
} from "../decoder";
import { packPrompts, RowBook } from "../decoder-rows";
import type { CacheSlabs } from "../ops/decode-attention";
import { drawToken, logprobOf } from "../ops/sample";
import type { Scope } from "../program";
import { readOut } from "./scope";

/** Makes the scope in which the model runs on given inputs. */
type ScopeOf = (input: (name: string) => tf.Tensor) => Scope<tf.Tensor>;

const integers = (values: readonly number[]): tf.Tensor => tf.tensor1d([...values], "int32");

export class EagerDecoder implements Decoder {
  readonly rows: number;
  readonly capacity: number;
  readonly #model: DecoderModel;
  readonly #settings: DecoderSettings;
  readonly #slabs: CacheSlabs[];
  readonly #scope: ScopeOf;
  readonly #book: RowBook;

  constructor(model: DecoderModel, settings: DecoderSettings, slabs: CacheSlabs[], scope: ScopeOf) {
    this.rows = settings.rows;
    this.capacity = settings.capacity;
    this.#model = model;
    this.#settings = settings;
    this.#slabs = slabs;
    this.#scope = scope;
    this.#book = new RowBook(settings, model.vocabulary);
  }

  async begin(episodes: readonly Beginning[]): Promise<void> {
    this.#book.begin(episodes);
    const prompts = packPrompts(episodes, this.capacity);
    if (prompts.ids.length === 0) return;
    const { ids, first, positions } = prompts;
    const inputs = { ids, first, positions };
    await readOut(() => {
      const tensors = new Map(Object.entries(inputs).map(([name, values]) => [name, integers(values)]));
      const [source, slots] = [integers(prompts.source), integers(prompts.slots)];
      const caches = this.#slabs.map((slab) => slab.prompts(source, slots));
      this.#model.read(
        this.#scope((name) => tensors.get(name) ?? unknownInput(name)),
        caches,
      );
      return [];
    });
  }

  resume(row: number, tokens: readonly number[]): void {
    this.#book.resume(row, tokens);
  }

  release(row: number): void {
    this.#book.release(row);
  }

  async advance(): Promise<Written[]> {
    const writing = this.#book.writing();
    if (writing.length === 0) return [];
    const [logits] = await readOut(() => {
      const list = integers(writing.map(({ row }) => row));
      const tokens = integers(writing.map(({ known, fed }) => known[fed]));
      const positions = integers(writing.map(({ fed }) => fed));
      const caches = this.#slabs.map((slab) => slab.rows(list));
      return [this.#model.step(this.#scope(unknownInput), caches, tokens, positions)];
    });
    const { vocabulary } = this.#model;
    return writing.map((seat, i) => {
      const written = nothingWritten(seat.row);
      seat.fed++;
      if (seat.fed < seat.known.length) {
        written.readLogprobs.push(logprobOf(logits, i * vocabulary, vocabulary, seat.known[seat.fed]));
        return written;
      }
      const uniform = uniformFrom(seat.key, seat.known.length);
      const draw = drawToken(logits, i * vocabulary, vocabulary, uniform, this.#settings.sampling);
      this.#book.write(seat, draw.token);
      written.tokens.push(draw.token);
      written.logprobs.push(draw.logprob);
      written.policyLogprobs.push(draw.policyLogprob);
      written.entropies.push(draw.entropy);
      return written;
    });
  }

  dispose(): void {
    for (const slab of this.#slabs) slab.dispose();
  }
}

function unknownInput(name: string): never {
  throw new RangeError(`The model has no input named ${name} here.`);
}
