/** The command line of `npm run sandbox`. */
import { parseArgs } from "node:util";
import { makeConfig } from "../../../src/config/presets";
import { settingOf } from "../../../src/config/settings";
import type { SnippetLimits } from "../../../src/sandbox/sandbox";
import { snippetLimits } from "../../../src/config/snippet-limits";
import { UsageError } from "../experiment/command-line";

export interface SandboxArguments {
  /** Names of files in the order given; "-" is standard input. */
  files: string[];
  limits: SnippetLimits;
  json: boolean;
  /** The files may import SymPy. */
  sympy: boolean;
}

/** A run's own limits, as the preset `spark` has them. */
const defaults = snippetLimits(makeConfig("spark"));

/** What each limit may be. Fuel and seconds as in the lab's settings. */
const ranges = {
  fuel: { low: settingOf("rollout.snippetFuel")?.minimum ?? 1, high: settingOf("rollout.snippetFuel")?.maximum ?? 1 },
  seconds: {
    low: settingOf("rollout.snippetSeconds")?.minimum ?? 1,
    high: settingOf("rollout.snippetSeconds")?.maximum ?? 1,
  },
  output: { low: 1, high: 1_000_000 },
};

export const sandboxHelp = `npm run sandbox -- [--json] [--sympy] [--fuel N] [--seconds N] [--output N] FILE.py [FILE.py ...]

Runs each file as one snippet in the lab's sandbox, in a browser without a window: in the order given, in one worker,
every file in an interpreter that is as after boot. Prints one line for each. Files are read as UTF-8.

  --json        print {"status","stdout","error","ms","fuel","file","line"}; without it, a line to read
  --sympy       let the files import SymPy; the first time it is fetched from Debian and made
  --fuel N      loop turns and calls until it is stopped; default ${defaults.fuel}
  --seconds N   seconds until it is stopped, for what burns no fuel; default ${defaults.seconds}
  --output N    characters it may print; default ${defaults.outputCharacters}
  --help        this text

FILE may be -, once, for standard input. status is ok, error, timeout, memory, output or crash; ms is its own run time.
Standard output holds the results and nothing else, except that npm says what it runs: npm run --silent sandbox -- ...

Exit status: 0 where every file has a result, whatever that is; 1 where Python could not be started; 2 where the command
was not understood or a file could not be read (nothing is run then).`;

function numberOf(text: string | undefined, name: keyof typeof ranges, fallback: number): number {
  if (text === undefined) return fallback;
  const { low, high } = ranges[name];
  const value = text.trim() === "" ? Number.NaN : Number(text);
  const isWhole = name === "seconds" || Number.isInteger(value);
  if (!isWhole || !(value >= low && value <= high)) {
    const kind = name === "seconds" ? "a number" : "a whole number";
    throw new UsageError(`--${name} is ${text || "empty"}, expected ${kind} ${low}..${high}.`);
  }
  return value;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        sympy: { type: "boolean" },
        fuel: { type: "string" },
        seconds: { type: "string" },
        output: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    const why = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new UsageError(
      `${why}. The flags are --json, --sympy, --fuel, --seconds, --output, --help; a file may follow --.`,
    );
  }
}

/** What a command line asks for, or "help". Throws a UsageError for one that cannot be run. */
export function readSandboxArguments(argv: readonly string[]): SandboxArguments | "help" {
  const { values, positionals: files } = parse(argv);
  if (values.help) return "help";
  if (files.length === 0)
    throw new UsageError("No file is given. Name the Python files to run, or - for standard input.");
  if (files.filter((file) => file === "-").length > 1)
    throw new UsageError("Standard input (-) is given twice; it can be read once.");
  const limits: SnippetLimits = {
    fuel: numberOf(values.fuel, "fuel", defaults.fuel),
    seconds: numberOf(values.seconds, "seconds", defaults.seconds),
    outputCharacters: numberOf(values.output, "output", defaults.outputCharacters),
  };
  return { files, limits, json: values.json === true, sympy: values.sympy === true };
}
