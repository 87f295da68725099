/** Ops and losses on a plan, with kernels of every family. */
import { expect } from "vitest";
import { findAdapter, openGpu } from "../adapter";
import { recordSlices } from "../ops/adamw";
import type { Gpu } from "../plan/gpu";
import { gridFor, perThing } from "../plan/kernel";
import { planOps } from "../plan/ops";
import { FlatParameters } from "../plan/parameters";
import { Plan } from "../plan/plan";
import { BufferPool } from "../plan/pool";
import { Readback } from "../plan/readback";
import { Recorder } from "../plan/recorder";
import { type PlanTensor, sizeIndex } from "../plan/tensor";
import type { Tile, Tuning } from "../plan/tuning";
import type { Scope } from "../program";
import { type LossCase, mixture, type OpCase, type Outcome, type RunLoss, type RunOp } from "./case";
import { missing } from "./eager";

let opened: Promise<Gpu> | undefined;

/** The tests' one device. */
export function testGpu(): Promise<Gpu> {
  opened ??= findAdapter().then((adapter) => {
    if (typeof adapter === "string") throw new Error(adapter);
    return openGpu(adapter);
  });
  return opened;
}

const everywhere = (tile: Tile): Tuning["tiles"] => ({ nt: tile, nn: tile, tn: tile });

/** Every kernel is in at least one of these; the software adapter of the tests has subgroups of four lanes. */
export const tunings: Record<string, Tuning> = {
  "lanes that share": {
    tiles: everywhere({ family: "registers", m: 8, n: 16, depth: 2, share: true, group: [4, 1] }),
    lanes: 1,
    subgroups: false,
    attention: { rows: 4, depth: 3, share: true },
    gradientSlices: 1,
  },
  registers: {
    tiles: everywhere({ family: "registers", m: 4, n: 8, depth: 3, share: false, group: [8, 8] }),
    lanes: 4,
    subgroups: true,
    attention: { rows: 1, depth: 1, share: false },
    gradientSlices: 3,
  },
  workgroups: {
    tiles: {
      nt: { family: "workgroup", m: 2 },
      nn: { family: "workgroup", m: 1 },
      tn: { family: "workgroup", m: 4 },
    },
    lanes: 32,
    subgroups: false,
    attention: { rows: 2, depth: 2, share: false },
    gradientSlices: 8,
  },
};

const copyKernel = perThing({
  name: "copy",
  reads: { given: "f32" },
  writes: { own: "f32" },
  constants: { rows: "u32", columns: "u32" },
  count: "size(constants.rows) * constants.columns",
  body: "  own[i] = given[i];",
});

/** An input of one row per `rows`, where steps may write. */
function brought(
  plan: Recorder,
  name: string,
  rows: PlanTensor["rows"],
  columns: number,
  stride = columns,
): PlanTensor {
  const given = plan.input(name, { type: "float32", size: rows, columns: stride, padding: "zero" });
  const own = plan.make(name, rows, columns, stride);
  plan.dispatch(copyKernel, { given, own }, { rows: sizeIndex(given), columns: stride }, (sizes) =>
    gridFor(plan.countOf(given, sizes) * stride),
  );
  return own;
}

/** The mixture as a matrix with padding between its rows. */
function padded(columns: number, stride: number, rows: number): Float32Array {
  const plain = mixture(rows * columns);
  if (stride === columns) return plain;
  const wide = new Float32Array(rows * stride);
  for (let row = 0; row < rows; row++) wide.set(plain.subarray(row * columns, (row + 1) * columns), row * stride);
  return wide;
}

interface Recorded {
  /** What is read. */
  value: PlanTensor;
  /** Extra inputs, and rows of the value. */
  given: Record<string, Float32Array>;
  rows: number;
}

