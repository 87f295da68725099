/** The kernels of ./assembly, on a memory that is given. Addresses and strides count bytes, all else numbers. */
import compiled from "virtual:kernels";

/** What ./assembly/index exports, with the same names and meanings. */
export interface Kernels {
  scratchBytes: () => number;
  product: (
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    from: number,
    fromRow: number,
    c: number,
    cRow: number,
    scratch: number,
  ) => void;
  attention: (
    length: number,
    size: number,
    queries: number,
    q: number,
    k: number,
    v: number,
    line: number,
    p: number,
    y: number,
    yLine: number,
    scale: number,
    scratch: number,
  ) => void;
  attentionBackward: (
    length: number,
    size: number,
    queries: number,
    q: number,
    k: number,
    v: number,
    line: number,
    p: number,
    dy: number,
    dyLine: number,
    dq: number,
    dk: number,
    dv: number,
    scale: number,
    ds: number,
    scratch: number,
  ) => void;
  rmsNorm: (lines: number, width: number, x: number, gain: number, y: number, epsilon: number) => void;
  rmsNormBackward: (
    lines: number,
    width: number,
    x: number,
    gain: number,
    dy: number,
    dx: number,
    dgain: number,
    epsilon: number,
  ) => void;
  rope: (
    lines: number,
    heads: number,
    size: number,
    rest: number,
    x: number,
    angles: number,
    y: number,
    sign: number,
  ) => void;
  swiglu: (lines: number, width: number, x: number, y: number) => void;
  swigluBackward: (lines: number, width: number, x: number, dy: number, dx: number) => void;
  tokenLogprob: (
    lines: number,
    width: number,
    logits: number,
    targets: number,
    logprobs: number,
    entropies: number,
    normalisers: number,
  ) => void;
  tokenLogprobBackward: (
    lines: number,
    width: number,
    logits: number,
    targets: number,
    normalisers: number,
    dy: number,
    dlogits: number,
  ) => void;
  entropyBackward: (
    lines: number,
    width: number,
    logits: number,
    entropies: number,
    normalisers: number,
    dy: number,
    dlogits: number,
  ) => void;
  addRows: (count: number, width: number, dy: number, indices: number, dx: number) => void;
  squares: (count: number, x: number) => number;
  adamW: (
    count: number,
    weight: number,
    gradient: number,
    first: number,
    second: number,
    nextWeight: number,
    nextFirst: number,
    nextSecond: number,
    gradientScale: number,
    beta1: number,
    beta2: number,
    kept: number,
    rate: number,
    correction: number,
    epsilon: number,
  ) => void;
}

let compiledModule: WebAssembly.Module | undefined;

/** Throws a WebAssembly.CompileError where there is no SIMD. */
export function makeKernels(memory: WebAssembly.Memory): Kernels {
  compiledModule ??= new WebAssembly.Module(Uint8Array.from(atob(compiled), (character) => character.charCodeAt(0)));
  const { exports } = new WebAssembly.Instance(compiledModule, { env: { memory }, "token-logprob": { log: Math.log } });
  return exports as unknown as Kernels;
}
