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

function attempt(action: () => unknown): string {
  try {
    return `succeeded: ${String(action())}`;
  } catch {
    return "failed";
  }
}
