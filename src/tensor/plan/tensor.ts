/** What an op on a plan is given and gives back: a matrix that will stand somewhere when the plan runs. */
import { type SizeName, sizeNames } from "./kernel";

/** WebGPU promises that buffers may be bound at multiples of so many bytes. */
export const alignment = 256;

/** Part of a buffer that exists apart from the plan: parameters, inputs, caches. */
export interface Region {
  buffer: GPUBuffer;
  /** Both in bytes; the offset is a multiple of `alignment`. */
  offset: number;
  bytes: number;
}

/** Memory that a plan needs from one of its steps to another; compiling the plan finds its place. */
export interface VirtualBuffer {
  label: string;
  bytes: number;
  placed: Region | null;
}

export type Storage = Region | VirtualBuffer;

export function isVirtual(storage: Storage): storage is VirtualBuffer {
  return "placed" in storage;
}

/** A parameter's place in the flat buffers, in floats. */
export interface ParameterPlace {
  offset: number;
  length: number;
}

export interface PlanTensor {
  /** Number of rows: fixed, or a size that differs from run to run. */
  rows: SizeName | number;
  columns: number;
  /** Numbers from one row to the next; what lies between is padding. */
  stride: number;
  storage: Storage;
  parameter?: ParameterPlace;
  /** What the reader has to do to this tensor before it stands for itself. */
  pending?: Pending;
}

/** An op that its reader does on the way, instead of a step of its own. */
export type Pending =
  { kind: "rmsNorm"; gain: PlanTensor; epsilon: number } | { kind: "rope"; positions: PlanTensor; table: PlanTensor };

/** The index by which a kernel finds a size. Throws an Error for a tensor whose number of rows is fixed. */
export function sizeIndex({ rows }: Pick<PlanTensor, "rows">): number {
  if (typeof rows === "number") throw new Error("This op takes tensors whose rows differ from run to run.");
  return sizeNames.indexOf(rows);
}

/** The tensor as it stands. Throws an Error where something is still to be done to it. */
export function settled(x: PlanTensor): PlanTensor {
  if (x.pending) throw new Error(`This op cannot do ${x.pending.kind} on the way.`);
  if (x.stride !== x.columns) throw new Error("This op takes tensors without padding.");
  return x;
}
