import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { type CodePurpose, codePurposes, noPurposes } from "../core/code-purpose";
import { codePurpose, countPurposes, purposesOf } from "./code-purpose";
import { episode, turn } from "./testing/episode";

const snippets: Record<CodePurpose, string[]> = {
  calculation: [
    "print(6*7)",
    "print(pow(6,10,45))",
    "print(11**23%17)",
    "import math\nprint(math.gcd(84,126))",
    "from math import comb\nprint(comb(40,7)%1000)",
    "print(sum(range(7,1000+1,7)))",
    "print(sum(3+4*i for i in range(20)))",
    "a,b=0,1\nfor i in range(30): a,b=b,a+b\nprint(a%97)",
    "print(sum(map(int,str(2**50))))",
    "print((152-17)//9)",
    "n=2**40\ns=0\nwhile n>0:\n s+=n%10\n n//=10\nprint(s)",
    "i=1\nwhile i<=10: i+=1\nprint(i*2)",
    "print(25**2-7**2)",
    "x1=(12+2)//2\nx2=(12-2)//2\nprint(max(x1,x2))",
    "def f(n):\n    return n*(n+1)//2\nprint(f(100))",
    "x = 5 # check that x == 5\nprint(x * 2)",
    "print('does 2 == 2?', 2 + 2)",
  ],
  verification: [
    "assert 7*13==91",
    "print(3*14+5==47)",
    "print(pow(6,10,45) == 36)",
    "x=36\nprint(x, x*x-5*x-6 == 0)",
    "if 9*15+17==152: print('correct')\nelse: print('wrong')",
    "def check(x):\n    return x*x == 49\nprint(check(7))",
    "import math\nprint(math.isclose(0.1+0.2, 0.3))",
    "print(17 in [2, 3, 5, 7, 11, 13, 17])",
  ],
  search: [
    "print(next(x for x in range(1000) if 9*x+17==152))",
    "x=3\nwhile x%7!=5: x+=11\nprint(x)",
    "print(sum(d for d in range(1,360+1) if 360%d==0))",
    "print(sum(i%3==0 or i%5==0 for i in range(1,100+1)))",
    "print(len([n for n in range(2,100+1) if all(n%i for i in range(2,n))]))",
    "print(sum(all(n%i for i in range(2,n)) for n in range(2,60+1)))",
    "for x in range(12):\n if x*x-12*x+35==0: r=x\nprint(r)",
    "from itertools import permutations\nprint(max(int(''.join(p)) for p in permutations('123')))",
    "n = 1\nwhile True:\n    if n * n > 500:\n        break\n    n += 1\nprint(n)",
  ],
  simulation: [
    "import random\nprint(sum(random.random() < 0.5 for _ in range(1000)))",
    "from random import randint\nhits = 0\nfor _ in range(10000):\n    if randint(1, 6) == 6: hits += 1\nprint(hits)",
    "import numpy as np\nprint(np.random.rand(100).mean())",
    "trials = 1000\nprint(trials * 2)",
  ],
  geometry: [
    "print(abs((9-1)*(7-2)-(3-2)*(4-1)))",
    "a=8\nb=5\nc=3\nd=2\nprint(abs(a*d-b*c))",
    "print((5-2)**2+(7-3)**2)",
    "x=5-2\ny=7-3\nprint(x*x+y*y)",
    "print(9**2+12**2)",
    "import math\nprint(math.hypot(3,4))",
    "import math\nprint(round(10*math.sin(math.radians(30))))",
    "x1, y1, x2, y2 = 0, 0, 3, 4\nprint(max(x1, x2))",
    "base, height = 6, 8\narea = base * height // 2\nprint(area)",
    "from sympy import Point, Triangle\nprint(Triangle(Point(0,0), Point(4,0), Point(0,3)).area)",
  ],
  algebra: [
    "from sympy import symbols, solve\nx = symbols('x')\nprint(solve(x**2 - 5*x + 6, x))",
    "import sympy as sp\nx, y = sp.symbols('x y')\nprint(sp.solve([sp.Eq(x + y, 10), sp.Eq(x - y, 4)]))",
    "import numpy as np\nprint(np.roots([1, -5, 6]))",
    "import numpy as np\nprint(np.linalg.solve([[1, 1], [1, -1]], [10, 4]))",
    "a, b, c = 1, -5, 6\ndiscriminant = b*b - 4*a*c\nprint(discriminant)",
  ],
  other: ["", "print(42)", "print('the answer is 42')", "x = 5\nprint(x)", "# 6*7", "answer 36", "import math"],
};

