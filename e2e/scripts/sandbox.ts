/**
 * `npm run sandbox -- [--json] [--sympy] FILE.py ...`: runs files through the lab's sandbox, in the order given, in one worker,
 * and prints one result a line. Standard output holds nothing else.
 */
import { FaultError, faultOf } from "../../src/core/result";
import { ensureSympy } from "../../src/sandbox/build/snapshots.mjs";
import { UsageError } from "./experiment/command-line";
import { readSandboxArguments, type SandboxArguments, sandboxHelp } from "./sandbox/arguments";
import { Host } from "./sandbox/host";
import { resultJson, resultLine } from "./sandbox/print";
import { readSource } from "./sandbox/source";

async function makeSympy(): Promise<void> {
  try {
    await ensureSympy(console.error);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new FaultError({ at: "sandbox", code: "sympy-missing", message, hint: "Nothing was run." });
  }
}

async function runFiles({ files, limits, json, sympy }: SandboxArguments): Promise<void> {
  // All are read first, so that a wrong name costs no waiting and leaves no half of the results.
  const sources = files.map(readSource);
  if (sympy) await makeSympy();
  const host = await Host.start({ say: console.error });
  try {
    await host.open(1, sympy);
    for (const { file, content } of sources) {
      const result = typeof content === "string" ? await host.run(content, limits) : content;
      console.log(json ? resultJson(file, result) : resultLine(file, result));
    }
  } finally {
    await host.close();
  }
}

/** Returns the exit status. */
export async function main(argv: string[]): Promise<number> {
  try {
    const understood = readSandboxArguments(argv);
    if (understood === "help") console.log(sandboxHelp);
    else await runFiles(understood);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\nnpm run sandbox -- --help explains every flag.`);
      return 2;
    }
    const { message, hint } = faultOf(error, "sandbox");
    console.error(`${message} ${hint}`);
    return 1;
  }
}
