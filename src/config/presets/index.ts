/**
 * The presets: a size of policy and of step that suits a machine. A preset is short and says why; whatever it does
 * not name has the schema's default. A new preset is one entry here and one name in the schema.
 */
import { FaultError } from "../../core/result";
import { algorithmSettings } from "../algorithms";
import { type AlgorithmName, algorithmNames } from "../learn-settings";
import { type ConfigOverrides, configSchema, type LabConfig } from "../schema";
import { algorithmKey, describeIssue, flatten, type SettingValue, unflatten } from "../settings";

export type PresetName = LabConfig["preset"];

/** A cold start without code. */
const onlyText = { direct: 0, worked: 1, oneBlock: 0, twoBlocks: 0, rewritten: 0, exploration: 0 };

/** A cold start in which code solves a problem whole or not at all. */
const wholePrograms = {
  steps: 1100,
  epochs: 0,
  traces: 24_000,
  direct: 0.18,
  worked: 0.4,
  oneBlock: 0.18,
  twoBlocks: 0.24,
  rewritten: 0,
  exploration: 0,
};

/** Wider and deeper than spark, with heads of 16 dimensions as there. */
const larger = { hidden: 96, layers: 4, heads: 6, kvHeads: 6, intermediate: 256 };

export const presets = {
  /** Tests: a step in well under a second, everything else as in spark, so that spark's checkpoint fits. */
  smoke: {
    steps: 4, // enough for two evaluations and three updates
    rollout: { problems: 2, groupSize: 4, maxTokens: 128 },
    evaluation: { every: 2, samples: 1 },
  },
  /** Any machine, without a GPU: the schema's defaults. */
  spark: {},
  /** The text-only twin of spark: the same size, problems and budget, worked traces without code, no tool. */
  "spark-text": {
    // Working a problem is harder to learn than writing a program: 1,100 steps on 24,000 traces gave 0.05.
    coldStart: { steps: 4400, epochs: 0, traces: 60_000, ...onlyText },
    rollout: { tool: "off" },
  },
  /** Another backbone, as the paper has one: spark with nearly three times the parameters, all else equal. */
  "spark-large": { policy: larger, coldStart: { learningRate: 2.5e-3 } }, // wider layers take a smaller rate
  /** As spark, on problems of two steps: nine pairs of steps are in no cold-start trace. What of them is solved was found. */
  discovery: {
    problems: "two-step",
    coldStart: {
      ...wholePrograms,
      // Each step of them is shown in other pairs, except squaring, which is shown with plain numbers alone.
      leftOut:
        "remainder-of-multiples-sum,remainder-of-choice,square-of-gcd,plus-of-lcm,plus-of-prime-count,times-of-power,times-of-divisor-sum,divisors-of-product,divisors-of-lcm",
    },
    evaluation: { furtherSets: "always" }, // what was left out is what it is about
  },
  /** Reads problems in words and compositions that it has not met: many wordings of many families, and its own tokenizer. */
  wide: {
    problems: "wide",
    steps: 200, // eight times the families of spark
    policy: larger,
    coldStart: {
      traces: 130_000,
      learningRate: 2.5e-3, // wider layers take a smaller rate
      direct: 0.13,
      worked: 0.3,
      oneBlock: 0.13,
      twoBlocks: 0.24,
      rewritten: 0.25,
      exploration: 0.1,
    },
    evaluation: { furtherSets: "always" }, // MiniAIME-25 is what it is about
  },
  /** A laptop's integrated GPU: 0.8 M parameters. */
  classroom: {
    policy: { hidden: 128, layers: 4, heads: 4, kvHeads: 4, intermediate: 352 }, // 8/3 of 128, rounded to 16
    coldStart: { learningRate: 2e-3 }, // wider layers take a smaller rate
    rollout: { problems: 32 }, // a GPU decodes 256 rows nearly as fast as 64
    learn: { learningRate: 3e-4, miniBatches: 4 }, // the same 64 episodes an update as two of spark's
  },
  /** A discrete GPU: about 5 M parameters. */
  studio: {
    policy: { hidden: 256, layers: 6, heads: 8, kvHeads: 8, intermediate: 688 }, // 32 dimensions a head
    coldStart: { learningRate: 1e-3 }, // wider still
    rollout: { problems: 64, groupSize: 16 }, // verl's recipe takes groups of 16
    learn: { learningRate: 2e-4, miniBatches: 8 }, // 128 episodes an update
    sandbox: { workers: 4 }, // 1,024 snippets a step
  },
} satisfies Record<PresetName, ConfigOverrides>;

/** The presets' names, in the order in which they are offered. */
export const presetNames = configSchema.shape.preset.unwrap().options;

/** The algorithm's own settings, over those of the preset. */
function baseEntries(preset: PresetName, algorithm: AlgorithmName | undefined): Record<string, SettingValue> {
  const own: ConfigOverrides = presets[preset];
  const chosen = algorithm ?? own.learn?.algorithm ?? configSchema.parse({}).learn.algorithm;
  return { ...flatten(own), ...flatten({ learn: algorithmSettings[chosen] }), [algorithmKey]: chosen, preset };
}

/**
 * A whole configuration: the schema's defaults, what the preset changes, what its algorithm sets, then what
 * `overrides` say. Throws a FaultError that names the first value that is out of range.
 */
export function makeConfig(preset: PresetName, overrides: ConfigOverrides = {}): LabConfig {
  const entries = { ...baseEntries(preset, overrides.learn?.algorithm), ...flatten(overrides), preset };
  const parsed = configSchema.safeParse(unflatten(entries));
  if (parsed.success) return parsed.data;
  const [message, hint] = describeIssue(parsed.error.issues[0]);
  throw new FaultError({ at: "config", code: "out-of-range", message, hint });
}

/**
 * `config` with one setting changed. Another algorithm brings the values of its paper along and takes those of the one
 * before away. Throws a ZodError where the schema does not accept the value.
 */
export function withSetting(config: LabConfig, key: string, value: SettingValue): LabConfig {
  const next = key === algorithmKey ? algorithmNames.find((name) => name === value) : undefined;
  const flat = flatten(config);
  if (!next || next === config.learn.algorithm) return configSchema.parse(unflatten({ ...flat, [key]: value }));
  const base = flatten(makeConfig(config.preset, { learn: { algorithm: next } }));
  const brought = [config.learn.algorithm, next].flatMap((name) =>
    Object.keys(flatten({ learn: algorithmSettings[name] })),
  );
  const changed = Object.fromEntries([...brought, algorithmKey].map((name) => [name, base[name]]));
  return configSchema.parse(unflatten({ ...flat, ...changed }));
}
