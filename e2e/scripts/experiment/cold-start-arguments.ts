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
} from "./command-line";

export interface ColdStartOptions {
  config: LabConfig;
  /** Folder for the checkpoint. */
  out: string;
  adapter: AdapterChoice;
  build: boolean;
}

const flags: Flags = {
  ...commonFlags,
  out: {
    value: "DIR",
    help: "where to put the checkpoint; public/cold-start/PRESET, which the page ships, by default",
  },
};

/** The options that a command line gives, or "help". Throws a UsageError for one that cannot be run. */
export function readColdStartArguments(argv: readonly string[]): ColdStartOptions | "help" {
  const given = readFlags(argv, flags);
  if (given.has("help")) return "help";
  const config = readConfig(given, flags);
  const [out = `public/cold-start/${config.preset}`] = given.get("out") ?? [];
  return { config, out, adapter: readAdapter(given), build: !given.has("no-build") };
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