describe("the purpose of a snippet", () => {
  const cases = codePurposes.flatMap((purpose) => snippets[purpose].map((code) => [purpose, code] as const));

  test.each(cases)("%s: %j", (purpose, code) => expect(codePurpose(code)).toBe(purpose));

  test("is not told by words in comments and strings", () => {
    expect(codePurpose('print(6*7) # assert random area, "solve("')).toBe("calculation");
    expect(codePurpose("print('random.random() == sin(1)')")).toBe("other");
    expect(codePurpose('"""\nassert 1 == 1\n"""\nprint(2+2)')).toBe("calculation");
    expect(codePurpose('"""\nassert 1 == 1')).toBe("other");
    expect(codePurpose("# don't\nprint(6*7) # say \"no")).toBe("calculation");
  });

  test("is told by what an f-string computes, not by what it says", () => {
    expect(codePurpose('print(f"{6*7}")')).toBe("calculation");
    expect(codePurpose("x=36\nprint(f'{x*x-5*x-6 == 0} for {x}')")).toBe("verification");
    expect(codePurpose('x=5\nprint(f"x == {x} < 7, {{6*7}}, {x:<5}, {x!r}")')).toBe("other");
    expect(codePurpose("s=Rf'''\n{6*7}'''\nprint(s)")).toBe("calculation");
    expect(codePurpose('print("{6*7}")')).toBe("other");
    expect(codePurpose('n=2**10\nprint(f"{str(n)[1:]}")\nok = n == 1024')).toBe("calculation");
    expect(codePurpose("d={'area': 5}\nprint(f\"{d['area']}, {d['a:b']}\")")).toBe("other");
    expect(codePurpose('x=3\nprint(f"{ {1: x}[1] != 3 }")')).toBe("verification");
  });

  property.prop([fc.string()])("is one of the seven for whatever is written", (code) => {
    expect(codePurposes).toContain(codePurpose(code));
  });

  property.prop([fc.constantFrom(...cases), fc.stringMatching(/^[ \w=()]{0,20}$/)])(
    "does not change with a comment after it",
    ([purpose, code], words) => {
      expect(codePurpose(`${code}\n# ${words}`)).toBe(purpose);
    },
  );
});

describe("the purposes of an episode", () => {
  const printed = (code: string, stdout: string) => ({ ...turn(code), stdout });
  const first = printed("print(6*7)", "42\n");

  test("a snippet that prints again what another printed checks it", () => {
    expect(purposesOf({ turns: [first, printed("print(7*6)", "42\n")] })).toEqual(["calculation", "verification"]);
    expect(purposesOf({ turns: [first, printed("print(7*5)", "35\n")] })).toEqual(["calculation", "calculation"]);
  });

  test("the same snippet again, one that failed, and one that printed nothing check nothing", () => {
    const failed = { ...turn("print(6*7)+", "error"), stdout: "42\n" };
    expect(purposesOf({ turns: [first, first, failed] })).toEqual(["calculation", "calculation", "calculation"]);
    const silent = [printed("x=6*7", ""), printed("x=7*6", "")];
    expect(purposesOf({ turns: silent })).toEqual(["calculation", "calculation"]);
  });

  test("are counted over episodes", () => {
    const counts = countPurposes([episode({ turns: [first, turn("print(1==1)")] }), episode({ turns: [] })]);
    expect(counts).toEqual({ ...noPurposes, calculation: 1, verification: 1 });
  });
});
