/** An engine under measurement: it computes the workload's step and writes tokens, however it does that. */
import type { PolicyBatch } from "../policy/policy";
import type { Workload } from "./workload";

export const subjectNames = ["ours", "tfjs", "jax-js"] as const;
export type SubjectName = (typeof subjectNames)[number];
export const benchBackends = ["webgpu", "wasm"] as const;
export type BenchBackend = (typeof benchBackends)[number];

/** A row that was written from one token. */
export interface WrittenRow {
  tokens: number[];
  /** Natural logarithms of the probabilities of all but the first. */
  logprobs: number[];
}

export interface Subject {
  /** What computes, in words. */
  readonly adapter: string;
  /** One AdamW step on the policy loss; the loss before it. The same batch again needs no new preparation. */
  train(batch: PolicyBatch): Promise<number>;
  /** Back to the workload's own weights and a fresh optimizer. */
  reset(): Promise<void>;
  /** Writes `tokens` tokens in each of `rows` rows, from one token each; the first row. */
  decode(rows: number, tokens: number): Promise<WrittenRow>;
  /** Multiplies matrices as `productShape` says, and waits until it is done. */
  multiply(): Promise<void>;
  /** Bytes that it holds, where it can say. */
  bytes(): number | null;
  close(): void;
}

/** The oracle's backend is `cpu`. */
export type OpenSubject = (backend: BenchBackend | "cpu", workload: Workload) => Promise<Subject>;

/** x [rows, edge], times W [edge, edge] turned, added to x; `times` over, so that waiting is a small part. */
export const productShape = { rows: 1024, edge: 512, times: 4 };

/** Floating-point operations of one `multiply`. */
export const productFlops = 2 * productShape.rows * productShape.edge ** 2 * productShape.times;
