/**
 * The command line of an experiment. The settings it can change are those of the schema, read from there; everything
 * else it knows is in the table below. What it does not know is refused by name, with what is allowed.
 */
import { parseArgs } from "node:util";
import { makeConfig, type PresetName, presetNames } from "../../../src/config/presets";
import type { LabConfig } from "../../../src/config/schema";
import {
  expectation,
  flatten,
  parseSetting,
  type Setting,
  settingOf,
  settings,
  withSetting,
} from "../../../src/config/settings";

export interface ExperimentOptions {
  config: LabConfig;
  /** Folder for what the run leaves. */
  out: string;
  /** Folder of a checkpoint to begin from instead of the preset's. */
  checkpoint: string | null;
  adapter: "hardware" | "software";
  build: boolean;
}

/** A command line that cannot be run; the message says what is wrong with it. */
export class UsageError extends Error {}

interface Flag {
  /** What follows it in the help; null for a switch. */
  value: string | null;
  help: string;
  /** The setting it is short for. */
  setting?: string;
  repeats?: boolean;
}

const adapters = ["hardware", "software"] as const;

const flags: Record<string, Flag> = {
  preset: { value: "NAME", setting: "preset", help: "what the run begins from" },
  seed: { value: "N", setting: "seed", help: "" },
  steps: { value: "N", setting: "steps", help: "" },
  out: {
    value: "DIR",
    help: "where to put what the run leaves; a folder that does not exist yet, or is empty (required)",
  },
  set: { value: "KEY=VALUE", repeats: true, help: "change any setting of the list below; may be given many times" },
  backend: { value: "NAME", setting: "backend", help: "" },
  "evaluate-every": { value: "N", setting: "evaluation.every", help: "" },
  samples: { value: "N", setting: "evaluation.samples", help: "" },
  checkpoint: {
    value: "DIR",
    help: "begin from this folder (config.json, model.safetensors, tokenizer.json), not from the preset's checkpoint",
  },
  adapter: {
    value: "NAME",
    help: `${adapters.join(" or ")}: the WebGPU adapter the browser offers, the machine's own (default) or SwiftShader`,
  },
  "no-build": { value: null, help: "use dist/ as it is, even if it is older than the sources" },
  help: { value: null, help: "this text" },
};

const allowedFlags = Object.keys(flags)
  .map((name) => `--${name}`)
  .join(", ");

function settingNamed(key: string): Setting {
  const setting = settingOf(key);
  if (!setting)
    throw new UsageError(`${key} is not a setting; the settings are ${settings.map((s) => s.key).join(", ")}.`);
  return setting;
}

/** Given values by flag name, in the order in which they were given; switches have "". */
function readFlags(argv: readonly string[]): Map<string, string[]> {
  const options = Object.entries(flags).map(
    ([name, { value }]) => [name, { type: value === null ? ("boolean" as const) : ("string" as const) }] as const,
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional")
      throw new UsageError(`"${token.value}" stands alone; the flags are ${allowedFlags}.`);
    if (token.kind !== "option") continue;
    if (!Object.hasOwn(flags, token.name))
      throw new UsageError(`${token.rawName} is not a flag; the flags are ${allowedFlags}.`);
    const { value, repeats } = flags[token.name];
    if (value === null && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
    // A value that looks like a flag is a flag whose value was forgotten, unless it is a negative number.
    if (value !== null && (token.value === undefined || /^--?[a-z]/.test(token.value)))
      throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${value}.`);
    const before = given.get(token.name) ?? [];
    if (before.length > 0 && !repeats) throw new UsageError(`${token.rawName} is given twice; give it once.`);
    given.set(token.name, [...before, token.value ?? ""]);
  }
  return given;
}

/** [setting, text, the words to name it by] of every setting that the command line gives. */
function readSettings(given: ReadonlyMap<string, string[]>): [Setting, string, string][] {
  const named = [...given].flatMap(([name, [text]]): [Setting, string, string][] => {
    const key = flags[name].setting;
    return key === undefined ? [] : [[settingNamed(key), text, `--${name}`]];
  });
  const set = (given.get("set") ?? []).map((pair): [Setting, string, string] => {
    const [key, ...rest] = pair.split("=");
    if (rest.length === 0) throw new UsageError(`--set ${pair} has no "="; write --set KEY=VALUE.`);
    return [settingNamed(key), rest.join("="), key];
  });
  return [...named, ...set];
}

function readConfig(given: ReadonlyMap<string, string[]>): LabConfig {
  const changes = readSettings(given).map(([setting, text, name]) => {
    const value = parseSetting(setting, text);
    if (value === undefined)
      throw new UsageError(`${name} is ${text === "" ? "empty" : text}, expected ${expectation(setting)}.`);
    return [setting.key, value] as const;
  });
  // A preset is where the others begin, wherever in the line it stands.
  const asked = changes.findLast(([key]) => key === "preset")?.[1];
  const preset: PresetName = presetNames.find((name) => name === asked) ?? "spark";
  return changes
    .filter(([key]) => key !== "preset")
    .reduce((config, [key, value]) => withSetting(config, key, value), makeConfig(preset));
}

/** The options that a command line gives, or "help". Throws a UsageError for one that cannot be run. */
export function readArguments(argv: readonly string[]): ExperimentOptions | "help" {
  const given = readFlags(argv);
  if (given.has("help")) return "help";
  const config = readConfig(given);
  const [out] = given.get("out") ?? [];
  if (!out) throw new UsageError("--out is missing: name a folder for what the run leaves, --out DIR.");
  const [asked] = given.get("adapter") ?? ["hardware"];
  const adapter = adapters.find((name) => name === asked);
  if (!adapter) throw new UsageError(`--adapter is ${asked || "empty"}, expected one of ${adapters.join(", ")}.`);
  const [checkpoint = null] = given.get("checkpoint") ?? [];
  return { config, out, checkpoint, adapter, build: !given.has("no-build") };
}

function describe({ key, unit, why }: Setting, value: unknown, indent: string): string {
  const setting = settingNamed(key);
  return `${expectation(setting)}${unit ? `, ${unit}` : ""}; default ${String(value)}\n${indent}${why}`;
}

/** The text of --help. */
export function helpText(): string {
  const defaults = flatten(makeConfig("spark"));
  const flagLines = Object.entries(flags).map(([name, { value, help, setting }]) => {
    const head = `  --${name}${value === null ? "" : ` ${value}`}`.padEnd(25);
    const indent = " ".repeat(25);
    const about = setting === undefined ? "" : describe(settingNamed(setting), defaults[setting], indent);
    return head + [help, about].filter(Boolean).join(`\n${indent}`);
  });
  const settingLines = settings.map((setting) => {
    const about = describe(setting, defaults[setting.key], " ".repeat(6));
    return `  ${setting.key}\n      ${about}`;
  });
  return [
    "npm run experiment -- --preset spark --seed 1 --steps 60 --out DIR",
    "",
    "Runs the lab in a browser without a window and leaves in DIR: run.json (what was run, on what, how it ended),",
    "metrics.jsonl, episodes.jsonl, checkpoint/ (opens with Hugging Face transformers) and report.html.",
    "Ctrl-C stops after the step under way and keeps everything; a second Ctrl-C stops at once.",
    "",
    ...flagLines,
    "",
    "Settings for --set (defaults are those of the preset spark):",
    "",
    ...settingLines,
  ].join("\n");
}
