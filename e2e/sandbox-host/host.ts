/** A page with a sandbox and nothing else, for scripts: they drive it by `window.sandboxHost`. */
import type { SandboxCounts } from "../../src/core/events";
import { openSandbox } from "../../src/sandbox/pool";
import type { Sandbox, SnippetLimits, SnippetResult } from "../../src/sandbox/sandbox";
import { sandboxBench } from "./bench";
import { soak } from "./soak";

export interface SandboxHost {
  bench: typeof sandboxBench;
  soak: typeof soak;
  /** Opens a pool in place of the one before; resolves when its first worker is ready. */
  open(workers: number, sympy?: boolean): Promise<void>;
  run(code: string, limits: SnippetLimits): Promise<SnippetResult>;
  counts(): SandboxCounts;
}

declare global {
  interface Window {
    sandboxHost?: SandboxHost;
  }
}

let sandbox: Sandbox | null = null;

function opened(): Sandbox {
  if (!sandbox) throw new Error("No sandbox is open.");
  return sandbox;
}

window.sandboxHost = {
  bench: sandboxBench,
  soak,
  open: async (workers, sympy = false) => {
    sandbox?.close();
    // Scripts listen to the console and say it to people.
    sandbox = await openSandbox({ workers, sympy, onNotice: (message) => console.warn(message) });
  },
  run: (code, limits) => opened().run(code, limits),
  counts: () => opened().counts(),
};
