/**
 * Programs over the ops: what is computed, written once and run by either interpreter. The eager one calls `run` each
 * time; a plan calls it once, with handles of what is still to come, and replays what it recorded.
 */
import type { Loss, Ops } from "./ops";

/** How many numbers an input holds: fixed, or one of the sizes that differ from run to run. */
export type Size = number | "tokens" | "places";

export interface InputSpec {
  type: "float32" | "int32";
  size: Size;
  /** What stands where a run holds a few things more than it was given: zeros, or each one's own index. */
  padding?: "zero" | "index";
}

/** Values by name: all of a program's inputs, and perhaps others. */
export type Inputs = Record<string, Int32Array | Float32Array>;

interface ProgramOf<Output> {
  /** Tells programs apart; what was compiled for one is kept under its name. */
  name: string;
  inputs: Record<string, InputSpec>;
  run: Output;
}

export interface Scope<T> {
  ops: Ops<T>;
  /** Throws a RangeError for an unknown name. */
  parameter: (name: string) => T;
  /** Throws a RangeError for an input that the program did not declare. */
  input: (name: string) => T;
}

/** Computes handles that are read out. */
export type Evaluation = ProgramOf<<T>(scope: Scope<T>) => T[]>;

/** Computes losses that are added up and differentiated. */
export type Objective = ProgramOf<<T>(scope: Scope<T>) => Loss<T>[]>;
