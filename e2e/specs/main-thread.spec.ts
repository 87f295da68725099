/** While a policy learns, the page itself stays free for the reader. */
import { z } from "zod";
import { expect, test } from "../pages/test";

/** What Chromium's own trace says of a task: `tdur` is what it cost its thread, in microseconds. */
const traceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      tdur: z.number().optional(),
      args: z.object({ name: z.string().optional() }).optional(),
    }),
  ),
});

/** The longest task of the pages' own threads, in milliseconds of processor time: a busy machine does not count. */
function longestTask(trace: Buffer): { milliseconds: number; tasks: number } {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString("utf8")));
  const place = ({ pid, tid }: { pid: number; tid: number }): string => `${pid}/${tid}`;
  const names = traceEvents.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const mains = new Set(names.map(place));
  const tasks = traceEvents.filter((event) => event.name === "RunTask" && mains.has(place(event)));
  return { milliseconds: Math.max(0, ...tasks.map(({ tdur }) => (tdur ?? 0) / 1000)), tasks: tasks.length };
}

test("no task of the page takes 100 ms while it trains, streams and draws", async ({ browser, lab, page }) => {
  await lab.open({ seed: 1, steps: 1000, "evaluation.every": 2, "evaluation.samples": 1 });
  await lab.press("start");
  await lab.reachesStep(1);
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  await lab.reachesStep(5);
  const { milliseconds, tasks } = longestTask(await browser.stopTracing());
  await lab.press("pause");
  console.log(`The longest of ${tasks} tasks took ${milliseconds.toFixed(1)} ms of processor time.`);
  expect(tasks).toBeGreaterThan(100);
  expect(milliseconds).toBeLessThan(100);
});
