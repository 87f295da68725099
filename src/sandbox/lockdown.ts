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

/**
 * Leaves the realm with the language and nothing else. There is no way back.
 * @param shared what else stays between snippets, such as Pyodide's classes: frozen with all that can be reached from it
 */
export function lockRealm(shared: readonly unknown[] = []): void {
  removeCodeGeneration();
  for (const scope of prototypeChain(globalThis)) {
    for (const name of Object.getOwnPropertyNames(scope)) if (!kept.has(name)) removeProperty(scope, name);
  }
  for (const name of ["compile", "instantiate", "compileStreaming", "instantiateStreaming", "Module", "Instance"]) {
    removeProperty(WebAssembly, name);
  }
  keepOnlyTheTime();
  // One snippet's choice would word the next one's errors.
  Error.stackTraceLimit = 10;
  freezeReachable(shared);
}

/** What would come back to Python in a later turn, when the next snippet runs: clocks and waits with promises. */
function keepOnlyTheTime(): void {
  removeProperty(Atomics, "waitAsync");
  const now = performance.now.bind(performance);
  for (const scope of prototypeChain(globalThis)) Reflect.deleteProperty(scope, "performance");
  Reflect.defineProperty(globalThis, "performance", { value: { now } });
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

/**
 * So that a snippet that got hold of an object cannot change how anything behaves for the next one. Some of what the
 * language itself runs on has no name: the prototype that all typed arrays share, those of iterators and generators.
 * Hence everything that can be reached is frozen, from the names that are left and from one object of each kind.
 */
function freezeReachable(more: readonly unknown[]): void {
  const names = Object.getOwnPropertyNames(globalThis).map((name): unknown => Reflect.get(globalThis, name));
  const waiting: unknown[] = [...names, ...nameless(), ...more];
  const seen = new Set<unknown>([globalThis]);
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (!isObject(value) || seen.has(value)) continue;
    seen.add(value);
    waiting.push(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const property = Reflect.getOwnPropertyDescriptor(value, key);
      waiting.push(property?.value, property?.get, property?.set);
    }
    // Bytes cannot be frozen, and none are reached that belong to the language.
    if (!ArrayBuffer.isView(value)) Object.freeze(value);
  }
  for (const scope of prototypeChain(globalThis)) fixProperties(scope);
}

/** One object of every kind whose prototype no global name leads to. */
function nameless(): unknown[] {
  const generator = function* () {};
  const asyncGenerator = async function* () {};
  const functions = [() => undefined, async () => undefined, generator, asyncGenerator];
  const lists = [[][Symbol.iterator](), new Map().entries(), new Set().values()];
  const texts = [""[Symbol.iterator](), "".matchAll(/x/g), new Intl.Segmenter().segment("")];
  const segments = new Intl.Segmenter().segment("")[Symbol.iterator]();
  return [...functions, generator(), asyncGenerator(), ...lists, ...iteratorHelpers(), ...texts, segments];
}

/** What `Iterator.from` and an iterator's `take` return; newer than the types that we compile with. */
function iteratorHelpers(): unknown[] {
  const iterator: unknown = Reflect.get(globalThis, "Iterator");
  const from: unknown = isObject(iterator) ? Reflect.get(iterator, "from") : undefined;
  const take: unknown = Reflect.get([].values(), "take");
  if (typeof from !== "function" || typeof take !== "function") return [];
  const foreign = { next: () => ({ done: true, value: 0 }) };
  return [Reflect.apply(from, iterator, [foreign]), Reflect.apply(take, [].values(), [1])];
}

/** The global object itself: nothing may come to it, and what it has stays. */
function fixProperties(scope: object): void {
  for (const key of Reflect.ownKeys(scope)) {
    const property = Reflect.getOwnPropertyDescriptor(scope, key);
    if (!property?.configurable) continue;
    const fixed = "value" in property ? { configurable: false, writable: false } : { configurable: false };
    Reflect.defineProperty(scope, key, fixed);
  }
  Reflect.preventExtensions(scope);
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
