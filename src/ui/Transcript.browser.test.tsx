import { createRoot } from "react-dom/client";
import { afterAll, expect, test } from "vitest";
import { page } from "vitest/browser";
import type { Words } from "../i18n/en";
import type { Block } from "./blocks";
import { Transcript } from "./Transcript";

const box = document.createElement("div");
document.body.append(box);
const root = createRoot(box);
afterAll(() => root.unmount());

const words: Words["transcript"] = {
  code: "snippet",
  interpreter: "output",
  error: "failure",
  waiting: "running",
  answer: "Answer",
  right: "right",
  wrong: "wrong",
  noAnswer: "no answer",
  expected: String,
  reward: "reward",
  advantage: "advantage",
  mended: "mended",
  empty: "nothing",
  status: { ok: "ok", error: "error", timeout: "late", memory: "full", output: "long", crash: "crash" },
};

const blocks: Block[] = [
  { kind: "text", text: "Let me compute." },
  { kind: "code", text: "import math\nprint(gcd(4, 6))" },
  { kind: "interpreter", text: "NameError: name 'gcd' is not defined", status: "error" },
  { kind: "code", text: "import math\nprint(math.gcd(4, 6))", mended: true },
  { kind: "interpreter", text: "2", status: "ok" },
  { kind: "answer", text: "2" },
];

test("code is coloured, output is told apart from errors, and an opened self-correction shows its error", async () => {
  root.render(<Transcript question="gcd of 4 and 6?" blocks={blocks} words={words} focusError="train/1/0/0" />);
  const error = page.getByRole("figure", { name: words.error });
  await expect.element(error).toHaveTextContent("NameError name 'gcd' is not defined");
  await expect.element(error).toHaveFocus();
  await expect.element(page.getByRole("figure", { name: words.interpreter })).toHaveTextContent("2");
  const code = page.getByRole("figure", { name: words.code }).nth(1);
  await expect.element(code).toHaveTextContent("print(math.gcd(4, 6))");
  expect(code.element().querySelector(".tok-keyword")?.textContent).toBe("import");
  await expect.element(page.getByText(words.mended)).toBeVisible();
});
