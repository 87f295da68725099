/**
 * npm run experiment: one run of the lab from the terminal. It serves the built page, opens it in a browser without a
 * window, drives `window.lab`, and writes down what comes: run.json, metrics.jsonl, episodes.jsonl, evaluations.jsonl,
 * checkpoint/ and report.html. Whatever ends the run, what was recorded is kept. `npm run experiment -- paper` runs the
 * paper's table, `npm run experiment -- outside` scores a model behind an endpoint.
 */
import { ensureSympy } from "../../src/sandbox/build/snapshots.mjs";
import { ensureBuilt } from "./project.mjs";
import { helpText, readArguments } from "./experiment/arguments";
import { checkOut, UsageError } from "./experiment/command-line";
import { outside } from "./experiment/outside";
import { paper } from "./experiment/paper";
import { commandOf } from "./experiment/provenance";
import { readBenchmark, readCheckpoint, runExperiment } from "./experiment/run";

/** Exit status: 0 finished, 1 failed, 2 a command line that cannot be run, 130 stopped. */
export async function main(argv: string[]): Promise<number> {
  if (argv[0] === "paper") return paper(argv.slice(1));
  if (argv[0] === "outside") return outside(argv.slice(1));
  try {
    const options = readArguments(argv);
    if (options === "help") {
      console.log(helpText());
      return 0;
    }
    checkOut(options.out);
    if (options.checkpoint !== null) readCheckpoint(options.checkpoint);
    if (options.benchmark !== null) readBenchmark(options.benchmark);
    if (options.build && options.config.sandbox.sympy === "on") await ensureSympy(console.error);
    if (options.build) ensureBuilt(console.error);
    const { outcome } = await runExperiment(options, commandOf("experiment", argv));
    return outcome === "finished" ? 0 : outcome === "interrupted" ? 130 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nnpm run experiment -- --help explains every flag.`);
    return 2;
  }
}
