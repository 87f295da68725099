/**
 * The wasm backend's memory, reached directly, and kernels of our own on it: tfjs-wasm is slow at batched and transposed
 * products and at broadcasting, and its plain products are slower than ours. Everything here leans on the pinned tfjs
 * version's internals and is kept in this one file.
 */
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import { type Kernels, makeKernels } from "./kernels";

/** Direct access to the memory of the active wasm backend. */
export interface Heap {
  kernels: Kernels;
  /** Where a product finds the room that it needs beside its matrices. */
  scratch: number;
  /** The whole memory. Any allocation may move it: take it again afterwards. Addresses stay. */
  memory: () => Float32Array;
  /** The same memory as whole numbers, for int32 tensors. */
  integers: () => Int32Array;
  /** Where a tensor's values begin, in bytes. */
  address: (tensor: tf.Tensor) => number;
  /** The same, as an index into `memory` and `integers`. */
  offset: (tensor: tf.Tensor) => number;
  /** A new float32 tensor with arbitrary content, tracked by the enclosing tidy like any other. */
  make: (shape: number[]) => tf.Tensor;
  /** The same, full of zeros. */
  makeZeros: (shape: number[]) => tf.Tensor;
}

/** What is used of the Emscripten module. tfjs's own type leans on one that it does not ship. */
interface WasmModule {
  HEAPU8: Uint8Array;
  _malloc: (bytes: number) => number;
  asm: { memory: WebAssembly.Memory };
}

function isWasmModule(module: object): module is WasmModule {
  if (!("HEAPU8" in module && "_malloc" in module && "asm" in module)) return false;
  const { asm } = module;
  return typeof asm === "object" && asm !== null && "memory" in asm && asm.memory instanceof WebAssembly.Memory;
}

function isWasm(backend: tf.KernelBackend): backend is BackendWasm {
  return tf.getBackend() === "wasm" && "typedArrayFromHeap" in backend;
}

function makeHeap(backend: BackendWasm): Heap {
  const wasm: object = backend.wasm;
  if (!isWasmModule(wasm)) throw new Error("This build of tfjs-backend-wasm does not show its memory.");
  const kernels = makeKernels(wasm.asm.memory);
  let floats: Float32Array = new Float32Array(0);
  let integers: Int32Array = new Int32Array(0);
  const memory = (): Float32Array => {
    const { buffer } = wasm.HEAPU8;
    if (floats.buffer !== buffer) floats = new Float32Array(buffer, 0, buffer.byteLength >> 2);
    return floats;
  };
  const address = (tensor: tf.Tensor): number => backend.getMemoryOffset(tensor.dataId) >>> 0;
  const offset = (tensor: tf.Tensor): number => address(tensor) >>> 2;
  const make = (shape: number[]): tf.Tensor =>
    tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, "float32"), backend);
  return {
    kernels,
    scratch: wasm._malloc(kernels.scratchBytes()) >>> 0,
    memory,
    integers: () => {
      const { buffer } = wasm.HEAPU8;
      if (integers.buffer !== buffer) integers = new Int32Array(buffer, 0, buffer.byteLength >> 2);
      return integers;
    },
    address,
    offset,
    make,
    makeZeros: (shape) => {
      const made = make(shape);
      memory().fill(0, offset(made), offset(made) + made.size);
      return made;
    },
  };
}

const heaps = new WeakMap<tf.KernelBackend, Heap>();

/** The memory of the active backend. Throws an Error where it is not wasm. */
export function heap(): Heap {
  const backend = tf.backend();
  if (!isWasm(backend)) throw new Error("The backend was changed while the wasm backend's memory was in use.");
  let found = heaps.get(backend);
  if (!found) heaps.set(backend, (found = makeHeap(backend)));
  return found;
}
