/** A Python worker: takes its assets and a private port once, then answers one snippet at a time. */
import { Interpreter } from "./interpreter";
import type { BootRequest, SnippetRequest, WorkerReply } from "./snippet";

addEventListener("message", ({ data }: MessageEvent<BootRequest>) => void serve(data), { once: true });

async function serve({ assets, port, comparedIn }: BootRequest): Promise<void> {
  // Bound now: the realm has no way to send messages once it is locked, and this one is out of a snippet's reach.
  const send: (reply: WorkerReply) => void = port.postMessage.bind(port);
  const { port1: own, port2: later } = new MessageChannel();
  const putBackLater: () => void = later.postMessage.bind(later, null);
  try {
    let done = 0;
    const interpreter = await Interpreter.start(assets, comparedIn, () => send({ type: "booting", done: ++done }));
    port.onmessage = ({ data }: MessageEvent<SnippetRequest>) => answer(interpreter, data, send, putBackLater);
    own.onmessage = () => putBack(interpreter, send);
    send({ type: "ready" });
  } catch (thrown) {
    send({ type: "broken", message: String(thrown) });
  }
}

function answer(
  interpreter: Interpreter,
  request: SnippetRequest,
  send: (reply: WorkerReply) => void,
  putBackLater: () => void,
): void {
  try {
    send({ type: "result", result: interpreter.run(request.code, request.limits) });
    putBackLater();
  } catch (thrown) {
    send({ type: "broken", message: String(thrown) });
  }
}

/** After the answer, so that nobody waits for it; and in a turn of its own, so that no promise of the snippet's is left. */
function putBack(interpreter: Interpreter, send: (reply: WorkerReply) => void): void {
  try {
    interpreter.restore();
    send({ type: "restored" });
  } catch (thrown) {
    send({ type: "broken", message: String(thrown) });
  }
}
