/**
 * Pyodide as it is published, and used as its documentation says: what the sandbox is measured against, and where attacks
 * succeed. The worker's name is the folder it is in.
 */
interface Stock {
  runPython(code: string, options: { globals: unknown }): unknown;
  setStdout(options: { batched: (line: string) => void }): void;
  toPy(value: object): { destroy(): void };
}

export type StockReply = { type: "ready" } | { type: "result"; stdout: string; error: string; milliseconds: number };

const send = (reply: StockReply): void => postMessage(reply);

async function load(): Promise<Stock> {
  const folder = new URL(self.name || "/pyodide/", location.origin).href;
  const { loadPyodide } = (await import(/* @vite-ignore */ `${folder}pyodide.mjs`)) as {
    loadPyodide: (options: { indexURL: string }) => Promise<Stock>;
  };
  return loadPyodide({ indexURL: folder });
}

const loading = load().then((pyodide) => {
  send({ type: "ready" });
  return pyodide;
});

async function answer(code: string): Promise<void> {
  const pyodide = await loading;
  const began = performance.now();
  let stdout = "";
  let error = "";
  const globals = pyodide.toPy({});
  pyodide.setStdout({ batched: (line) => (stdout += `${line}\n`) });
  try {
    pyodide.runPython(code, { globals });
  } catch (thrown) {
    error = String(thrown).trimEnd().split("\n").at(-1) ?? "";
  }
  globals.destroy();
  send({ type: "result", stdout, error, milliseconds: performance.now() - began });
}

addEventListener("message", ({ data }: MessageEvent<string>) => void answer(data));
