/** The command line of an experiment. */
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

export interface ExperimentOptions {
  config: LabConfig;
  /** Folder for what the run leaves. */
  out: string;
  /** Folder of a checkpoint to begin from instead of the preset's. */
  checkpoint: string | null;
  /** File of a set of one's own, to be scored beside the others. */
  benchmark: string | null;
  adapter: AdapterChoice;
  build: boolean;
}

const { preset, seed, ...otherFlags } = commonFlags;

const flags: Flags = {
  preset,
  seed,
  steps: { value: "N", setting: "steps", help: "" },
  out: {
    value: "DIR",
    help: "where to put what the run leaves; a folder that does not exist yet, or is empty (required)",
  },
  "evaluate-every": { value: "N", setting: "evaluation.every", help: "" },
  samples: { value: "N", setting: "evaluation.samples", help: "" },
  checkpoint: {
    value: "DIR",
    help: "begin from this folder (config.json, model.safetensors, tokenizer.json), not from the preset's checkpoint",
  },
  benchmark: {
    value: "FILE",
    help: 'score this set too: JSON Lines as the public AIME sets have them, {"problem": "...", "answer": 42}',
  },
  ...otherFlags,
};

/** The options that a command line gives, or "help". Throws a UsageError for one that cannot be run. */
export function readArguments(argv: readonly string[]): ExperimentOptions | "help" {
  const given = readFlags(argv, flags);
  if (given.has("help")) return "help";
  const config = readConfig(given, flags);
  const [out] = given.get("out") ?? [];
  if (!out) throw new UsageError("--out is missing: name a folder for what the run leaves, --out DIR.");
  const [checkpoint = null] = given.get("checkpoint") ?? [];
  const [benchmark = null] = given.get("benchmark") ?? [];
  return { config, out, checkpoint, benchmark, adapter: readAdapter(given), build: !given.has("no-build") };
}

/** The text of --help. */
export function helpText(): string {
  const about = [
    "npm run experiment -- --preset spark --seed 1 --steps 60 --out DIR",
    "",
    "Runs the lab in a browser without a window and leaves in DIR: run.json (what was run, on what, how it ended),",
    "metrics.jsonl, episodes.jsonl, evaluations.jsonl (scores with intervals, problem by problem), checkpoint/ (opens",
    "with Hugging Face transformers) and report.html.",
    "Ctrl-C stops after the step under way and keeps everything; a second Ctrl-C stops at once.",
  ];
  return helpOf(about, flags);
}
