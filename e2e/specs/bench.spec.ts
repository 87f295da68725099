/** The Bench view: engines are compared with the reference before they are timed, and what they took is shown. */
import { en } from "../../src/i18n/en";
import { expect, test } from "../pages/test";

test("measures three libraries that compute the same, shows them, and can be stopped", async ({ lab, page }) => {
  await lab.open({ preset: "smoke", backend: "wasm" });
  await lab.goTo("bench");
  await page.getByRole("radio", { name: "wasm" }).click();
  await page.getByRole("button", { name: en.bench.start, exact: true }).click();
  const phases = Object.values(en.bench.phases).map((name) => name.replaceAll(/[^\w\s]/g, "."));
  await expect(page.getByRole("progressbar", { name: new RegExp(phases.join("|")) })).toBeVisible();
  await page.getByRole("button", { name: en.bench.stop, exact: true }).click();
  await expect(page.getByRole("button", { name: en.bench.start, exact: true })).toBeEnabled();

  const report = await page.evaluate(() =>
    window.bench.measure({
      backends: ["wasm"],
      sizes: ["spark"],
      subjects: ["ours", "tfjs", "jax-js"],
      rows: [4],
      rounds: 2,
      tokens: 4,
      patience: null,
      soakSteps: 3,
    }),
  );
  const [{ parities, oracleLosses, measurements }] = report.matches;
  expect(oracleLosses).toHaveLength(5);
  expect(oracleLosses[4]).not.toBe(oracleLosses[0]);
  expect(parities.map(({ subject, agreed }) => [subject, agreed])).toEqual([
    ["ours", true],
    ["tfjs", true],
    ["jax-js", true],
  ]);
  expect(measurements).toHaveLength(9);
  for (const { samples } of measurements) expect(samples).toHaveLength(2);
  expect(report.soaks[0].points.map(({ steps }) => steps)).toEqual([1, 2, 3]);

  const found = page.getByRole("region", { name: en.bench.found });
  await expect(found.getByRole("list", { name: en.bench.parity }).getByRole("listitem")).toHaveCount(3);
  await expect(found.getByRole("figure", { name: en.bench.train("1,024") }).getByRole("listitem")).toHaveCount(3);
  await found.getByText(en.bench.numbers, { exact: true }).click();
  await expect(found.getByRole("row")).toHaveCount(10);
});

test("one bench at a time, and a second one is told so", async ({ lab, page }) => {
  await lab.open({ preset: "smoke", backend: "wasm", view: "bench" });
  const told = await page.evaluate(async () => {
    const plan = { backends: ["wasm" as const], sizes: ["spark" as const], subjects: ["ours" as const], rows: [] };
    const whole = { ...plan, rounds: 1, tokens: 1, patience: null, soakSteps: 0 };
    const first = window.bench.measure(whole).then(
      () => "finished",
      (error: unknown) => String(error),
    );
    const second = await window.bench.measure(whole).catch((error: unknown) => String(error));
    window.bench.stop();
    return { first: await first, second };
  });
  expect(told.second).toContain("running already");
  expect(told.first).toContain("stopped");
});
