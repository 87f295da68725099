/** A Python worker: takes its assets and a private port once, then answers one snippet at a time. */
import { Interpreter } from "./interpreter";
import type { BootRequest, SnippetRequest, WorkerReply } from "./snippet";

addEventListener("message", ({ data }: MessageEvent<BootRequest>) => void serve(data), { once: true });

async function serve({ assets, port }: BootRequest): Promise<void> {
  // Bound now: the realm has no way to send messages once it is locked, and this one is out of a snippet's reach.
  const send: (reply: WorkerReply) => void = port.postMessage.bind(port);
  try {
    let done = 0;
    const interpreter = await Interpreter.start(assets, () => send({ type: "booting", done: ++done }));
    port.onmessage = ({ data }: MessageEvent<SnippetRequest>) => answer(interpreter, data, send);
    send({ type: "ready" });
  } catch (thrown) {
    send({ type: "broken", message: String(thrown) });
  }
}

function answer(interpreter: Interpreter, request: SnippetRequest, send: (reply: WorkerReply) => void): void {
  try {
    send({ type: "result", result: interpreter.run(request.code, request.limits) });
    // After the answer, so that nobody waits for it.
    interpreter.restore();
  } catch (thrown) {
    send({ type: "broken", message: String(thrown) });
  }
}
