/** What holds of plain Python holds of the one with SymPy: no way out, nothing left over, every byte the same. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { py, type Attack } from "./attack";
import { attacks } from "./attacks/registry";
import { corpus } from "./corpus";
import { Bench, difference, isSame, Python, readWitness, tryAttack, type Reading } from "./harness";
import { entry, type Poison } from "./poison";
import { poisons } from "./poisons/registry";

let bench: Bench;
let used: Python;
let other: Python;
let clean: Reading;

beforeAll(async () => {
  bench = await Bench.open(true);
  used = new Python(bench);
  other = new Python(bench);
  clean = await readWitness(used);
  // The first time on a machine, SymPy is fetched and its snapshot made.
}, 300_000);
afterAll(async () => {
  await Promise.all([used, other, bench].map((each) => each.close()));
});

/** One in so many: all of them are tried on plain Python. */
const some = <T>(all: T[], step: number): T[] => all.filter((_, index) => index % step === 0);

const own: Attack[] = [
  {
    name: "a forbidden module that one of SymPy's holds",
    code: py`
import sympy, mpmath, sys, types
doors = "_asyncio _ctypes _interpreters _posixsubprocess _pyodide _pyodide_core _signal _socket asyncio ctypes js".split()
doors += "faulthandler micropip multiprocessing pyodide pyodide_js signal socket ssl subprocess webbrowser".split()
for module in list(sys.modules.values()):
    for name, value in list(vars(module).items()):
        if isinstance(value, types.ModuleType) and value.__name__.partition(".")[0] in doors: print(BREACHED, module, name)`,
  },
  { name: "SymPy's zip written to", code: "open('/lib/sympy.zip', 'r+b').write(b'x')\nprint(BREACHED)" },
  { name: "SymPy's zip removed", code: "import os\nos.remove('/lib/sympy.zip')\nprint(BREACHED)" },
  {
    name: "JavaScript through lambdify",
    code: py`
from sympy import lambdify, Symbol
print(lambdify(Symbol('x'), "__import__('js').eval('7')")(1), BREACHED)`,
  },
];

const ownPoisons: Poison[] = [
  entry(
    "a result in SymPy's cache",
    "from sympy import *\nfrom sympy.core import cache\nx = Symbol('x')\nsin.eval = classmethod(lambda c, a: S(7))\nsin(x)",
    "from sympy import *\nprint(sin(Symbol('x')))",
    "sin(x)",
  ),
  entry(
    "mpmath's precision",
    "import mpmath\nmpmath.mp.dps = 3",
    "import mpmath\nprint(mpmath.mp.pi)",
    "3.14159265358979",
  ),
  entry(
    "the list of primes",
    "from sympy import *\nsieve._list[:] = [4]",
    "from sympy import *\nprint(prime(6))",
    "13",
  ),
];

const snippets = [
  ...some(corpus, 25).map(({ code }) => code),
  "from sympy import *\nx = Symbol('x')\nprint(solve(x**4 - 5*x**2 + 4), Dummy(), id(x), hash(x), {x, Symbol('y'), pi})",
  "import sympy\nprint(sympy.randprime(1, 10**6), sympy.core.random.random(), object(), sympy.Symbol)",
  "from sympy import *\nx = symbols('x')\nprint(integrate(1 / (x**3 + 1), x), factor(x**12 - 1))",
  "from sympy.stats import *\nprint(density(Die('a', 6) + Die('b', 6)).dict)",
  "from sympy import *\nwhile True: factorint(2**64 + 1)",
  "from sympy.physics.mechanics import *\nprint(dynamicsymbols('q'))",
];

test("the witness reads all it wants to, and what it reads is the same in a fresh worker", async () => {
  expect(clean).toMatchObject({ status: "ok", error: "" });
  expect(await readWitness(other)).toEqual(clean);
});

test("every byte is the same in two workers, after other snippets", async () => {
  const limits = { fuel: 300_000, seconds: 60, outputCharacters: 1000 };
  const readings: Reading[][] = [[], []];
  for (const code of snippets) readings[0].push(await used.run(code, limits));
  for (const code of [...snippets].reverse()) readings[1].unshift(await other.run(code, limits));
  expect(readings[1]).toEqual(readings[0]);
  const endings = readings[0].map(({ status }) => status);
  for (const status of ["ok", "error", "timeout"] as const) expect(endings).toContain(status);
});

describe("no attack succeeds", () => {
  test.each([...own, ...some(attacks, 9)])("$name", async (attack) => {
    expect(await tryAttack(used, attack, bench, clean)).toEqual([]);
  });
});

describe("no poison works", () => {
  test.each([...ownPoisons, ...some(poisons, 9)])("$name", async ({ poison, victim, expected, limits }) => {
    await used.run(poison, limits);
    expect(await used.run(victim)).toMatchObject({ status: "ok", stdout: expected, error: "" });
    const after = await readWitness(used);
    expect(isSame(after, clean) ? "" : difference(after, clean)).toBe("");
  });
});
