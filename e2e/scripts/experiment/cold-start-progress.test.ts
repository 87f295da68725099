import { expect, test } from "vitest";
import type { LabEvent } from "../../../src/core/events";
import { ColdStartProgress } from "./cold-start-progress";

test("into a file it prints twenty lines a phase, with the loss and the time left of that phase", () => {
  let text = "";
  let clock = 0;
  const progress = new ColdStartProgress({ write: (more) => (text += more), isTerminal: false, now: () => clock });
  const traces = (done: number): LabEvent => ({ type: "progress", task: "cold-start-data", done, total: 100 });
  for (let done = 1; done <= 100; done++) {
    clock += 1;
    progress.handle(traces(done));
  }
  const steps: LabEvent[] = [
    { type: "progress", task: "cold-start", done: 0, total: 40 },
    { type: "cold-start", step: 10, loss: 0.5 },
    { type: "progress", task: "cold-start", done: 10, total: 40 },
  ];
  for (const event of steps) {
    progress.handle(event);
    clock += 10;
  }
  const lines = text.trimEnd().split("\n");
  expect(lines).toHaveLength(23);
  expect(lines[20]).toBe("[########################] traces 100/100  0 s left");
  expect(lines[22]).toBe("[######..................] step 10/40  loss 0.500  1 min 0 s left");
});
