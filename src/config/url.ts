/**
 * The configuration as an address: dotted keys, and only what differs from the preset. What the address says wrongly
 * is reported with value, expectation and remedy, and the rest is used: a link never fails silently, nor as a whole.
 */
import { contradictionsOf, sayContradiction } from "./contradictions";
import { makeConfig, type PresetName, presetNames } from "./presets";
import { algorithmNames } from "./learn-settings";
import { configSchema, type LabConfig } from "./schema";
import {
  algorithmKey,
  expectation,
  flatten,
  parseSetting,
  type Setting,
  settingOf,
  settings,
  unflatten,
} from "./settings";

/** Keys of the page itself, which are not part of a run's configuration. */
export const pageKeys = ["view", "lang", "theme", "autostart"] as const;

/** What an address asks for, and what is wrong with it, a sentence each. */
export interface UrlReading {
  config: LabConfig;
  problems: string[];
}

const isPreset = (text: string): text is PresetName => presetNames.some((name) => name === text);

/** Number of single-character edits between two short words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

function nearest(key: string): string | undefined {
  const known = [...settings.map((setting) => setting.key), ...pageKeys];
  const ranked = known
    .map((name) => ({ name, edits: distance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0].edits <= 3 ? ranked[0].name : undefined;
}

function unknownKey(key: string): string {
  const name = nearest(key);
  const remedy = name ? `write ${name}, or remove it from the address` : "remove it from the address";
  return `${key} is not a setting; ${remedy}`;
}

function badValue(setting: Setting, text: string, instead: unknown): string {
  const shown = text === "" ? "empty" : text;
  const remedy = `remove it from the address to use ${String(instead)}`;
  return `${setting.key} is ${shown}, expected ${expectation(setting)}; ${remedy}`;
}

/** Reads the part of an address from "?" on. Never throws. */
export function configFromUrl(search: string): UrlReading {
  const problems: string[] = [];
  const parameters = new URLSearchParams(search);
  const asked = parameters.get("preset") ?? "spark";
  const preset = isPreset(asked) ? asked : "spark";
  const algorithm = algorithmNames.find((name) => name === parameters.get(algorithmKey));
  const base = makeConfig(preset, algorithm && { learn: { algorithm } });
  const defaults = flatten(base);
  const flat = { ...defaults };
  for (const key of new Set(parameters.keys())) {
    if (pageKeys.some((name) => name === key)) continue;
    const values = parameters.getAll(key);
    const text = values[0];
    const setting = settingOf(key);
    if (!setting) {
      problems.push(unknownKey(key));
      continue;
    }
    if (values.length > 1) problems.push(`${key} is given ${values.length} times, expected once; the first is used`);
    const value = parseSetting(setting, text);
    if (value === undefined) problems.push(badValue(setting, text, defaults[key]));
    else flat[key] = value;
  }
  // Each value was read by the schema already.
  const config = configSchema.parse(unflatten(flat));
  const contradictions = contradictionsOf(config);
  if (contradictions.length === 0) return { config, problems };
  for (const key of contradictions.flatMap(({ keys }) => keys)) flat[key] = defaults[key];
  const told = contradictions.map((one) => `${sayContradiction(one)}; the preset's values are used`);
  return { config: configSchema.parse(unflatten(flat)), problems: [...problems, ...told] };
}

/** "" for the plain spark preset, else "?preset=classroom&learn.clipHigh=0.3": what differs, in the schema's order. */
export function urlFromConfig(config: LabConfig): string {
  const parameters = new URLSearchParams();
  const { algorithm } = config.learn;
  // What the algorithm brings along need not be said; that it was chosen must.
  const defaults: Record<string, unknown> = {
    ...flatten(makeConfig(config.preset, { learn: { algorithm } })),
    [algorithmKey]: makeConfig(config.preset).learn.algorithm,
  };
  if (config.preset !== "spark") parameters.set("preset", config.preset);
  for (const [key, value] of Object.entries(flatten(config))) {
    if (key !== "preset" && value !== defaults[key]) parameters.set(key, String(value));
  }
  const query = parameters.toString();
  return query ? `?${query}` : "";
}
