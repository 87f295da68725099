/** Real Python on every gold program and every line of worked arithmetic. */
import { loadPyodide } from "pyodide";
import { beforeAll, describe, expect, it } from "vitest";
import { benchmarks } from "./benchmarks";
import { compositions } from "./compositions";
import { trainingFamilies } from "./pools";
import { makeProblem } from "./problem";
import { families } from "./registry";
import type { Problem } from "./task";

/** Runs each program in a namespace of its own and gives what it printed, or its error. */
const driver = `
import contextlib, io, json
def run(code):
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(code, "<snippet>", "exec"), {"__name__": "__main__"})
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return out.getvalue().strip()
json.dumps([run(code) for code in json.loads(programs)])
`;

const prelude = "import math\nprimes=lambda m:sum(all(n%i for i in range(2,n)) for n in range(2,m+1))\n";

let runAll: (programs: readonly string[]) => string[];

beforeAll(async () => {
  const python = await loadPyodide();
  runAll = (programs) => {
    const literal = JSON.stringify(JSON.stringify(programs));
    const printed: unknown = JSON.parse(String(python.runPython(`programs = ${literal}\n${driver}`)));
    return Array.isArray(printed) ? printed.map(String) : [];
  };
});

const seeds = Array.from({ length: 500 }, (_, seed) => seed);

const levelOf = (seed: number) => ([1, 2, 3] as const)[seed % 3];

/** What is not as it should be: each program with what it printed and should have printed. */
function wrongPrograms(problems: readonly Problem[]): unknown[] {
  const expected = new Map(problems.flatMap(({ programs, answer }) => programs.map((code) => [code, String(answer)])));
  const printed = runAll([...expected.keys()]);
  return [...expected].map(([code, answer], i) => ({ code, answer, printed: printed[i] })).filter(isWrong);
}

const isWrong = ({ answer, printed }: { answer: string; printed: string }): boolean => answer !== printed;

/** A line of a worked solution as a Python condition; null where it claims nothing by itself. */
function condition(line: string, question: string): string | null {
  const equality = line.replace(/^[abcdxy]=/, "");
  if (/^[\d+\-*/^()=]+$/.test(equality) && equality.includes("=")) {
    return equality.replaceAll("=", "==").replaceAll("^", "**");
  }
  if (/^C\(\d+,\d+\)=C\(\d+,\d+\)$/.test(line)) return line.replaceAll("C(", "math.comb(").replace("=", "==");
  const primes = /^up to (\d+): (\d+)$/.exec(line);
  if (primes !== null) return `primes(${primes[1]})==${primes[2]}`;
  const modulus = /mod (\d+)/.exec(question)?.[1] ?? "none";
  const remainders = [...line.matchAll(/(\d+) r(\d+)/g)].map(([, value, rest]) => `${value}%${modulus}==${rest}`);
  return remainders.length > 0 ? remainders.join(" and ") : null;
}

const claimless = /^(so \d+|[abcdxy]=-?\d+|\d+( \d+)*)$/;

function wrongLines(problems: readonly Problem[]): unknown[] {
  const conditions = new Map<string, string>();
  const unread: string[] = [];
  for (const { worked, question } of problems) {
    for (const line of worked.flatMap((text) => text.split("\n"))) {
      const claim = condition(line, question);
      if (claim !== null) conditions.set(claim, line);
      else if (!claimless.test(line)) unread.push(line);
    }
  }
  const claims = [...conditions.keys()];
  const verdicts = runAll([`${prelude}print([${claims.join(",")}])`]).join("");
  const held = [...verdicts.matchAll(/True|False/g)].map(([word]) => word === "True");
  expect(held.length).toBe(claims.length);
  return [...unread, ...claims.filter((_, i) => !held[i])];
}

const faults = (problems: readonly Problem[]) => ({ programs: wrongPrograms(problems), lines: wrongLines(problems) });

const none = { programs: [], lines: [] };

describe("the driver", () => {
  it("sees wrong programs, wrong answers and wrong lines", () => {
    const problem = makeProblem(families.gcd, 1, 1);
    const spoiled = { ...problem, programs: ["print(math.gcd(2,4))", "print(-1)"], worked: ["7=2*3+2", "nonsense"] };
    expect(wrongPrograms([spoiled])).toEqual([
      {
        code: "print(math.gcd(2,4))",
        answer: String(problem.answer),
        printed: "NameError: name 'math' is not defined",
      },
      { code: "print(-1)", answer: String(problem.answer), printed: "-1" },
    ]);
    expect(wrongLines([spoiled])).toEqual(["nonsense", "7==2*3+2"]);
  });
});

describe("500 problems of a family", () => {
  it.each([...trainingFamilies.values()])("$name: programs print the answer, worked lines are true", (family) => {
    expect(faults(seeds.map((seed) => makeProblem(family, levelOf(seed), seed)))).toEqual(none);
  });

  it.each(Object.values(compositions))("$name: programs print the answer, worked lines are true", (family) => {
    const problems = seeds.slice(0, 90).map((seed) => makeProblem(family, levelOf(seed), seed, "unseen"));
    expect(faults(problems)).toEqual(none);
  });
});

it.each(Object.entries(benchmarks))("%s: gold programs print the answer, worked lines are true", (_name, problems) => {
  expect(faults(problems)).toEqual(none);
});
