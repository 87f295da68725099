/** Pyodide as it is published, in a worker of its own: an attack that is one works here. */
import { loadPyodide } from "pyodide";

const folder = new URL("/node_modules/pyodide/", location.origin).href;
const loading = loadPyodide({ indexURL: folder });

/** Answers with all that the code printed. */
async function run(code: string): Promise<void> {
  const pyodide = await loading;
  let printed = "";
  pyodide.setStdout({ batched: (line) => (printed += `${line}\n`) });
  try {
    await pyodide.runPythonAsync(code);
  } catch (thrown) {
    printed += String(thrown);
  }
  postMessage(printed);
}

addEventListener("message", ({ data }: MessageEvent<string>) => void run(data));
