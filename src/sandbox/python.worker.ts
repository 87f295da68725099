/** A Python worker: takes its assets and a private port once, then answers one snippet at a time. */
import { Interpreter } from "./interpreter";
import type { BootRequest, ForgetRequest, SnippetRequest, WorkerReply } from "./snippet";

/**
 * What the worker does next, in this order. Putting back comes after the answer, so that nobody waits for it, and in a turn
 * of its own, so that no promise of the snippet's is left. A snippet begins in its own too: by then it is read whether
 * anybody still wants it.
 */
type Turn = "run" | "put back";

addEventListener("message", ({ data }: MessageEvent<BootRequest>) => void serve(data), { once: true });

async function serve({ assets, port }: BootRequest): Promise<void> {
  // Bound now: the realm has no way to send messages once it is locked, and this one is out of a snippet's reach.
  const send: (reply: WorkerReply) => void = port.postMessage.bind(port);
  const { port1: own, port2: later } = new MessageChannel();
  const inATurnOfItsOwn: (what: Turn) => void = later.postMessage.bind(later);
  try {
    let done = 0;
    const interpreter = await Interpreter.start(assets, () => send({ type: "booting", done: ++done }));
    let isWhole = true;
    const waiting: SnippetRequest[] = [];
    const putBack = (): void => {
      if (isWhole) return;
      interpreter.restore();
      isWhole = true;
      send({ type: "restored" });
    };
    const run = (): void => {
      const next = waiting.shift();
      if (!next) return;
      // Whatever the order of turns: no snippet begins in what another left.
      putBack();
      isWhole = false;
      send({ type: "result", result: interpreter.run(next.code, next.limits) });
      inATurnOfItsOwn("put back");
    };
    const forget = (number: number): void => {
      const at = waiting.findIndex((request) => request.number === number);
      if (at < 0) return;
      waiting.splice(at, 1);
      send({ type: "forgotten", number });
    };
    const take = (request: SnippetRequest | ForgetRequest): void => {
      if ("forget" in request) {
        forget(request.forget);
        return;
      }
      waiting.push(request);
      inATurnOfItsOwn("run");
    };
    const orBreak = (action: () => void): void => {
      try {
        action();
      } catch (thrown) {
        send({ type: "broken", message: String(thrown) });
      }
    };
    port.onmessage = ({ data }: MessageEvent<SnippetRequest | ForgetRequest>) => orBreak(() => take(data));
    own.onmessage = ({ data }: MessageEvent<Turn>) => orBreak(data === "run" ? run : putBack);
    send({ type: "ready" });
  } catch (thrown) {
    send({ type: "broken", message: String(thrown) });
  }
}
