/**
 * Python as it is served by our own origin: 9.6 MB of WebAssembly (11.9 where it records its writes), the 2.5 MB standard library, 6 MB of snapshot. With
 * SymPy the snapshot is another one, and SymPy's source comes with it.
 */
import standardLibraryUrl from "pyodide/python_stdlib.zip?url";
import wasmUrl from "pyodide/pyodide.asm.wasm?url";
import snapshotUrl from "virtual:python-snapshot";
import recordingWasmUrl from "virtual:python-wasm";
import { FaultError } from "../core/result";
import type { PythonAssets } from "./snippet";

/**
 * Fetches and compiles Python once; the result can be posted to any number of workers.
 * @param onPart called as each of the `assetParts` parts has arrived
 * @param withSympy takes the snapshot with SymPy; nothing of it is fetched otherwise
 * @throws FaultError when a file cannot be had
 */
export async function fetchPythonAssets(onPart: () => void, withSympy = false): Promise<PythonAssets> {
  const sympyUrls = withSympy ? await findSympy() : null;
  const [wasm, standardLibrary, [snapshot, sympy]] = await Promise.all([
    fetchFile(recordsWrites() ? recordingWasmUrl : wasmUrl)
      .then(compile)
      .finally(onPart),
    fetchFile(standardLibraryUrl).then(readWhole).finally(onPart),
    Promise.all([
      fetchFile(sympyUrls?.snapshot ?? snapshotUrl).then(decompress),
      sympyUrls && fetchFile(sympyUrls.archive).then(readWhole),
    ]).finally(onPart),
  ]);
  return { wasm, standardLibrary, snapshot, sympy };
}

/** Whether the browser takes a module with two memories: the smallest there is. */
function recordsWrites(): boolean {
  const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  return WebAssembly.validate(Uint8Array.of(...magic, 5, 5, 2, 0, 0, 0, 0));
}

/** Imported only now: a server of single modules makes SymPy's files when it is first asked where they are. */
async function findSympy(): Promise<{ snapshot: string; archive: string }> {
  const { default: files } = await import("virtual:python-sympy");
  if (!("missing" in files)) return files;
  throw new FaultError({
    at: "sandbox",
    code: "sympy-missing",
    message: `SymPy is not there. ${files.missing}`,
    hint: 'Run "npm run sympy" once in the lab\'s folder and start the lab again, or switch SymPy off.',
  });
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

const readWhole = (response: Response): Promise<ArrayBuffer> => response.arrayBuffer();

async function decompress({ body }: Response): Promise<ArrayBuffer> {
  if (!body) throw new Error("The snapshot came without content.");
  return new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** Streams where the server names the media type, which `compileStreaming` insists on. */
async function compile(response: Response): Promise<WebAssembly.Module> {
  if (response.headers.get("Content-Type") === "application/wasm") return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
