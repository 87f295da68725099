/**
 * The schema as a flat list of settings with dotted keys ("learn.clipHigh"): what the address, the form and the
 * command line's help need to know of each. Everything is read from the schema; nothing is said twice.
 */
import { z } from "zod";
import { type ConfigOverrides, configSchema, type LabConfig } from "./schema";
import { names } from "./setting";

export type SettingValue = string | number;

export interface Setting {
  /** Dotted path in the configuration. */
  key: string;
  kind: "number" | "integer" | "choice" | "names";
  /** For numbers; both included. */
  minimum: number;
  maximum: number;
  /** For choices. */
  choices: readonly string[];
  label: { en: string; zh: string };
  unit: string;
  why: string;
  live: boolean;
}

const words = z.object({ en: z.string(), zh: z.string() });

/** What zod's JSON Schema says of one setting; read with zod itself, so that a change in its form is noticed. */
const leaf = z.object({
  type: z.enum(["number", "integer", "string"]),
  minimum: z.number().default(Number.NEGATIVE_INFINITY),
  maximum: z.number().default(Number.POSITIVE_INFINITY),
  enum: z.array(z.string()).default([]),
  label: words,
  unit: z.string().default(""),
  why: z.string(),
  live: z.boolean().default(false),
});
const branch = z.object({ type: z.literal("object"), properties: z.record(z.string(), z.unknown()) });

function collect(prefix: string, schema: unknown): Setting[] {
  const group = branch.safeParse(schema);
  if (group.success) {
    const { properties } = group.data;
    return Object.entries(properties).flatMap(([name, inner]) => collect(prefix ? `${prefix}.${name}` : name, inner));
  }
  const { type, enum: choices, ...rest } = leaf.parse(schema);
  const kind = type !== "string" ? type : choices.length > 0 ? "choice" : "names";
  return [{ key: prefix, kind, choices, ...rest }];
}

/** Every setting, in the schema's order. */
export const settings: readonly Setting[] = collect("", z.toJSONSchema(configSchema, { io: "output" }));

const byKey = new Map(settings.map((setting) => [setting.key, setting]));

/** The setting with that dotted key, if there is one. */
export function settingOf(key: string): Setting | undefined {
  return byKey.get(key);
}

/** A configuration, or part of one, by dotted keys. Parts that are undefined are left out. */
export function flatten(part: object, prefix = ""): Record<string, SettingValue> {
  const flat: Record<string, SettingValue> = {};
  for (const [name, value] of Object.entries<unknown>({ ...part })) {
    if (typeof value === "number" || typeof value === "string") flat[prefix + name] = value;
    else if (typeof value === "object" && value !== null) Object.assign(flat, flatten(value, `${prefix}${name}.`));
  }
  return flat;
}

/** The inverse of `flatten`; what it returns has still to be parsed by the schema. */
export function unflatten(flat: Record<string, SettingValue>): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  const groups = new Map<string, Record<string, SettingValue>>();
  for (const [key, value] of Object.entries(flat)) {
    const dot = key.indexOf(".");
    if (dot < 0) tree[key] = value;
    else {
      const name = key.slice(0, dot);
      const group = groups.get(name) ?? {};
      group[key.slice(dot + 1)] = value;
      groups.set(name, group);
    }
  }
  for (const [name, group] of groups) tree[name] = unflatten(group);
  return tree;
}

/** The keys in which two configurations differ. */
export function differingKeys(a: LabConfig, b: LabConfig): string[] {
  const [left, right] = [flatten(a), flatten(b)];
  return settings.map((setting) => setting.key).filter((key) => left[key] !== right[key]);
}

/** What a setting accepts, for people: "0.001..10", "a whole number 2..64", "one of auto, webgpu". */
export function expectation(setting: Setting): string {
  if (setting.kind === "choice") return `one of ${setting.choices.join(", ")}`;
  if (setting.kind === "names") return "names with commas between them, or nothing";
  const range = `${String(setting.minimum)}..${String(setting.maximum)}`;
  return setting.kind === "integer" ? `a whole number ${range}` : range;
}

/** The value that `text` names, or undefined where the setting does not accept it. */
export function parseSetting(setting: Setting, text: string): SettingValue | undefined {
  if (setting.kind === "choice") return setting.choices.includes(text) ? text : undefined;
  if (setting.kind === "names") {
    const list = text.replace(/\s/g, "");
    return names.safeParse(list).success ? list : undefined;
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim())) return undefined;
  const value = Number(text);
  if (setting.kind === "integer" && !Number.isInteger(value)) return undefined;
  // The form of -0 is lost in an address; no setting means anything else by it.
  return value >= setting.minimum && value <= setting.maximum ? value + 0 : undefined;
}

/** An issue of the schema's as a sentence and its remedy. */
export function describeIssue(issue: z.core.$ZodIssue): [message: string, hint: string] {
  const key = issue.path.join(".");
  const setting = byKey.get(key);
  if (setting) return [`${key} is out of range, expected ${expectation(setting)}.`, `Give ${key} such a value.`];
  return [`${key || "The configuration"}: ${issue.message}.`, "Remove what is not a setting."];
}

const overrides = z.custom<ConfigOverrides>((value) => configSchema.safeParse(value).success);

/** One setting as an override; throws a ZodError where the schema does not accept the value. */
export function overrideOf(key: string, value: SettingValue): ConfigOverrides {
  return overrides.parse(unflatten({ [key]: value }));
}

/** The setting that brings others along (./algorithms). */
export const algorithmKey = "learn.algorithm";

/** Settings in an order in which each may be applied: what brings other values along comes first. */
export function inOrderOfEffect<T extends readonly [key: string, value: SettingValue]>(changes: readonly T[]): T[] {
  return [...changes.filter(([key]) => key === algorithmKey), ...changes.filter(([key]) => key !== algorithmKey)];
}
