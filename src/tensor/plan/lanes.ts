/**
 * Reductions along a row. On an adapter of the processor one thread takes a whole row; on a GPU several lanes share it
 * and add up through workgroup memory, or by subgroup operations where the subgroup is as wide as the lanes. How many
 * lanes there are follows from the adapter alone, so the order of additions does too.
 */
import { gridOf, type Kernel, type KernelSource, makeKernel } from "./kernel";
import type { Tuning } from "./tuning";

/** Threads of a workgroup where each has a row of its own. */
const rowsTogether = 64;

export interface LaneOptions extends Omit<KernelSource, "workgroup" | "subgroups"> {
  /** WGSL for the number of rows. */
  rows: string;
}

/**
 * A kernel whose body sees its `row` and, of the row's elements, takes those from `first` in steps of `LANES`. What it
 * gives to `sum(...)` or `most(...)` is combined over the lanes; after that, `leader` is true in one of them.
 */
export function perRow({ rows, helpers = "", body, ...source }: LaneOptions, tuning: Tuning): Kernel {
  const { lanes, subgroups } = tuning;
  if (lanes === 1) {
    return makeKernel({
      ...source,
      workgroup: [rowsTogether, 1, 1],
      helpers: `const LANES = 1u;
fn sum(value: f32, place: u32) -> f32 { return value; }
fn most(value: f32, place: u32) -> f32 { return value; }
${helpers}`,
      body: `  let row = id.x + id.y * groups.x * ${rowsTogether}u;
  if (row >= ${rows}) { return; }
  let first = 0u;
  let place = 0u;
  let leader = true;
${body}`,
    });
  }
  const combine = subgroups
    ? `fn sum(value: f32, place: u32) -> f32 { return subgroupAdd(value); }
fn most(value: f32, place: u32) -> f32 { return subgroupMax(value); }`
    : `var<workgroup> shared_values: array<f32, ${lanes}>;
${throughMemory("sum", lanes, (a, b) => `${a} + ${b}`)}
${throughMemory("most", lanes, (a, b) => `max(${a}, ${b})`)}`;
  return makeKernel({
    ...source,
    workgroup: [lanes, 1, 1],
    subgroups,
    helpers: `const LANES = ${lanes}u;\n${combine}\n${helpers}`,
    // All lanes of a group leave together, so the others' barriers hold.
    body: `  let row = group.x + group.y * groups.x;
  if (row >= ${rows}) { return; }
  let first = local.x;
  let place = local.x;
  let leader = local.x == 0u;
${body}`,
  });
}

/** A tree over workgroup memory; `lanes` is a power of two. */
function throughMemory(name: string, lanes: number, combine: (a: string, b: string) => string): string {
  const steps = [];
  for (let half = lanes / 2; half >= 1; half /= 2) {
    steps.push(`  if (place < ${half}u) { shared_values[place] = ${combine(
      "shared_values[place]",
      `shared_values[place + ${half}u]`,
    )}; }
  workgroupBarrier();`);
  }
  return `fn ${name}(value: f32, place: u32) -> f32 {
  shared_values[place] = value;
  workgroupBarrier();
${steps.join("\n")}
  let result = shared_values[0];
  workgroupBarrier();
  return result;
}`;
}

/** Workgroups of a kernel made by `perRow`. */
export function gridForRows(rows: number, { lanes }: Tuning): [number, number, number] {
  return gridOf(lanes === 1 ? Math.ceil(rows / rowsTogether) : rows);
}
