/** The GPU's adapter: what it is, and a device with what the lab wants of it. */
import { type AdapterTraits, Gpu } from "./plan/gpu";

/** An adapter, or why there is none. */
export async function findAdapter(): Promise<GPUAdapter | string> {
  if (typeof navigator === "undefined" || !("gpu" in navigator)) return "This browser has no WebGPU";
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  return adapter ?? "This browser has WebGPU but found no adapter for it";
}

export function describeAdapter({ info }: GPUAdapter): string {
  return [info.vendor, info.architecture, info.description].filter((part) => part).join(" ") || "unnamed adapter";
}

/** Whether the adapter computes on the processor. */
export function isSoftware(
  info: Pick<GPUAdapterInfo, "vendor" | "architecture" | "device" | "description" | "isFallbackAdapter">,
): boolean {
  const words = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`.toLowerCase();
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|softpipe|basic render/.test(words);
}

function traitsOf({ info, features }: GPUAdapter): AdapterTraits {
  const { subgroupMinSize, subgroupMaxSize } = info;
  const fixed = features.has("subgroups") && subgroupMinSize === subgroupMaxSize;
  return { software: isSoftware(info), subgroupSize: fixed ? subgroupMinSize : 0 };
}

/** Features that kernels use where they are there. */
const wanted: readonly GPUFeatureName[] = ["subgroups"];

/** A device with the adapter's own limits, which are never below what WebGPU promises; large models need larger buffers. */
export async function openGpu(adapter: GPUAdapter): Promise<Gpu> {
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: {
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  return new Gpu(device, traitsOf(adapter));
}
