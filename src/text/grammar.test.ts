import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { answerBlock, boxedAnswer, codeBlock, cutMiddle, observationText, outputText, programIn } from "./grammar";

describe("code blocks", () => {
  property.prop([fc.string().filter((text) => !text.includes("```") && text === text.trim())])(
    "a program is read back as it was written",
    (program) => {
      const block = codeBlock(program);
      expect(programIn(block.slice("<code>".length, -"</code>".length))).toBe(program);
    },
  );

  test("without fences everything is the program", () => {
    expect(programIn("\nprint(1)\n")).toBe("print(1)");
  });

  test("indentation survives", () => {
    const program = "for i in range(3):\n  print(i)";
    expect(programIn(`\n\`\`\`python\n${program}\n\`\`\`\n`)).toBe(program);
  });
});

describe("what the policy reads of an outcome", () => {
  test.each([
    [{ status: "ok", stdout: "36\n", error: "" }, "36"],
    [{ status: "ok", stdout: "", error: "" }, "(no output)"],
    [{ status: "ok", stdout: "\n\n", error: "" }, "(no output)"],
    [
      { status: "error", stdout: "1\n", error: "ZeroDivisionError: division by zero" },
      "1\nZeroDivisionError: division by zero",
    ],
    [
      { status: "timeout", stdout: "1\n2\n", error: "TimeoutError: time limit exceeded" },
      "1\n2\nTimeoutError: time limit exceeded",
    ],
  ] as const)("%j reads %j", (result, text) => {
    expect(outputText(result, 256)).toBe(text);
  });

  property.prop([fc.string(), fc.integer({ min: 16, max: 300 })])("a long output keeps both ends", (text, limit) => {
    const cut = cutMiddle(text, limit);
    expect(cut.length).toBeLessThanOrEqual(Math.max(text.length, limit + 3));
    if (text.length > limit) {
      expect(cut.startsWith(text.slice(0, Math.floor(limit / 2)))).toBe(true);
      expect(cut.endsWith(text.slice(text.length - Math.floor(limit / 2)))).toBe(true);
      expect(cut).toContain("...");
    } else expect(cut).toBe(text);
  });

  test("stands between the interpreter's tags, on lines of its own", () => {
    expect(observationText("36")).toBe("\n<interpreter>\n36\n</interpreter>\n\n");
  });
});

describe("answers", () => {
  property.prop([fc.integer({ min: -999, max: 999 })])("a boxed number is read back", (answer) => {
    expect(boxedAnswer(answerBlock(answer))).toBe(answer);
  });

  test.each([
    ["\\boxed{036}", 36],
    ["\\boxed{ 7 }", 7],
    ["\\boxed{1} and then \\boxed{2}", 2],
    ["\\boxed{1} and then \\boxed{2", 1],
    ["\\boxed{5}, or \\boxed{1/2}", null],
    ["\\boxed{5}, or \\boxed{\\frac{1}{2}}", null],
    ["\\boxed{1.5}", null],
    ["\\boxed{}", null],
    ["\\boxed{12", null],
    ["12", null],
  ])("%s reads %s", (text, answer) => {
    expect(boxedAnswer(text)).toBe(answer);
  });
});
