/** The files that are shipped with the page: checkpoints in Hugging Face layout, one folder each. */
import type { LabConfig } from "../config/schema";
import { FaultError } from "../core/result";
import type { CheckpointFiles } from "./api";

export const checkpointFileNames = ["config.json", "model.safetensors", "tokenizer.json"] as const;

/** Folder under `public/cold-start/` whose policy a preset starts from. */
export function coldStartFolder(preset: LabConfig["preset"]): string {
  return preset === "smoke" ? "spark" : preset;
}

async function fetchFile(url: string): Promise<Uint8Array<ArrayBuffer> | null> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    const message = `The file ${url} could not be loaded: ${String(error)}.`;
    throw new FaultError({ at: "network", code: "unreachable", message, hint: "Check the server and reload." });
  }
  // A server of single-page applications answers an unknown path with the page itself.
  const isPage = response.headers.get("Content-Type")?.includes("text/html") ?? false;
  return response.ok && !isPage ? new Uint8Array(await response.arrayBuffer()) : null;
}

/** A shipped checkpoint's files, or null if that folder is not shipped. */
export async function fetchColdStart(
  base: string,
  folder: string,
  onProgress: (done: number, total: number) => void,
): Promise<CheckpointFiles | null> {
  const files: CheckpointFiles = {};
  for (const [i, name] of checkpointFileNames.entries()) {
    onProgress(i, checkpointFileNames.length);
    const content = await fetchFile(`${base}cold-start/${folder}/${name}`);
    if (!content) return null;
    files[name] = content;
  }
  onProgress(checkpointFileNames.length, checkpointFileNames.length);
  return files;
}

/** The tokenizer that a preset's folder brings along, even where no checkpoint stands beside it yet; else the lab's. */
export async function fetchTokenizer(base: string, folder: string): Promise<string> {
  const own = await fetchFile(`${base}cold-start/${folder}/tokenizer.json`);
  const content = own ?? (await fetchFile(`${base}tokenizer.json`));
  if (!content) {
    const message = "The lab's tokenizer (tokenizer.json) is missing on the server.";
    throw new FaultError({ at: "tokenizer", code: "missing", message, hint: "Build the lab again with npm start." });
  }
  return new TextDecoder().decode(content);
}
