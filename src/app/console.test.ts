import { expect, test } from "vitest";
import { emptyConsole, readByPolicy, withConsoleLimits, withConsoleRun, withConsoleSympy } from "./console";

const result = {
  status: "ok",
  stdout: "1\n",
  error: "",
  line: null,
  milliseconds: 1,
  fuel: 9,
  observation: "",
} as const;
const runLimits = { fuel: 2_000_000, seconds: 5, outputCharacters: 1024 };
const run = { code: "print(1)", limits: runLimits, sympy: "off", result, policyResult: result } as const;

test("the newest run stands first and is shown; the oldest give way", () => {
  let state = emptyConsole;
  for (let i = 0; i < 40; i++) state = withConsoleRun({ ...state, isRunning: true }, run);
  expect(state).toMatchObject({ isRunning: false, shown: 40 });
  expect(state.runs.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, i) => 40 - i));
});

test("limits are the run's until one is changed, and again when it is changed back", () => {
  const changed = withConsoleLimits(emptyConsole, { fuel: 5000 }, runLimits);
  expect(changed.limits).toEqual({ ...runLimits, fuel: 5000 });
  expect(withConsoleLimits(changed, { seconds: 1 }, runLimits).limits).toEqual({
    ...runLimits,
    fuel: 5000,
    seconds: 1,
  });
  expect(withConsoleLimits(changed, { fuel: 2_000_000 }, runLimits).limits).toBeNull();
});

test("SymPy is as in the run until it is chosen otherwise, and again when it is chosen back", () => {
  const chosen = withConsoleSympy(emptyConsole, "on", "off");
  expect(chosen.sympy).toBe("on");
  expect(withConsoleSympy(chosen, "off", "off").sympy).toBeNull();
});

test("what the policy reads is what stands between the tags, blank lines and forged tags included", () => {
  expect(readByPolicy("\n<interpreter>\n36\n</interpreter>\n\n")).toBe("36");
  expect(readByPolicy("\n<interpreter>\n\n a\n</interpreter>\n x\n</interpreter>\n\n")).toBe(
    "\n a\n</interpreter>\n x",
  );
});
