/** Runs to be compared as files: what `npm run experiment` leaves, read back, and several runs in one small file. */
import { z } from "zod";
import { configSchema } from "../config/schema";
import type { EvaluationSet } from "../core/evaluation";
import { type MetricRow, metrics } from "../core/metrics";
import { FaultError } from "../core/result";
import type { ComparedRun } from "./comparison";

/** A file's path below what was chosen, and its text. */
export interface NamedText {
  path: string;
  text: string;
}

const record = z.object({
  config: z.unknown(),
  checkpoint: z.string().default(""),
  backend: z.object({ name: z.string() }).nullish(),
});

const row = z.object({ step: z.number(), episodes: z.number(), values: z.record(z.string(), z.number()) });

const problem = z.object({
  id: z.string(),
  family: z.string(),
  kind: z.string(),
  level: z.number(),
  question: z.string(),
  answer: z.number(),
  samples: z.number().positive(),
  right: z.number(),
  byCode: z.number(),
});

/** What a comparison reads of a report. */
const report = z.object({ step: z.number(), set: z.string(), problems: z.array(problem) });

/** The file in which several runs travel together. */
const bundle = z.object({
  runs: z.array(
    z.object({
      name: z.string(),
      config: z.unknown(),
      checkpoint: z.string(),
      backend: z.string(),
      rows: z.array(row),
      evaluations: z.array(report),
    }),
  ),
});

function refuse(path: string, what: string): never {
  throw new FaultError({
    at: "config",
    code: "compare",
    message: `${path}: ${what}.`,
    hint: "Choose run.json, metrics.jsonl and evaluations.jsonl of one run, or a folder of such runs.",
  });
}

function read<T>(path: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(path, "this is not JSON");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path: where, message }] = parsed.error.issues;
  return refuse(path, `${where.join(".") || "it"}: ${message}`);
}

function readLines<T>({ path, text }: NamedText, schema: z.ZodType<T>): T[] {
  return text
    .split("\n")
    .flatMap((line, place) => (line === "" ? [] : [read(`${path}, line ${place + 1}`, line, schema)]));
}

type Row = z.infer<typeof row>;

/** Metrics that this lab knows; another version may have had others. */
function knownRow({ step, episodes, values }: Row): MetricRow {
  const known = Object.entries(values).filter(([id]) => Object.hasOwn(metrics, id));
  return { step, episodes, values: Object.fromEntries(known) };
}

/** A record of an earlier version lacks newer settings, which then did what their defaults do. */
function configOf(path: string, value: unknown): ComparedRun["config"] {
  const parsed = configSchema.safeParse(value);
  return parsed.success ? parsed.data : refuse(path, `its configuration is not one: ${parsed.error.issues[0].message}`);
}

const isSet = (set: string): set is EvaluationSet => ["MiniAIME-24", "MiniAIME-25", "left-out", "own"].includes(set);

type Report = z.infer<typeof report>;

/** What a comparison needs of a report; its other numbers follow from the problems. */
function knownReports(reports: readonly Report[], seed: number): ComparedRun["evaluations"] {
  return reports.flatMap(({ step, set, problems }) => (isSet(set) ? [{ step, set, title: set, seed, problems }] : []));
}

function runOf(folder: string, files: ReadonlyMap<string, NamedText>): ComparedRun {
  const [own, lines] = [files.get("run.json"), files.get("metrics.jsonl")];
  if (!own || !lines) return refuse(folder || "The files", `${own ? "metrics.jsonl" : "run.json"} is missing`);
  const { config, checkpoint, backend } = read(own.path, own.text, record);
  const evaluations = files.get("evaluations.jsonl");
  const parsed = configOf(own.path, config);
  return {
    id: folder,
    name:
      folder
        .replace(/\/seed-\d+$/, "")
        .split("/")
        .at(-1) || parsed.preset,
    config: parsed,
    checkpoint,
    backend: backend?.name ?? "",
    rows: readLines(lines, row).map(knownRow),
    evaluations: evaluations ? knownReports(readLines(evaluations, report), parsed.seed) : [],
  };
}

/** The runs of a file in which several travel together. Throws a FaultError that says what is wrong. */
export function readBundle({ path, text }: NamedText): ComparedRun[] {
  return read(path, text, bundle).runs.map(({ name, config, checkpoint, backend, rows, evaluations }, place) => {
    const parsed = configOf(path, config);
    return {
      id: `${path}#${place}`,
      name,
      config: parsed,
      checkpoint,
      backend,
      rows: rows.map(knownRow),
      evaluations: knownReports(evaluations, parsed.seed),
    };
  });
}

/** The runs of the chosen files, one a folder. Throws a FaultError that names the file, and its line, that is wrong. */
export function readRuns(files: readonly NamedText[]): ComparedRun[] {
  const folders = new Map<string, Map<string, NamedText>>();
  for (const file of files) {
    const [, folder, name] = /^(?:(.*)\/)?([^/]*)$/.exec(file.path) ?? [];
    if (!["run.json", "metrics.jsonl", "evaluations.jsonl"].includes(name)) continue;
    const own = folders.get(folder ?? "") ?? new Map<string, NamedText>();
    folders.set(folder ?? "", own.set(name, file));
  }
  if (folders.size === 0) return refuse(files[0]?.path ?? "Nothing", "there is no run in it");
  return [...folders].map(([folder, own]) => runOf(folder, own));
}

/** Runs as the text of one file. */
export function writeBundle(runs: readonly ComparedRun[], provenance: Record<string, unknown>): string {
  const told = runs.map(({ name, config, checkpoint, backend, rows, evaluations }) => ({
    name,
    config,
    checkpoint,
    backend,
    rows,
    evaluations: evaluations.map(({ step, set, problems }) => ({ step, set, problems })),
  }));
  return `${JSON.stringify({ ...provenance, runs: told })}\n`;
}