async function runOnPlan(
  gpu: Gpu,
  tuning: Tuning,
  subject: Omit<OpCase | LossCase, "run">,
  record: (plan: Recorder, scope: Scope<PlanTensor>) => Recorded,
): Promise<Outcome> {
  const before = gpu.memory();
  const { parameters, activations, inputs, joined, size } = subject;
  const readback = new Readback(gpu);
  const flat = new FlatParameters(gpu, readback, { parameters, joined }, tuning.gradientSlices);
  const constants: GPUBuffer[] = [];
  const plan = new Recorder({
    capacity: { tokens: 320, places: 320, copies: 4 },
    tuning,
    parameters: flat.regions,
    mode: "train",
    constant: (name, values) => {
      const numbers = new Float32Array(values());
      const buffer = gpu.makeBuffer(name, numbers.byteLength, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
      gpu.device.queue.writeBuffer(buffer, 0, numbers);
      constants.push(buffer);
      const storage = { buffer, offset: 0, bytes: numbers.byteLength };
      return { rows: numbers.length, columns: 1, stride: 1, storage };
    },
  });
  const tensors = new Map(
    [...activations].map(([name, { shape }]) => [name, brought(plan, name, size, shape[1] ?? 1)]),
  );
  const { value, given, rows } = record(plan, {
    ops: planOps(plan),
    parameter: (name) => tensors.get(name) ?? (parameters.has(name) ? flat.tensor(name) : missing(name)),
    input: (name) => {
      const { values: _, ...spec } = inputs[name];
      return plan.input(name, { padding: "zero", ...spec });
    },
  });
  plan.backward();
  if (flat.partial) recordSlices(plan, flat.partial, tuning.gradientSlices, flat.state);
  const reached = [...tensors].filter(([, tensor]) => plan.hasGradient(tensor));
  const outputs = [value, ...reached.map(([, tensor]) => plan.gradient(tensor).dx)];
  const pool = new BufferPool(gpu);
  const compiled = await Plan.compile(gpu, plan, outputs, { pool, cleared: flat.partial });
  const lists = await replay(gpu, readback, compiled, {
    ...Object.fromEntries(Object.entries(inputs).map(([name, { values }]) => [name, values])),
    ...Object.fromEntries([...activations].map(([name, { values }]) => [name, values])),
    ...given,
  });
  const grads = new Map([...(await flat.gradients())].map(([name, { values }]) => [name, values]));
  for (const [name, { values }] of activations) grads.set(name, new Float32Array(values.length));
  reached.forEach(([name], i) => {
    grads.set(name, lists[i + 1].slice(0, activations.get(name)?.values.length));
  });
  for (const buffer of constants) gpu.destroy(buffer);
  flat.dispose();
  pool.dispose();
  compiled.dispose();
  readback.dispose();
  expect(gpu.memory()).toEqual(before);
  return { value: lists[0].slice(0, rows * value.columns), grads };
}

async function replay(
  gpu: Gpu,
  readback: Readback,
  plan: Plan,
  inputs: Record<string, Int32Array | Float32Array>,
): Promise<Float32Array[]> {
  const sizes = plan.write(inputs);
  const encoder = gpu.device.createCommandEncoder();
  plan.replay(encoder, sizes);
  const staging = readback.staging(plan.outputBytes);
  plan.copyOutputs(encoder, staging);
  gpu.submit(encoder);
  return plan.takeApart(await readback.read(staging, plan.outputBytes), sizes);
}

/** How many rows of that size a case has. */
function rowsOf({ activations, inputs, size }: Omit<OpCase, "run">, of: PlanTensor["rows"]): number {
  if (typeof of === "number") return of;
  const input = Object.values(inputs).find((candidate) => candidate.size === of);
  const [activation] = activations.values();
  return input?.values.length ?? (of === size ? activation.shape[0] : 0);
}

export function onPlan(tuning: Tuning): RunOp {
  return async (subject) =>
    runOnPlan(await testGpu(), tuning, subject, (plan, scope) => {
      const value = subject.run(scope);
      const rows = rowsOf(subject, value.rows);
      plan.passGradient(value, brought(plan, "mixture", value.rows, value.columns, value.stride));
      return { value, rows, given: { mixture: padded(value.columns, value.stride, rows) } };
    });
}

export function lossOnPlan(tuning: Tuning): RunLoss {
  return async (subject) =>
    runOnPlan(await testGpu(), tuning, subject, (_, scope) => {
      const { statistics } = subject.run(scope);
      return { value: statistics, rows: Number(statistics.rows), given: {} };
    });
}
