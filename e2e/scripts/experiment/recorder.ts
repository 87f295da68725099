/**
 * What a run leaves on disk. Rows and episodes are written as they come, so that nothing is lost with the browser or
 * the terminal, and only what the report needs is kept in memory.
 */
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EvaluationReport } from "../../../src/core/evaluation";
import type { LabEvent } from "../../../src/core/events";
import type { MetricRow } from "../../../src/core/metrics";
import type { Fault } from "../../../src/core/result";
import type { CheckpointFiles } from "../../../src/session/api";
import { episodesToJsonl, evaluationsToJsonl, metricsToJsonl } from "../../../src/storage/export";
import { makeReport } from "../../../src/storage/report";
import { addExamples, noExamples, type RunRecord } from "../../../src/storage/run-record";

export class Recorder {
  readonly #folder: string;
  #run: RunRecord;
  #rows: MetricRow[] = [];
  /** A step's row comes again with its evaluation, so it is written when the next step's comes. */
  #pending: MetricRow | null = null;
  #evaluations: EvaluationReport[] = [];
  #examples = noExamples;
  #finished = false;

  /** Makes the folder and its first files; throws where that is not possible. */
  constructor(folder: string, run: RunRecord) {
    this.#folder = folder;
    this.#run = run;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "metrics.jsonl"), "");
    writeFileSync(join(folder, "episodes.jsonl"), "");
    writeFileSync(join(folder, "evaluations.jsonl"), "");
    this.#writeRun();
  }

  /** What is known of the run so far, with `changes`. */
  note(changes: Partial<RunRecord>): void {
    this.#run = { ...this.#run, ...changes };
    this.#writeRun();
  }

  /** The first fault is the cause; those after it are consequences. */
  fail(fault: Fault): void {
    this.note({ outcome: "failed", fault: this.#run.fault ?? fault });
  }

  handle(event: LabEvent): void {
    if (this.#finished) return;
    if (event.type === "metrics") this.#addRow(event.row);
    if (event.type === "evaluation") this.#addEvaluation(event.report);
    if (event.type !== "episodes") return;
    appendFileSync(join(this.#folder, "episodes.jsonl"), episodesToJsonl(event.episodes));
    this.#examples = addExamples(this.#examples, event.episodes);
  }

  saveCheckpoint(files: CheckpointFiles): void {
    const folder = join(this.#folder, "checkpoint");
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  }

  /** Writes what was held back, run.json and the report. `time` is ISO 8601. */
  finish(outcome: RunRecord["outcome"], time: string): RunRecord {
    this.#finished = true;
    if (this.#pending) this.#writeRow(this.#pending);
    const last = this.#rows.at(-1) ?? { step: 0, episodes: 0 };
    const settled = this.#run.fault ? "failed" : outcome;
    this.note({ outcome: settled, end: { time, step: last.step, episodes: last.episodes } });
    const report = { run: this.#run, rows: this.#rows, evaluations: this.#evaluations, examples: this.#examples };
    writeFileSync(join(this.#folder, "report.html"), makeReport(report));
    return this.#run;
  }

  #addEvaluation(report: EvaluationReport): void {
    this.#evaluations.push(report);
    appendFileSync(join(this.#folder, "evaluations.jsonl"), evaluationsToJsonl([report]));
  }

  #addRow(row: MetricRow): void {
    if (this.#pending && this.#pending.step !== row.step) this.#writeRow(this.#pending);
    this.#pending = row;
  }

  #writeRow(row: MetricRow): void {
    this.#rows.push(row);
    appendFileSync(join(this.#folder, "metrics.jsonl"), metricsToJsonl([row]));
  }

  #writeRun(): void {
    // Whole or not at all, also where the writer is killed.
    const [file, draft] = ["run.json", "run.json.part"].map((name) => join(this.#folder, name));
    writeFileSync(draft, `${JSON.stringify(this.#run, null, 2)}\n`);
    renameSync(draft, file);
  }
}
