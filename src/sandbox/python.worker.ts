/** A Python worker: takes its assets and a private port once, then answers one snippet at a time. */
import { Interpreter } from "./interpreter";
import type { BootRequest, SnippetRequest, WorkerReply } from "./snippet";

addEventListener("message", ({ data }: MessageEvent<BootRequest>) => void serve(data), { once: true });

async function serve({ assets, port }: BootRequest): Promise<void> {
  // Bound now: the realm has no way to send messages once it is locked, and this one is out of a snippet's reach.
  const send: (reply: WorkerReply) => void = port.postMessage.bind(port);
  const { port1: own, port2: later } = new MessageChannel();
  const putBackLater: () => void = later.postMessage.bind(later, null);
  try {
    let done = 0;
    const interpreter = await Interpreter.start(assets, () => send({ type: "booting", done: ++done }));
    let isUsed = false;
    // After the answer, so that nobody waits for it; and in a turn of its own, so that no promise of the snippet's is
    // left. The next snippet may be here before that turn comes: then its turn is the one.
    const putBack = (): void => {
      if (!isUsed) return;
      interpreter.restore();
      isUsed = false;
      send({ type: "restored" });
    };
    const answer = ({ code, limits }: SnippetRequest): void => {
      putBack();
      isUsed = true;
      send({ type: "result", result: interpreter.run(code, limits) });
      putBackLater();
    };
    const orBreak = (action: () => void): void => {
      try {
        action();
      } catch (thrown) {
        send({ type: "broken", message: String(thrown) });
      }
    };
    port.onmessage = ({ data }: MessageEvent<SnippetRequest>) => orBreak(() => answer(data));
    own.onmessage = () => orBreak(putBack);
    send({ type: "ready" });
  } catch (thrown) {
    send({ type: "broken", message: String(thrown) });
  }
}
