import { expect, test } from "vitest";
import type { SandboxCounts } from "../core/events";
import { openSandbox } from "./pool";
import type { SnippetLimits } from "./sandbox";

const limits: SnippetLimits = { seconds: 2, outputCharacters: 2000 };

test("replaces a killed worker and runs its snippet once more", async () => {
  const notices: string[] = [];
  const seen: SandboxCounts[] = [];
  const two = await openSandbox({
    workers: 2,
    onNotice: (text) => notices.push(text),
    onCounts: (c) => seen.push(c),
  });
  const slow = two.run("n = 0\nfor i in range(10**7): n += i\nprint(n)", { ...limits, seconds: 20 });
  two.killWorker();
  expect(await slow).toMatchObject({ status: "ok", stdout: "49999995000000\n" });
  expect(two.counts()).toMatchObject({ ok: 1, retried: 1, respawned: 1, dropped: 0, crash: 0 });
  expect(notices.join()).toContain("replaced");
  expect(seen.at(-1)).toEqual(two.counts());

  await expect.poll(() => two.counts().workers, { timeout: 20_000 }).toBe(2);
  const code = "import random\nprint(object(), random.random(), {str(i) for i in range(9)})";
  const texts = await Promise.all(Array.from({ length: 6 }, () => two.run(code, limits)));
  expect(new Set(texts.map(({ stdout }) => stdout)).size).toBe(1);
  two.close();
});

test("gives a snippet up when a second worker dies on it, and counts it", async () => {
  const one = await openSandbox({ workers: 1 });
  const doomed = one.run("while True: pass", { ...limits, seconds: 30 });
  one.killWorker();
  await expect.poll(() => one.counts().retried).toBe(1);
  await expect.poll(() => one.counts().workers, { timeout: 20_000 }).toBe(1);
  one.killWorker();
  expect(await doomed).toMatchObject({ status: "crash", stdout: "" });
  expect(one.counts()).toMatchObject({ crash: 1, dropped: 1, retried: 1 });
  expect(await one.run("print(1)", limits)).toMatchObject({ status: "ok", stdout: "1\n" });
  one.close();
});

test("tells its progress, and rejects what is running, queued and new once it is closed", async () => {
  const progress: number[][] = [];
  const one = await openSandbox({ workers: 1, onProgress: (done, total) => progress.push([done, total]) });
  expect(progress).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
  const running = one.run("while True: pass", limits);
  const queued = one.run("print(1)", limits);
  one.close();
  await expect(running).rejects.toThrow("closed");
  await expect(queued).rejects.toThrow("closed");
  await expect(one.run("print(1)", limits)).rejects.toThrow("closed");
});
