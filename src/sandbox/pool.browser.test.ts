import { afterAll, beforeAll, expect, test } from "vitest";
import type { SandboxCounts } from "../core/events";
import { fetchPythonAssets } from "./assets";
import { openSandbox } from "./pool";
import { PythonProcess } from "./python-process";
import type { Sandbox, SnippetLimits } from "./sandbox";

const limits: SnippetLimits = { fuel: 5_000_000, seconds: 10, outputCharacters: 2000 };
const patient: SnippetLimits = { fuel: 10 ** 9, seconds: 60, outputCharacters: 2000 };
const boot = { timeout: 30_000 };

let sandbox: Sandbox;
const progress: number[][] = [];
const notices: string[] = [];
const seen: SandboxCounts[] = [];

beforeAll(async () => {
  sandbox = await openSandbox({
    workers: 2,
    onProgress: (done, total) => progress.push([done, total]),
    onNotice: (message) => notices.push(message),
    onCounts: (counts) => seen.push(counts),
  });
});
afterAll(() => sandbox.close());

test("opening tells its progress and ends with a worker that is ready", () => {
  expect(progress).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
  expect(sandbox.counts().workers).toBe(1);
});

test("a killed worker is replaced and its snippet runs once more", async () => {
  const slow = sandbox.run("n = 0\nfor i in range(10**6): n += i\nprint(n)", patient);
  sandbox.killWorker();
  expect(await slow).toMatchObject({ status: "ok", stdout: "499999500000\n" });
  expect(sandbox.counts()).toMatchObject({ ok: 1, retried: 1, respawned: 1, dropped: 0, crash: 0 });
  expect(notices.join()).toContain("replaced");
  expect(seen.at(-1)).toEqual(sandbox.counts());
});

test("the same code prints the same text in every worker, at the same time too", async () => {
  await expect.poll(() => sandbox.counts().workers, boot).toBe(2);
  const code =
    "import random\nprint(object(), random.random(), {str(i) for i in range(9)})\nfor _ in range(10**5): pass";
  const results = await Promise.all(Array.from({ length: 6 }, () => sandbox.run(code, limits)));
  expect(results[0]).toMatchObject({ status: "ok", error: "" });
  expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(1);
});

test("a slow snippet holds up nobody, and a killed idle worker costs no snippet", async () => {
  const order: string[] = [];
  const slow = sandbox.run("for _ in range(2 * 10**7): pass", patient).then(() => order.push("slow"));
  const quick = Promise.all([1, 2, 3].map(() => sandbox.run("1", limits))).then(() => order.push("quick"));
  await Promise.all([slow, quick]);
  expect(order).toEqual(["quick", "slow"]);
  const { respawned, retried } = sandbox.counts();
  sandbox.killWorker();
  expect(await sandbox.run("print(1)", limits)).toMatchObject({ status: "ok", stdout: "1\n" });
  expect(sandbox.counts()).toMatchObject({ respawned: respawned + 1, retried });
});

test("a worker whose end is still on its way gets no snippet", async () => {
  const alone = await openSandbox({ workers: 1 });
  alone.killWorker();
  expect(await alone.run("print(1)", limits)).toMatchObject({ status: "ok", stdout: "1\n" });
  expect(alone.counts()).toMatchObject({ ok: 1, timeout: 0, retried: 0, respawned: 1 });
  alone.close();
});

test("a snippet that nobody waits for any more is not run again when its worker dies", async () => {
  const before = sandbox.counts();
  const abort = new AbortController();
  const abandoned = sandbox.run("while True: pass", patient, abort.signal);
  abort.abort(new Error("given up"));
  sandbox.killWorker();
  await expect(abandoned).rejects.toThrow("given up");
  await expect.poll(() => sandbox.counts().respawned, boot).toBe(before.respawned + 1);
  expect(await sandbox.run("print(1)", limits)).toMatchObject({ status: "ok" });
  expect(sandbox.counts()).toMatchObject({ retried: before.retried, dropped: before.dropped });
  await expect.poll(() => sandbox.counts().workers, boot).toBe(2);
});

test("a worker that breaks after its result takes no other snippet with it", async () => {
  const process = new PythonProcess(await fetchPythonAssets(() => undefined), () => undefined);
  await process.ready;
  const outcome = await process.run("print(1)", limits);
  if (outcome.kind !== "result") throw new Error(outcome.kind);
  expect(await outcome.restored).toBe(true);
  const last = await process.run("print(1)", limits);
  process.kill("it broke");
  expect(last).toMatchObject({ kind: "result", result: { status: "ok" } });
  expect(last.kind === "result" && (await last.restored)).toBe(false);
  expect(await process.run("print(1)", limits)).toEqual({ kind: "lost" });
});

test("a snippet on which a second worker dies is given up and counted", async () => {
  const before = sandbox.counts();
  const doomed = sandbox.run("while True: pass", patient);
  sandbox.killWorker();
  await expect.poll(() => sandbox.counts().retried, boot).toBe(before.retried + 1);
  await expect.poll(() => sandbox.counts().workers, boot).toBeGreaterThan(0);
  sandbox.killWorker();
  expect(await doomed).toMatchObject({ status: "crash", stdout: "", error: "" });
  expect(sandbox.counts()).toMatchObject({ crash: 1, dropped: 1, retried: before.retried + 1, ok: before.ok });
  expect(await sandbox.run("print(1)", limits)).toMatchObject({ status: "ok", stdout: "1\n" });
  await expect.poll(() => sandbox.counts().workers, boot).toBe(2);
});

test("closing rejects what is running, queued and new", async () => {
  const pending = Array.from({ length: 4 }, () => sandbox.run("while True: pass", limits));
  sandbox.close();
  for (const result of [...pending, sandbox.run("print(1)", limits)]) await expect(result).rejects.toThrow("closed");
});
