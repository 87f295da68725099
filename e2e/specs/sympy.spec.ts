/** SymPy in the console: loaded when it is asked for, beside the run's own Python; and a page that was built without. */
import { en } from "../../src/i18n/en";
import { ensureSympy } from "../../src/sandbox/build/snapshots.mjs";
import { expect, test } from "../pages/test";
import { ensureBuilt } from "../scripts/project.mjs";

const words = en.console;
/** Seconds enough for a machine that has much else to do. */
const tiny = { preset: "smoke", "evaluation.every": 0, "rollout.snippetSeconds": 60, view: "console" };
const code = "from sympy import *\nprint(factorint(360))";

test.beforeAll(async () => {
  await ensureSympy(console.log);
  ensureBuilt(console.log);
});

test("the console's switch gives its snippets SymPy; the policy's stay without", async ({ lab, page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const ofSympy = () => asked.filter((url) => url.includes("sympy"));
  await lab.open(tiny);
  const choice = page.getByRole("region", { name: words.limits }).getByRole("combobox", { name: "SymPy" });
  await expect(choice).toHaveValue("off");
  expect(await lab.runInConsole(code)).toBe("ModuleNotFoundError: No module named 'sympy'");
  expect(ofSympy()).toEqual([]);
  await choice.selectOption("on");
  expect(await lab.runInConsole(code)).toBe("ModuleNotFoundError: No module named 'sympy'");
  const result = page.getByRole("region", { name: words.result });
  await expect(result).toContainText(words.withSympy(""));
  await expect(result.getByRole("figure", { name: words.printed })).toHaveText(/\{2: 3, 3: 2, 5: 1\}/);
  expect(ofSympy().length).toBeGreaterThan(1);
});

test("a run whose setting asks for SymPy gives it to the policy too", async ({ lab }) => {
  await lab.open({ ...tiny, "sandbox.sympy": "on" });
  expect(await lab.runInConsole(code)).toBe("{2: 3, 3: 2, 5: 1}");
});

test("a page that was built without SymPy says so, and what to do", async ({ lab, page }) => {
  const absent = 'export default { missing: "This page was built without SymPy." };';
  await page.route(/python-sympy[\w-]*\.js/, (route) =>
    route.fulfill({ body: absent, contentType: "text/javascript" }),
  );
  await lab.open(tiny);
  const choice = page.getByRole("region", { name: words.limits }).getByRole("combobox", { name: "SymPy" });
  await choice.selectOption("on");
  await page.getByRole("textbox", { name: words.code }).fill(code);
  await page.getByRole("button", { name: words.run, exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("This page was built without SymPy.");
  await expect(page.getByRole("alert")).toContainText("npm run sympy");
  await choice.selectOption("off");
  expect(await lab.runInConsole("print(6 * 7)")).toBe("42");
});
