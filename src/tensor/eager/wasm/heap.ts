/**
 * The wasm backend's memory, reached directly. tfjs-wasm is quick at plain matrix products and softmax and slow at
 * batched products, transposes and broadcasting; its memory is an ArrayBuffer, so an op may read and write it with a
 * loop of its own. Everything here leans on the pinned tfjs version's internals and is kept in this one file.
 */
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";

/** Direct access to the memory of the active wasm backend. Offsets count floats from the start of the memory. */
export interface Heap {
  /** The whole memory. Any allocation (also inside `matmul`) may move it: take it again afterwards. */
  memory(): Float32Array;
  /** The same memory as whole numbers, for int32 tensors; offsets are the same. */
  integers(): Int32Array;
  /** Where a tensor's values begin. */
  offset(tensor: tf.Tensor): number;
  /** A new float32 tensor with arbitrary content, tracked by the enclosing tidy like any other. */
  make(shape: number[]): tf.Tensor;
  /** out[m, n] = a[m, k] b[k, n] on row-major blocks anywhere in memory. */
  matmul(a: number, b: number, out: number, m: number, k: number, n: number): void;
  /** out = the softmax of each of `lines` lines of `width` numbers; `out` may be `x`. */
  softmax(x: number, out: number, lines: number, width: number): void;
}

type BatchMatMul = (
  a: number,
  aShape: number,
  aRank: number,
  b: number,
  bShape: number,
  bRank: number,
  transposeA: number,
  transposeB: number,
  out: number,
) => void;

/** Names for blocks during one product, far above the ones that tfjs counts up to. */
const blockId = 2 ** 30;

/** What is used of the Emscripten module. tfjs's own type leans on one that it does not ship. */
interface WasmModule {
  HEAPU8: Uint8Array;
  _malloc: (bytes: number) => number;
  _BatchMatMul: BatchMatMul;
  _Softmax: (x: number, out: number, width: number, lines: number) => void;
  tfjs: BackendWasm["wasm"]["tfjs"];
}

function isWasmModule(module: object): module is WasmModule {
  return ["HEAPU8", "_malloc", "_BatchMatMul", "_Softmax", "tfjs"].every((name) => name in module);
}

function isWasm(backend: tf.KernelBackend): backend is BackendWasm {
  return tf.getBackend() === "wasm" && "typedArrayFromHeap" in backend;
}

function makeHeap(backend: BackendWasm): Heap {
  const wasm: object = backend.wasm;
  if (!isWasmModule(wasm))
    throw new Error("This build of tfjs-backend-wasm does not export its matrix product and softmax.");
  const multiply = wasm._BatchMatMul;
  const softmax = wasm._Softmax;
  const shapes = wasm._malloc(6 * 4) >>> 0;
  let floats: Float32Array = new Float32Array(0);
  let integers: Int32Array = new Int32Array(0);
  return {
    memory: () => {
      const { buffer } = wasm.HEAPU8;
      if (floats.buffer !== buffer) floats = new Float32Array(buffer, 0, buffer.byteLength >> 2);
      return floats;
    },
    integers: () => {
      const { buffer } = wasm.HEAPU8;
      if (integers.buffer !== buffer) integers = new Int32Array(buffer, 0, buffer.byteLength >> 2);
      return integers;
    },
    offset: (tensor) => backend.getMemoryOffset(tensor.dataId) >>> 2,
    make: (shape) => tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, "float32"), backend),
    matmul: (a, b, out, m, k, n) => {
      new Int32Array(wasm.HEAPU8.buffer, shapes, 6).set([1, m, k, 1, k, n]);
      wasm.tfjs.registerTensor(blockId, m * k, a * 4);
      wasm.tfjs.registerTensor(blockId + 1, k * n, b * 4);
      wasm.tfjs.registerTensor(blockId + 2, m * n, out * 4);
      multiply(blockId, shapes, 3, blockId + 1, shapes + 12, 3, 0, 0, blockId + 2);
      // Disposing of b also drops the operator that keeps a packed copy of its values.
      for (const id of [blockId, blockId + 1, blockId + 2]) wasm.tfjs.disposeData(id);
    },
    softmax: (x, out, lines, width) => {
      wasm.tfjs.registerTensor(blockId, lines * width, x * 4);
      wasm.tfjs.registerTensor(blockId + 1, lines * width, out * 4);
      softmax(blockId, blockId + 1, width, lines);
      for (const id of [blockId, blockId + 1]) wasm.tfjs.disposeData(id);
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
