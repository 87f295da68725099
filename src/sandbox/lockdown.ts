/**
 * Takes from a worker's realm everything that a snippet could use if it got hold of a JavaScript object: code
 * generation, network, storage, messaging, timers. Emptying the objects that Pyodide hands to Python is not enough,
 * since any function's `constructor` makes code; here there is no such constructor left.
 */

/** What a worker keeps: the language itself, and what Pyodide and CPython call while they run. */
const kept = new Set([
  ..."Object Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry Promise Proxy Reflect Symbol".split(" "),
  ..."String Number Boolean BigInt Math JSON Date RegExp Iterator Intl Infinity NaN undefined globalThis".split(" "),
  ..."Error TypeError RangeError EvalError ReferenceError SyntaxError URIError AggregateError SuppressedError".split(
    " ",
  ),
  ..."ArrayBuffer SharedArrayBuffer DataView Atomics Int8Array Uint8Array Uint8ClampedArray Int16Array".split(" "),
  ..."Uint16Array Int32Array Uint32Array Float16Array Float32Array Float64Array BigInt64Array BigUint64Array".split(
    " ",
  ),
  ..."parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI".split(" "),
  ..."WebAssembly TextDecoder TextEncoder performance console self".split(" "),
]);

/** Leaves the realm with the language and nothing else. There is no way back. */
export function lockRealm(): void {
  removeCodeGeneration();
  for (const scope of prototypeChain(globalThis)) {
    for (const name of Object.getOwnPropertyNames(scope)) if (!kept.has(name)) removeProperty(scope, name);
  }
  for (const name of ["compile", "instantiate", "compileStreaming", "instantiateStreaming", "Module", "Instance"]) {
    removeProperty(WebAssembly, name);
  }
  freezeIntrinsics();
}

/** `Function` and its three siblings are reachable from any function through its prototype's `constructor`. */
function removeCodeGeneration(): void {
  const samples = [() => undefined, async () => undefined, function* () {}, async function* () {}];
  for (const sample of samples)
    for (const owner of prototypeChain(sample).slice(1)) removeProperty(owner, "constructor");
}

/** The object and what it inherits from, without `Object.prototype`. */
function prototypeChain(object: object): object[] {
  const next: unknown = Object.getPrototypeOf(object);
  const ends = typeof next !== "object" && typeof next !== "function";
  return ends || next === null || next === Object.prototype ? [object] : [object, ...prototypeChain(next)];
}

function removeProperty(owner: object, name: string): void {
  if (Reflect.deleteProperty(owner, name)) return;
  // What cannot be deleted can often still be made undefined; what resists both is read-only and harmless.
  Reflect.defineProperty(owner, name, { value: undefined });
}

/** So that a snippet that got hold of an object cannot change how arrays or objects behave for the next one. */
function freezeIntrinsics(): void {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const value: unknown = Reflect.get(globalThis, name);
    if (value === globalThis || (typeof value !== "object" && typeof value !== "function") || value === null) continue;
    Object.freeze(value);
    const prototype: unknown = Reflect.get(value, "prototype");
    if (typeof prototype === "object" && prototype !== null) Object.freeze(prototype);
  }
}
