import { afterAll, beforeAll, expect, test } from "vitest";
import { withCache } from "./cache";
import { openSandbox } from "./pool";
import type { Sandbox, SnippetLimits } from "./sandbox";

const limits: SnippetLimits = { fuel: 200_000, seconds: 10, outputCharacters: 500 };
let pool: Sandbox;
beforeAll(async () => {
  pool = await openSandbox({ workers: 1 });
});
afterAll(() => pool.close());

test("a snippet that was run before is not run again, and says the same", async () => {
  const sandbox = withCache(pool);
  for (const code of ["print(1 + 1)", "1/0", "while True: pass"]) {
    const first = await sandbox.run(code, limits);
    const before = pool.counts();
    expect(await sandbox.run(code, limits)).toEqual({ ...first, milliseconds: 0 });
    expect(pool.counts()).toEqual(before);
  }
  const { ok, error, timeout, cached } = pool.counts();
  expect(sandbox.counts()).toMatchObject({ ok: ok + 1, error: error + 1, timeout: timeout + 1, cached: cached + 3 });
});

test("other limits are another run", async () => {
  const sandbox = withCache(pool);
  await sandbox.run("print('x' * 100)", limits);
  expect(await sandbox.run("print('x' * 100)", { ...limits, outputCharacters: 5 })).toMatchObject({ status: "output" });
  expect(sandbox.counts().cached).toBe(0);
});

test("what the clock stopped is run again", async () => {
  const sandbox = withCache(pool);
  const hasty = { ...limits, fuel: 10 ** 9, seconds: 0.05 };
  expect(await sandbox.run("while True: pass", hasty)).toMatchObject({ status: "timeout" });
  expect(await sandbox.run("while True: pass", hasty)).toMatchObject({ status: "timeout" });
  expect(sandbox.counts().cached).toBe(0);
});

test("what the clock stopped is run again, also where it went on until its fuel was spent", async () => {
  const sandbox = withCache(pool);
  const code = "try:\n  while True: pass\nexcept BaseException: pass\nfor i in range(9000): pass";
  const hasty = { ...limits, fuel: 5000, seconds: 0 };
  // A machine that is busy just then ends it at once; what the clock stopped is never known, so it may be tried again.
  let first = await sandbox.run(code, hasty);
  for (let tries = 1; tries < 20 && first.fuel <= hasty.fuel; tries++) first = await sandbox.run(code, hasty);
  expect(first.fuel).toBeGreaterThan(hasty.fuel);
  expect(first).toMatchObject({ status: "timeout", stdout: "", unrepeatable: true });
  await sandbox.run(code, hasty);
  expect(sandbox.counts().cached).toBe(0);
});

test("what overflowed the engine's own stack is run again, and keeps nothing of what it printed", async () => {
  const sandbox = withCache(pool);
  const code = "print(1)\nx = []\nfor _ in range(10**5): x = [x]\nprint(x)";
  for (let time = 0; time < 2; time++) {
    expect(await sandbox.run(code, limits)).toMatchObject({
      status: "error",
      stdout: "",
      error: "RecursionError: maximum recursion depth exceeded",
    });
  }
  expect(sandbox.counts().cached).toBe(0);
});

test("a result from memory is told of", async () => {
  const seen: number[] = [];
  const sandbox = withCache(pool, { onHit: () => seen.push(sandbox.counts().cached) });
  for (let time = 0; time < 3; time++) await sandbox.run("print(7)", limits);
  expect(seen).toEqual([1, 2]);
});

test("the result that was unused for longest is forgotten first", async () => {
  const sandbox = withCache(pool, { capacity: 2 });
  for (const code of ["1", "2", "1", "3", "1", "2"]) await sandbox.run(code, limits);
  // Kept: 1 throughout; 2 had to go for 3.
  expect(sandbox.counts().cached).toBe(2);
});

test("a run that was given up takes its snippet out of the queue, and asks no cache", async () => {
  // A pool that has run nothing yet: its worker takes the first snippet at once.
  const fresh = await openSandbox({ workers: 1 });
  const sandbox = withCache(fresh);
  const abort = new AbortController();
  const long = { ...limits, fuel: 30_000_000 };
  const running = sandbox.run("while True: pass", long, abort.signal);
  const queued = sandbox.run("print('queued')", limits, abort.signal);
  abort.abort(new Error("given up"));
  await expect(running).rejects.toThrow("given up");
  await expect(queued).rejects.toThrow("given up");
  await expect(sandbox.run("print('late')", limits, abort.signal)).rejects.toThrow("given up");
  expect(await sandbox.run("print('next')", limits)).toMatchObject({ status: "ok", stdout: "next\n" });
  // The one that ran came to its end, the next one ran, the queued one never did.
  expect(fresh.counts()).toMatchObject({ timeout: 1, ok: 1 });
  fresh.close();
});
