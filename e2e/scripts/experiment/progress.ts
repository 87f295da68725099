/** One line that says how far a run is: redrawn in place on a terminal, printed whole where output goes to a file. */
import type { Measure } from "../../../src/core/evaluation";
import type { LabEvent } from "../../../src/core/events";
import type { MetricRow } from "../../../src/core/metrics";

const barWidth = 24;

/** "0.903 (0.846 to 0.952)": a measure as commands and tables say it. */
export function said({ mean, bounds }: Measure): string {
  return mean.toFixed(3) + (bounds ? ` (${bounds.map((bound) => bound.toFixed(3)).join(" to ")})` : "");
}

/** "48 s left", "3 min 20 s left", "2 h 5 min left". */
export function timeLeft(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s left`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s left`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min left`;
}

export interface ProgressView {
  write: (text: string) => void;
  isTerminal: boolean;
  /** Seconds, for measuring. */
  now: () => number;
}

/** Where commands show how far they are. */
export const terminal: ProgressView = {
  write: (text) => void process.stdout.write(text),
  isTerminal: process.stdout.isTTY,
  now: () => performance.now() / 1000,
};

/** The one line, and the sentences above it. */
export class StatusLine {
  readonly view: ProgressView;

  constructor(view: ProgressView) {
    this.view = view;
  }

  /** A sentence on a line of its own. */
  say(sentence: string): void {
    this.view.write(this.view.isTerminal ? `\r\u001b[K${sentence}\n` : `${sentence}\n`);
  }

  draw(line: string): void {
    this.view.write(this.view.isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
  }
}

/** "[######..................]". */
export function bar(done: number, total: number): string {
  const filled = total > 0 ? Math.round((barWidth * done) / total) : 0;
  return `[${"#".repeat(filled)}${".".repeat(barWidth - filled)}]`;
}

const shown = (value: number | undefined): string => (value === undefined ? "   -" : value.toFixed(2).padStart(4));

export class Progress {
  readonly #steps: number;
  readonly #line: StatusLine;
  #began: number | null = null;
  #step = 0;
  #values: MetricRow["values"] = {};
  #task = "";

  constructor(steps: number, view: ProgressView) {
    this.#steps = steps;
    this.#line = new StatusLine(view);
  }

  /** Takes in an event; draws where it changes what there is to see. */
  handle(event: LabEvent): void {
    if (event.type === "progress") this.#drawTask(event.task, event.done, event.total);
    else if (event.type === "notice") this.say(event.message);
    else if (event.type === "state" && event.state === "running") this.#began ??= this.#line.view.now();
    else if (event.type === "metrics") {
      // The evaluation before step 1 is no step; what is left is reckoned from its end.
      if (event.row.step === 0 || this.#began === null) this.#began = this.#line.view.now();
      this.#step = event.row.step;
      // Accuracy is measured now and then; between, the last one stands.
      this.#values = { ...this.#values, ...event.row.values };
      this.#drawStep();
    }
  }

  /** A sentence on a line of its own. */
  say(sentence: string): void {
    this.#line.say(sentence);
  }

  #drawTask(task: string, done: number, total: number): void {
    // While steps are counted, their line says enough.
    if (this.#step > 0) return;
    if (!this.#line.view.isTerminal) {
      if (task !== this.#task) this.#line.draw(`${task} ...`);
      this.#task = task;
      return;
    }
    this.#line.draw(total > 0 ? `${task} ${Math.round((100 * done) / total)} %` : `${task} ...`);
  }

  #drawStep(): void {
    const { reward, accuracy, codeRatio } = this.#values;
    const elapsed = this.#began === null ? 0 : this.#line.view.now() - this.#began;
    const left = this.#step > 0 && elapsed > 0 ? timeLeft((elapsed / this.#step) * (this.#steps - this.#step)) : "";
    const numbers = `reward ${shown(reward)}  accuracy ${shown(accuracy)}  code ${shown(codeRatio)}`;
    this.#line.draw(`${bar(this.#step, this.#steps)} step ${this.#step}/${this.#steps}  ${numbers}  ${left}`);
  }
}
