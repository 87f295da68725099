/**
 * Command lines, the same for every script that drives the lab. The settings a line can change are those of the
 * schema, read from there; the flags are each script's own table. What neither knows is refused by name, with what is
 * allowed.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import { contradictionFault } from "../../../src/config/contradictions";
import { makeConfig, type PresetName, presetNames, withSetting } from "../../../src/config/presets";
import type { LabConfig } from "../../../src/config/schema";
import {
  expectation,
  flatten,
  inOrderOfEffect,
  parseSetting,
  type Setting,
  settingOf,
  settings,
} from "../../../src/config/settings";

/** A command line that cannot be run; the message says what is wrong with it. */
export class UsageError extends Error {}

export interface Flag {
  /** What follows it in the help; null for a switch. */
  value: string | null;
  help: string;
  /** The setting it is short for. */
  setting?: string;
  repeats?: boolean;
}

export type Flags = Record<string, Flag>;

/** Given values by flag name, in the order in which they were given; switches have "". */
export type Given = ReadonlyMap<string, string[]>;

const adapters = ["hardware", "software"] as const;
export type AdapterChoice = (typeof adapters)[number];

/** Flags that every such script has. */
export const commonFlags = {
  preset: { value: "NAME", setting: "preset", help: "what the run begins from" },
  seed: { value: "N", setting: "seed", help: "" },
  set: { value: "KEY=VALUE", repeats: true, help: "change any setting of the list below; may be given many times" },
  backend: { value: "NAME", setting: "backend", help: "" },
  adapter: {
    value: "NAME",
    help: `${adapters.join(" or ")}: the WebGPU adapter the browser offers, the machine's own (default) or SwiftShader`,
  },
  "no-build": { value: null, help: "use dist/ as it is, even if it is older than the sources" },
  help: { value: null, help: "this text" },
} satisfies Flags;

const listOf = (flags: Flags): string =>
  Object.keys(flags)
    .map((name) => `--${name}`)
    .join(", ");

function settingNamed(key: string): Setting {
  const setting = settingOf(key);
  if (!setting)
    throw new UsageError(`${key} is not a setting; the settings are ${settings.map((s) => s.key).join(", ")}.`);
  return setting;
}

/** Throws a UsageError that names what is not a flag, lacks its value or is given too often. */
export function readFlags(argv: readonly string[], flags: Flags): Given {
  const allowedFlags = listOf(flags);
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
function readSettings(given: Given, flags: Flags): [Setting, string, string][] {
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

/** The configuration that a command line asks for. Throws a UsageError for a value that is not possible. */
export function readConfig(given: Given, flags: Flags): LabConfig {
  const changes = readSettings(given, flags).map(([setting, text, name]) => {
    const value = parseSetting(setting, text);
    if (value === undefined)
      throw new UsageError(`${name} is ${text === "" ? "empty" : text}, expected ${expectation(setting)}.`);
    return [setting.key, value] as const;
  });
  // A preset is where the others begin, wherever in the line it stands.
  const asked = changes.findLast(([key]) => key === "preset")?.[1];
  const preset: PresetName = presetNames.find((name) => name === asked) ?? "spark";
  const config = inOrderOfEffect(changes)
    .filter(([key]) => key !== "preset")
    .reduce((whole, [key, value]) => withSetting(whole, key, value), makeConfig(preset));
  const contradiction = contradictionFault(config);
  if (contradiction) throw new UsageError(`${contradiction.message} ${contradiction.hint}`);
  return config;
}

/** Throws a UsageError where --out names a file, or a folder that holds something. */
export function checkOut(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new UsageError(`--out ${folder} is a file; name a new folder.`);
  if (readdirSync(folder).length > 0)
    throw new UsageError(`--out ${folder} is not empty; name a new folder, so that no earlier run is lost.`);
}

/** Throws a UsageError for an adapter that is neither. */
export function readAdapter(given: Given): AdapterChoice {
  const [asked] = given.get("adapter") ?? ["hardware"];
  const adapter = adapters.find((name) => name === asked);
  if (!adapter) throw new UsageError(`--adapter is ${asked || "empty"}, expected one of ${adapters.join(", ")}.`);
  return adapter;
}

function describe({ key, unit, why }: Setting, value: unknown, indent: string): string {
  const setting = settingNamed(key);
  return `${expectation(setting)}${unit ? `, ${unit}` : ""}; default ${String(value)}\n${indent}${why}`;
}

/** Each flag with what it does, for --help. */
export function flagLines(flags: Flags): string[] {
  const defaults = flatten(makeConfig("spark"));
  return Object.entries(flags).map(([name, { value, help, setting }]) => {
    const head = `  --${name}${value === null ? "" : ` ${value}`}`.padEnd(25);
    const indent = " ".repeat(25);
    const more = setting === undefined ? "" : describe(settingNamed(setting), defaults[setting], indent);
    return head + [help, more].filter(Boolean).join(`\n${indent}`);
  });
}

/** The text of --help: `about`, each flag, each setting. */
export function helpOf(about: readonly string[], flags: Flags): string {
  const defaults = flatten(makeConfig("spark"));
  const settingLines = settings.map((setting) => {
    const more = describe(setting, defaults[setting.key], " ".repeat(6));
    return `  ${setting.key}\n      ${more}`;
  });
  const title = "Settings for --set (defaults are those of the preset spark):";
  return [...about, "", ...flagLines(flags), "", title, "", ...settingLines].join("\n");
}
