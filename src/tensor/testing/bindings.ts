/** Whether what a device is told of a kernel's bindings is what the kernel's own code says. */
import { expect } from "vitest";
import { ArrayInfo, ResourceType, WgslReflect } from "wgsl_reflect";

interface Declared {
  kind: GPUBufferBindingType;
  bytes: number;
  /** Bytes of an element of an array, or of the whole. */
  element: number;
}

/** What a kernel's own code says of its bindings, by their numbers. */
function declaredBy(code: string): Map<number, Declared> {
  const reflected = new WgslReflect(code);
  expect(reflected.entry.compute).toHaveLength(1);
  const bindings = reflected.getBindGroups()[0].filter((binding) => binding !== undefined);
  return new Map(
    bindings.map(({ binding, resourceType, access, type, size }) => {
      const stored = access === "read" ? "read-only-storage" : "storage";
      const kind = resourceType === ResourceType.Uniform ? "uniform" : stored;
      const element = type instanceof ArrayInfo && kind !== "uniform" ? type.stride : size;
      return [binding, { kind, bytes: size, element }];
    }),
  );
}

export interface Told {
  kernel: string;
  declared: Map<number, Declared>;
  layout: Map<number, GPUBufferBindingType | undefined>;
  groups: GPUBindGroupDescriptor[];
}

/** Notes what a device is told of every pipeline and its bind groups. */
export function listenTo(device: GPUDevice): Told[] {
  const told: Told[] = [];
  const codes = new Map<GPUShaderModule, string>();
  const layouts = new Map<GPUBindGroupLayout, Told["layout"]>();
  const layoutsOf = new Map<GPUPipelineLayout, Told["layout"]>();
  const byLayout = new Map<GPUBindGroupLayout, Told>();
  const original = {
    module: device.createShaderModule.bind(device),
    layout: device.createBindGroupLayout.bind(device),
    pipelineLayout: device.createPipelineLayout.bind(device),
    pipeline: device.createComputePipelineAsync.bind(device),
    group: device.createBindGroup.bind(device),
  };
  const noted = <K extends object, V>(made: K, map: Map<K, V>, value: V): K => {
    map.set(made, value);
    return made;
  };
  device.createShaderModule = (given) => noted(original.module(given), codes, given.code);
  device.createBindGroupLayout = (given) => {
    const entries = [...given.entries].map(({ binding, buffer }) => [binding, buffer?.type] as const);
    return noted(original.layout(given), layouts, new Map(entries));
  };
  device.createPipelineLayout = (given) => {
    const [first] = [...given.bindGroupLayouts];
    return noted(original.pipelineLayout(given), layoutsOf, (first && layouts.get(first)) ?? new Map());
  };
  device.createComputePipelineAsync = async (given) => {
    const pipeline = await original.pipeline(given);
    const layout = typeof given.layout === "string" ? undefined : layoutsOf.get(given.layout);
    const declared = declaredBy(codes.get(given.compute.module) ?? "");
    const one = { kernel: given.label ?? "", declared, layout: layout ?? new Map(), groups: [] };
    told.push(one);
    const layoutOf = pipeline.getBindGroupLayout.bind(pipeline);
    pipeline.getBindGroupLayout = (index) => noted(layoutOf(index), byLayout, one);
    return pipeline;
  };
  device.createBindGroup = (given) => {
    byLayout.get(given.layout)?.groups.push(given);
    return original.group(given);
  };
  return told;
}

/** Fails where a layout or a bind group differs from the code in kind, access or size, or nothing was bound. */
export function checkBindings({ kernel, declared, layout, groups }: Told): void {
  expect(groups.length, kernel).toBeGreaterThan(0);
  for (const [binding, { kind }] of declared) expect(layout.get(binding), `${kernel}, ${binding}`).toBe(kind);
  // A kernel without constants keeps their number free.
  for (const binding of layout.keys()) expect(binding < 1 || declared.has(binding), kernel).toBe(true);
  for (const { binding, resource } of groups.flatMap(({ entries }) => [...entries])) {
    const own = declared.get(binding);
    if (!own) continue;
    if (!("buffer" in resource)) throw new Error(`${kernel} binds something that is no buffer.`);
    const { size = 0, offset = 0, buffer } = resource;
    expect(offset + size, `${kernel}, ${binding}`).toBeLessThanOrEqual(buffer.size);
    const fits = own.kind === "uniform" ? size >= own.bytes : size % own.element === 0;
    expect(fits, `${kernel}, ${binding}: ${size} bytes for ${own.element}`).toBe(true);
  }
}
