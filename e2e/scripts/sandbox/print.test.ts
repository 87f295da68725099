import { expect, test } from "vitest";
import { resultJson, resultLine } from "./print";

const failed = {
  status: "error",
  stdout: "a\u2028\n",
  error: "ZeroDivisionError: division by zero",
  line: 3,
  milliseconds: 1.23456,
  fuel: 7,
} as const;

test("a result as JSON has the keys in their order, on one line", () => {
  expect(resultJson("x.py", failed)).toBe(
    '{"status":"error","stdout":"a\u2028\\n","error":"ZeroDivisionError: division by zero","ms":1.235,"fuel":7,"file":"x.py","line":3}',
  );
});

test("a result for people is one line whatever it printed", () => {
  expect(resultLine("x.py", failed)).toBe(
    String.raw`error        1.2 ms         7 fuel  x.py:3  "a\u2028\n"  ZeroDivisionError: division by zero`,
  );
  const quiet = { ...failed, status: "ok", stdout: "", error: "", line: null } as const;
  expect(resultLine("-", quiet)).toBe("ok           1.2 ms         7 fuel  -");
});
