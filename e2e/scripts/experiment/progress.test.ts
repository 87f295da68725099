import { describe, expect, test } from "vitest";
import type { LabEvent } from "../../../src/core/events";
import { Progress, timeLeft } from "./progress";

function draw(events: LabEvent[], isTerminal: boolean): string {
  let text = "";
  let clock = 0;
  const progress = new Progress(4, { write: (more) => (text += more), isTerminal, now: () => clock });
  for (const event of events) {
    clock += 10;
    progress.handle(event);
  }
  return text;
}

const metrics = (step: number, values: Record<string, number>): LabEvent => ({
  type: "metrics",
  row: { step, episodes: 64 * step, values },
});

describe("the progress line", () => {
  test("keeps the last accuracy between evaluations and prints whole lines into a file", () => {
    const text = draw([metrics(0, { accuracy: 0.4 }), metrics(1, { reward: -0.5, codeRatio: 0.75 })], false);
    const lines = text.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain("step 0/4  reward    -  accuracy 0.40");
    expect(lines[1]).toMatch(
      /^\[######\.{18}\] step 1\/4 {2}reward -0\.50 {2}accuracy 0\.40 {2}code 0\.75 {2}30 s left$/,
    );
  });

  test("is redrawn in place on a terminal", () => {
    expect(draw([metrics(1, {})], true).startsWith("\r\u001b[K[######")).toBe(true);
  });

  test("names long work once, and notices always", () => {
    const python = (done: number): LabEvent => ({ type: "progress", task: "python", done, total: 2 });
    const notice: LabEvent = { type: "notice", code: "worker-replaced", message: "A worker was replaced." };
    expect(draw([python(1), python(2), notice], false)).toBe("python ...\nA worker was replaced.\n");
  });
});

test.each([
  [48.4, "48 s left"],
  [200, "3 min 20 s left"],
  [7500, "2 h 5 min left"],
  [-1, "0 s left"],
])("timeLeft(%d)", (seconds, words) => expect(timeLeft(seconds)).toBe(words));
