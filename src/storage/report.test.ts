import { describe, expect, test } from "vitest";
import { corrected, evaluation, makeEpisode, rows, run, wrong } from "./fixture";
import { formatValue } from "./format";
import { makeReport, type Report } from "./report";
import { addExamples, noExamples } from "./run-record";

const report: Report = {
  run,
  rows: rows.map(({ values, ...row }) => ({ ...row, values: { ...values, evaluationCodeRatio: 0.5 } })),
  evaluations: [
    evaluation({ step: 0, mean: 0.4 }),
    evaluation({ step: 0, mean: 0.1, set: "MiniAIME-25" }),
    evaluation({ step: 2, mean: 0.8 }),
    evaluation({ step: 2, mean: 0.3, set: "MiniAIME-25" }),
  ],
  examples: addExamples(noExamples, [makeEpisode(), corrected, wrong]),
};
const html = makeReport(report);

describe("the report", () => {
  test("needs nothing but itself", () => {
    expect(html).not.toMatch(/<script|<link|<img|src=|url\(|@import/);
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:/);
  });

  test("says what was run, how it ended and how to run it again", () => {
    expect(html).toContain("finished after 2 steps and 128 episodes");
    expect(html).toContain("went from 40.0 % to 80.0 %");
    expect(html).toContain(run.command);
    expect(html).toMatch(/<tr class="changed"><td>learn\.clipHigh<\/td><td>0\.3 ratio<\/td>/);
    expect(html).toMatch(/<tr><td>learn\.clipLow<\/td><td>0\.2 ratio<\/td>/);
  });

  test("gives each set's score with its interval, by level and family, pass@k and problem by problem", () => {
    const from = "<td>right, all 10 problems</td><td>40.0 % (30.0 % to 50.0 %)</td><td>80.0 % (70.0 % to 90.0 %)</td>";
    expect(html).toContain(from);
    expect(html).toContain("<th>MiniAIME-25</th><th>step 0</th><th>step 2</th>");
    expect(html).toContain("<td>level 1</td><td>10</td><td>20</td>");
    expect(html).toContain("<td>gcd</td><td>1</td><td>2</td><td>50.0 %</td><td>50.0 %</td>");
    expect(html).toContain("<td>pass@2</td><td>90.0 %</td>");
    expect(html).toContain("<td>6</td><td>1/2</td><td>1/2</td>");
  });

  test("draws seven charts, and the paper's Figure 3 with what the paper's curves do", () => {
    expect(html.match(/<svg /g)).toHaveLength(7 + 6);
    expect(html).toContain("tokens with mask = 1. Figure 3a: falls sharply");
  });

  test("shows code, interpreter and error apart, with markup in them harmless and tags removed", () => {
    expect(html).toContain('<pre class="code" aria-label="Code">import math\nprint(math.gcd(12, 18) &lt; 7)</pre>');
    expect(html).toContain('<pre class="interpreter" aria-label="Interpreter">6</pre>');
    expect(html).toMatch(/<pre class="interpreter error"[^>]*>NameError: name &#39;gcd&#39; is not defined<\/pre>/);
    expect(html).toContain("answer 7: wrong, the answer is 6");
  });

  test("of a run that broke off at once says why and stays whole", () => {
    const fault = {
      at: "backend",
      code: "none",
      message: "No backend works.",
      hint: "Use <another> browser.",
    } as const;
    const broken = makeReport({
      run: { ...run, outcome: "failed", fault, backend: null, checkpoint: "", end: run.start },
      rows: [],
      evaluations: [],
      examples: noExamples,
    });
    expect(broken).toContain("No backend works. Use &lt;another&gt; browser.");
    expect(broken).toContain("ended before its first evaluation");
    expect(broken).not.toMatch(/NaN|undefined/);
  });
});

test.each([
  [0.842, "share", "84.2 %"],
  [0.00037, "nats", "3.7e-4"],
  [2.34567, "seconds", "2.346 s"],
  [1234.5, "perSecond", "1235 /s"],
  [Number.NaN, "count", "none"],
] as const)("formatValue(%d, %s)", (value, unit, words) => expect(formatValue(value, unit)).toBe(words));
