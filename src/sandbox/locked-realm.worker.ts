/** For the test of the lock alone: stands for an attacker who already runs JavaScript inside a locked worker. */
import { lockRealm } from "./lockdown";

/** Ways out of a worker, by the global name they start from. */
const doors = [
  ..."eval Function fetch XMLHttpRequest WebSocket WebSocketStream EventSource WebTransport importScripts".split(" "),
  ..."indexedDB caches localStorage cookieStore navigator location Worker SharedWorker BroadcastChannel".split(" "),
  ..."MessageChannel MessagePort postMessage close onmessage setTimeout setInterval queueMicrotask scheduler".split(
    " ",
  ),
  ..."Request Response URL Blob File FileReader FileReaderSync structuredClone reportError crypto Notification".split(
    " ",
  ),
  ..."webkitRequestFileSystem RTCPeerConnection addEventListener dispatchEvent requestAnimationFrame".split(" "),
];

export interface Attempts {
  /** Doors that were open before the lock, and those that still are. */
  openBefore: string[];
  open: string[];
  /** What became of making code from each kind of function's constructor. */
  generated: string[];
  /** What became of changing a shared prototype. */
  polluted: string[];
  /** What of the language, reached by any path, could still be changed. */
  thawed: string[];
}

addEventListener("message", ({ data: port }: MessageEvent<MessagePort>) => {
  const send: (attempts: Attempts) => void = port.postMessage.bind(port);
  const findOpen = () => doors.filter((name) => Reflect.get(globalThis, name) !== undefined);
  const openBefore = findOpen();
  lockRealm();
  const samples = [() => 1, async () => 1, function* () {}, async function* () {}, Array, JSON.parse];
  send({
    openBefore,
    open: findOpen(),
    generated: samples.map((sample) => attempt(() => makeCode(sample))),
    thawed: findThawed(),
    polluted: [Object, Array, Promise, Map, Error].map(({ prototype }) =>
      attempt(() => Object.defineProperty(prototype, "forged", { value: 1 })),
    ),
  });
});

function makeCode(sample: object): unknown {
  const constructor: unknown = Reflect.get(sample, "constructor");
  if (typeof constructor !== "function" || constructor === Object) throw new Error("no constructor");
  return Reflect.apply(constructor, undefined, ["return 7"]);
}

/** Walks from an object of each kind, by properties, accessors and prototypes, as a snippet could. */
function findThawed(): string[] {
  const generator = function* () {};
  const asyncGenerator = async function* () {};
  const thawed: string[] = [];
  const seen = new Set<unknown>([null, undefined, globalThis]);
  const visit = (value: unknown, path: string): void => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
    seen.add(value);
    if (!Object.isFrozen(value)) thawed.push(path);
    visit(Object.getPrototypeOf(value), `${path}.__proto__`);
    for (const key of Reflect.ownKeys(value)) {
      const property = Reflect.getOwnPropertyDescriptor(value, key);
      for (const part of [property?.value, property?.get, property?.set]) visit(part, `${path}.${String(key)}`);
    }
  };
  for (const name of Object.getOwnPropertyNames(globalThis)) visit(Reflect.get(globalThis, name), name);
  const running: unknown = generator.prototype;
  const later: unknown = asyncGenerator.prototype;
  const functions = { generator, asyncGenerator, arrow: () => 1, async: async () => 1 };
  const walkers = { list: [].values(), map: new Map().keys(), set: new Set().keys(), text: ""[Symbol.iterator]() };
  const match = "".matchAll(/x/g);
  const samples = { ...functions, ...walkers, running, later, match, bytes: new Uint8Array() };
  for (const [name, sample] of Object.entries(samples)) visit(Object.getPrototypeOf(sample), `${name}'s prototype`);
  return thawed;
}

function attempt(action: () => unknown): string {
  try {
    return `succeeded: ${String(action())}`;
  } catch {
    return "failed";
  }
}
