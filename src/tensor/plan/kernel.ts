/**
 * A kernel: WGSL with its bindings spelled out, so that layouts are made from the same description as the code. No
 * kernel knows the sizes of what it works on: they come in two uniforms, so a kernel is compiled once for all shapes.
 *
 *   constants  what one dispatch of a plan is told when the plan is built (widths, strides, flags)
 *   sizes      what differs from run to run (numbers of tokens, of predictions); a constant says which one to take
 */

export type ElementType = "f32" | "vec4f" | "u32" | "vec2u" | "i32";

/** Bytes of an element in a storage array. */
export const elementBytes: Record<ElementType, number> = { f32: 4, vec4f: 16, u32: 4, vec2u: 8, i32: 4 };

export interface Binding {
  name: string;
  type: ElementType;
  access: "read" | "read_write";
}

export type ConstantType = "u32" | "f32";

export interface Kernel {
  name: string;
  /** Storage buffers, at bindings 2 and up. */
  bindings: readonly Binding[];
  constants: Readonly<Record<string, ConstantType>>;
  workgroup: readonly [number, number, number];
  code: string;
}

/** Sizes that differ from run to run, in the order in which the uniform holds them. */
export const sizeNames = ["tokens", "places", "copies"] as const;
export type SizeName = (typeof sizeNames)[number];
export type Sizes = Record<SizeName, number>;
/** Of the uniform that holds the sizes. */
export const sizesBytes = 16;

/** What a kernel is made from. The body sees `id`, `local`, `group`, `groups`, `lane` and the bindings by name. */
export interface KernelSource {
  name: string;
  reads?: Record<string, ElementType>;
  /** Written, and perhaps read as well. */
  writes: Record<string, ElementType>;
  constants: Record<string, ConstantType>;
  workgroup: readonly [number, number, number];
  /** Whether subgroup operations are used; `lane` is the invocation's place in its subgroup. */
  subgroups?: boolean;
  /** Functions, aliases and workgroup variables. */
  helpers?: string;
  body: string;
}

function structure(name: string, fields: Record<string, ConstantType>): string {
  return `struct ${name} {\n${Object.entries(fields)
    .map(([field, type]) => `  ${field}: ${type},`)
    .join("\n")}\n}`;
}

export function makeKernel({
  name,
  reads = {},
  writes,
  constants,
  workgroup,
  subgroups = false,
  helpers = "",
  body,
}: KernelSource): Kernel {
  const bindings: Binding[] = [
    ...Object.entries(reads).map(([name, type]) => ({ name, type, access: "read" as const })),
    ...Object.entries(writes).map(([name, type]) => ({ name, type, access: "read_write" as const })),
  ];
  const storage = bindings.map(
    ({ name, type, access }, i) => `@group(0) @binding(${i + 2}) var<storage, ${access}> ${name}: array<${type}>;`,
  );
  // A kernel without constants keeps the binding's number free.
  const own =
    Object.keys(constants).length > 0
      ? `${structure("Constants", constants)}
@group(0) @binding(0) var<uniform> constants: Constants;`
      : "";
  const code = `${subgroups ? "enable subgroups;\n" : ""}// ${name}
${own}
@group(0) @binding(1) var<uniform> sizes: array<vec4u, 1>;
${storage.join("\n")}

fn size(which: u32) -> u32 { return sizes[0][which]; }
${helpers}
@compute @workgroup_size(${workgroup.join(", ")})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,${subgroups ? "\n  @builtin(subgroup_invocation_id) lane: u32," : ""}
) {
${body}
}
`;
  return { name, bindings, constants, workgroup, code };
}

/** Lines for i in 0..n - 1. */
export function repeat(n: number, line: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => line(i)).join("\n");
}

/** Threads of a one-dimensional kernel. */
const threads = 64;

/** A kernel with one thread for each of `count` (a WGSL expression) things; the body sees its index as `i`. */
export function perThing(source: Omit<KernelSource, "workgroup"> & { count: string }): Kernel {
  return makeKernel({
    ...source,
    workgroup: [threads, 1, 1],
    body: `  let i = id.x + id.y * groups.x * ${threads}u;\n  if (i >= ${source.count}) { return; }\n${source.body}`,
  });
}

/** WebGPU promises this many workgroups in a dimension. */
const groupsInRow = 65535;

/** Workgroups of a kernel made by `perThing`. */
export function gridFor(count: number): [number, number, number] {
  return gridOf(Math.ceil(count / threads));
}

/** That many workgroups, in as many rows as it takes; a few may be left over. */
export function gridOf(groups: number): [number, number, number] {
  const rows = Math.max(1, Math.ceil(groups / groupsInRow));
  return [Math.max(1, Math.ceil(groups / rows)), rows, 1];
}

/**
 * Names for working on whole vectors of four where `divisible`, and on single numbers where not: the element's type,
 * how many numbers it holds, and helpers `total` (its sum) and `splat`.
 */
export function elements(divisible: boolean): { type: "vec4f" | "f32"; width: number; helpers: string } {
  return divisible
    ? {
        type: "vec4f",
        width: 4,
        helpers: "alias Element = vec4f;\nfn total(e: vec4f) -> f32 { return e.x + e.y + e.z + e.w; }\n",
      }
    : { type: "f32", width: 1, helpers: "alias Element = f32;\nfn total(e: f32) -> f32 { return e; }\n" };
}
