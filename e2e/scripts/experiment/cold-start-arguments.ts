/** The command line of a cold start. */
import type { LabConfig } from "../../../src/config/schema";
import {
  type AdapterChoice,
  commonFlags,
  type Flags,
  helpOf,
  readAdapter,
  readConfig,
  readFlags,
  UsageError,
} from "./command-line";

export interface ColdStartOptions {
  config: LabConfig;
  /** Folder for the checkpoint. */
  out: string;
  /** File of traces to learn from, in place of the factory's. */
  traces: string | null;
  /** File to write the factory's traces to, in place of training on them. */
  exportTo: string | null;
  adapter: AdapterChoice;
  build: boolean;
}

const flags: Flags = {
  ...commonFlags,
  out: {
    value: "DIR",
    help: "where to put the checkpoint; public/cold-start/PRESET, which the page ships, by default",
  },
  traces: {
    value: "FILE",
    help: "learn from these traces, .jsonl or .parquet in verl's SFT layout, not from the factory's",
  },
  export: {
    value: "FILE",
    help: "write the factory's traces to this file, .jsonl or .parquet in the same layout, and train nothing",
  },
};

/** The options that a command line gives, or "help". Throws a UsageError for one that cannot be run. */
export function readColdStartArguments(argv: readonly string[]): ColdStartOptions | "help" {
  const given = readFlags(argv, flags);
  if (given.has("help")) return "help";
  const config = readConfig(given, flags);
  const [out = `public/cold-start/${config.preset}`] = given.get("out") ?? [];
  const [traces = null] = given.get("traces") ?? [];
  const [exportTo = null] = given.get("export") ?? [];
  for (const file of [traces, exportTo]) {
    if (file !== null && !/\.(jsonl|parquet)$/.test(file))
      throw new UsageError(`${file} is no file of traces; name a .jsonl or a .parquet file.`);
  }
  return { config, out, traces, exportTo, adapter: readAdapter(given), build: !given.has("no-build") };
}

/** The text of --help. */
export function coldStartHelp(): string {
  const about = [
    "npm run cold-start -- --preset spark --seed 1",
    "",
    "Trains a policy from random weights on verified traces, scores it, and leaves in the folder of --out its",
    "config.json, model.safetensors and tokenizer.json (opens with Hugging Face transformers), and cold-start.json,",
    "which says how it was made. The page ships what lies in public/cold-start/. An earlier cold start there is",
    "replaced once the new one is done.",
  ];
  return helpOf(about, flags);
}
