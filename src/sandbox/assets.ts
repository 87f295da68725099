/** Python as it is served by our own origin: 9.6 MB of WebAssembly, the 2.5 MB standard library, 6 MB of snapshot. */
import standardLibraryUrl from "pyodide/python_stdlib.zip?url";
import wasmUrl from "pyodide/pyodide.asm.wasm?url";
import snapshotUrl from "virtual:python-snapshot";
import { FaultError } from "../core/result";
import type { PythonAssets } from "./snippet";

/**
 * Fetches and compiles Python once; the result can be posted to any number of workers.
 * @param onPart called as each of the `assetParts` parts has arrived
 * @throws FaultError when a file cannot be had
 */
export async function fetchPythonAssets(onPart: () => void): Promise<PythonAssets> {
  const [wasm, standardLibrary, snapshot] = await Promise.all([
    fetchFile(wasmUrl).then(compile).finally(onPart),
    fetchFile(standardLibraryUrl)
      .then((response) => response.arrayBuffer())
      .finally(onPart),
    fetchFile(snapshotUrl).then(decompress).finally(onPart),
  ]);
  return { wasm, standardLibrary, snapshot };
}

/** How often `fetchPythonAssets` calls `onPart`. */
export const assetParts = 3;

async function fetchFile(url: string): Promise<Response> {
  const reason = await fetch(url).then(
    (response) => (response.ok ? response : `the server answered ${response.status}`),
    (thrown: unknown) => String(thrown),
  );
  if (reason instanceof Response) return reason;
  throw new FaultError({
    at: "sandbox",
    code: "python-missing",
    message: `Python could not be loaded from ${url}: ${reason}.`,
    hint: "Check the connection to the server that this page came from, then reload.",
  });
}

async function decompress({ body }: Response): Promise<ArrayBuffer> {
  if (!body) throw new Error("The snapshot came without content.");
  return new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** Streams where the server names the media type, which `compileStreaming` insists on. */
async function compile(response: Response): Promise<WebAssembly.Module> {
  if (response.headers.get("Content-Type") === "application/wasm") return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
