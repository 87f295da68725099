import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { corrected, evaluation, makeEpisode, run } from "../../../src/storage/fixture";
import { Recorder } from "./recorder";

const folder = mkdtempSync(join(tmpdir(), "run-"));
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const json = (name: string): unknown => JSON.parse(read(name));

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what came is on disk before the run ends; a step's row is written once, with its evaluation", () => {
  const recorder = new Recorder(folder, { ...run, outcome: "running", end: run.start });
  expect(json("run.json")).toMatchObject({ outcome: "running", end: { step: 0 } });
  recorder.handle({ type: "episodes", step: 1, purpose: "train", episodes: [makeEpisode(), corrected] });
  expect(read("episodes.jsonl").trimEnd().split("\n")).toHaveLength(2);

  recorder.handle({ type: "metrics", row: { step: 1, episodes: 2, values: { reward: 1 } } });
  recorder.handle({ type: "metrics", row: { step: 1, episodes: 2, values: { reward: 1, accuracy: 0.5 } } });
  recorder.handle({ type: "metrics", row: { step: 2, episodes: 4, values: { reward: 0 } } });
  expect(read("metrics.jsonl")).toBe('{"step":1,"episodes":2,"values":{"reward":1,"accuracy":0.5}}\n');

  recorder.handle({ type: "evaluation", report: evaluation({ step: 1, mean: 0.5 }) });
  expect(JSON.parse(read("evaluations.jsonl"))).toEqual(evaluation({ step: 1, mean: 0.5 }));

  recorder.saveCheckpoint({ "config.json": new TextEncoder().encode("{}") });
  const ended = recorder.finish("finished", "2026-01-02T04:00:00.000Z");
  expect(ended).toMatchObject({ outcome: "finished", end: { step: 2, episodes: 4 } });
  expect(json("run.json")).toEqual(ended);
  expect(read("metrics.jsonl").trimEnd().split("\n")).toHaveLength(2);
  expect(read("checkpoint/config.json")).toBe("{}");
  expect(read("report.html")).toContain("A self-correction");
});

test("a fault is the outcome whatever comes after it, and the first is the cause", () => {
  const recorder = new Recorder(folder, run);
  recorder.fail({ at: "backend", code: "lost", message: "The GPU was lost.", hint: "Start again." });
  recorder.fail({ at: "backend", code: "browser", message: "The browser ended.", hint: "Start again." });
  expect(recorder.finish("finished", run.end.time)).toMatchObject({ outcome: "failed", fault: { code: "lost" } });
  expect(read("report.html")).toContain("The GPU was lost.");
});
