/**
 * What the paper's table compares (ReTool, table 1), in miniature: the same problems, seeds and budget for all. An arm
 * trains, or scores what another left; each is one run of `npm run experiment`.
 */
import type { PresetName } from "../../../src/config/presets";
import type { SettingValue } from "../../../src/config/settings";

export interface Arm {
  name: string;
  preset: PresetName;
  /** The arm whose checkpoint it begins from; null for the preset's own start. */
  from: string | null;
  /** Whether it trains for the experiment's steps, or only scores. */
  trains: boolean;
  settings: Record<string, SettingValue>;
}

const scores = { trains: false, settings: {} } as const;

/** In an order in which each finds what it begins from. */
export const arms: readonly Arm[] = [
  { ...scores, name: "base", preset: "spark", from: null, settings: { start: "random" } },
  { ...scores, name: "cold-start", preset: "spark", from: null },
  { ...scores, name: "text-cold-start", preset: "spark-text", from: null },
  { name: "retool", preset: "spark", from: null, trains: true, settings: {} },
  { ...scores, name: "retool-scored", preset: "spark", from: "retool" },
  { ...scores, name: "retool-without-tool", preset: "spark", from: "retool", settings: { "rollout.tool": "off" } },
  { name: "text", preset: "spark-text", from: null, trains: true, settings: {} },
  { ...scores, name: "text-scored", preset: "spark-text", from: "text" },
  {
    name: "interpreter-learned",
    preset: "spark",
    from: null,
    trains: true,
    settings: { "learn.interpreterTokens": "learn" },
  },
  { ...scores, name: "interpreter-learned-scored", preset: "spark", from: "interpreter-learned" },
  { ...scores, name: "larger-cold-start", preset: "spark-large", from: null },
  { name: "larger", preset: "spark-large", from: null, trains: true, settings: {} },
  { ...scores, name: "larger-scored", preset: "spark-large", from: "larger" },
];

/** A row of the table: what the lab measured beside what the paper reports (AIME24, AIME25). */
export interface TableRow {
  title: string;
  /** The arm whose score it shows; null for the model from outside. */
  arm: string | null;
  paper: string;
}

export const tableRows: readonly TableRow[] = [
  { title: "base: random weights (the paper: Qwen2.5-32B-Instruct)", arm: "base", paper: "26.7 / -" },
  { title: "cold start, with the tool", arm: "cold-start", paper: "40.9 / 34.5" },
  { title: "text cold start", arm: "text-cold-start", paper: "-" },
  { title: "text-only RL", arm: "text-scored", paper: "40.0 / 36.7 (1080 steps)" },
  { title: "ReTool", arm: "retool-scored", paper: "67.0 / 49.3 (400 steps)" },
  { title: "ReTool, the tool switched off", arm: "retool-without-tool", paper: "-" },
  { title: "ReTool, interpreter tokens learned from", arm: "interpreter-learned-scored", paper: "-" },
  { title: "larger policy (`spark-large`): cold start", arm: "larger-cold-start", paper: "-" },
  {
    title: "larger policy: ReTool (the paper: DeepSeek-R1-Distill-Qwen-32B)",
    arm: "larger-scored",
    paper: "72.5 / 54.3",
  },
  { title: "o1-preview", arm: null, paper: "44.6 / 37.9" },
];
