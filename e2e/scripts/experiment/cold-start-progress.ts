/** How far a cold start is: its traces, then its steps, then its score. */
import type { LabEvent } from "../../../src/core/events";
import { bar, type ProgressView, StatusLine, timeLeft } from "./progress";

/** Lines of a phase where output goes to a file. */
const linesOfAPhase = 20;

const titles = { "cold-start-data": "traces", "cold-start": "step", evaluation: "evaluation" } as const;

type Phase = keyof typeof titles;

const isPhase = (task: string): task is Phase => Object.hasOwn(titles, task);

export class ColdStartProgress {
  readonly #line: StatusLine;
  #phase: Phase | null = null;
  #began = 0;
  #printed = -1;
  #loss: number | null = null;

  constructor(view: ProgressView) {
    this.#line = new StatusLine(view);
  }

  /** Takes in an event; draws where it changes what there is to see. */
  handle(event: LabEvent): void {
    if (event.type === "cold-start") this.#loss = event.loss;
    else if (event.type === "progress" && isPhase(event.task)) this.#draw(event.task, event.done, event.total);
  }

  say(sentence: string): void {
    this.#line.say(sentence);
  }

  #draw(phase: Phase, done: number, total: number): void {
    const { isTerminal, now } = this.#line.view;
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#began = now();
      this.#printed = -1;
    }
    const share = total > 0 ? Math.floor((linesOfAPhase * done) / total) : 0;
    if (!isTerminal && share === this.#printed) return;
    this.#printed = share;
    const elapsed = now() - this.#began;
    const left = done > 0 && elapsed > 0 ? timeLeft((elapsed / done) * (total - done)) : "";
    const loss = phase === "cold-start" && this.#loss !== null ? `loss ${this.#loss.toFixed(3)}  ` : "";
    this.#line.draw(`${bar(done, total)} ${titles[phase]} ${done}/${total}  ${loss}${left}`);
  }
}
