/** Snippets as a policy writes them on problems of MiniAIME's kind, and the mistakes it makes. */

const looped = (head: string, body: string): string => `${head}\n${body}\n`;

export const corpus: readonly string[] = [
  "print(pow(6, 10, 45))",
  "import math\nprint(math.comb(12, 5) % 1000)",
  "total = sum(n for n in range(1, 1000) if n % 3 == 0 or n % 5 == 0)\nprint(total % 1000)",
  looped("def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)", "print(f(15))"),
  "from math import gcd\nprint(sum(1 for n in range(1, 500) if gcd(n, 500) == 1))",
  "from itertools import permutations\nprint(sum(1 for p in permutations(range(6)) if all(p[i] != i for i in range(6))))",
  "from fractions import Fraction\ns = sum(Fraction(1, n * (n + 1)) for n in range(1, 60))\nprint(s, s.numerator + s.denominator)",
  looped(
    "def prime(n):\n    return n > 1 and all(n % d for d in range(2, int(n ** 0.5) + 1))",
    "print(sum(p for p in range(500) if prime(p)))",
  ),
  "best = 0\nfor a in range(1, 60):\n    for b in range(a, 60):\n        c2 = a * a + b * b\n        c = int(c2 ** 0.5)\n        if c * c == c2 and a + b + c <= 120:\n            best = max(best, a * b // 2)\nprint(best)",
  "from collections import Counter\nc = Counter(sum(map(int, str(n))) for n in range(1000))\nprint(c.most_common(3))",
  "x = [1, 1]\nwhile len(x) < 40:\n    x.append((x[-1] + x[-2]) % 1000)\nprint(x[-1], sum(x) % 1000)",
  "from functools import lru_cache\n@lru_cache(None)\ndef ways(n):\n    return 1 if n == 0 else sum(ways(n - k) for k in (1, 2, 3) if k <= n)\nprint(ways(20) % 1000)",
  "import statistics\nprint(statistics.mean([3, 1, 4, 1, 5, 9, 2, 6]), statistics.median([3, 1, 4]))",
  "print([n for n in range(1, 200) if str(n) == str(n)[::-1]][:20])",
  "from decimal import Decimal, getcontext\ngetcontext().prec = 30\nprint(Decimal(2).sqrt())",
  "import re\ntext = 'a1b22c333'\nprint([int(d) for d in re.findall(r'\\d+', text)])",
  "count = 0\nfor a in range(1, 7):\n    for b in range(1, 7):\n        for c in range(1, 7):\n            if a + b + c == 10:\n                count += 1\nprint(count)",
  "n = 2 ** 200\nprint(sum(int(d) for d in str(n)))",
  "import heapq\nh = [5, 3, 8, 1]\nheapq.heapify(h)\nprint([heapq.heappop(h) for _ in range(4)])",
  "grid = [[0] * 8 for _ in range(8)]\nfor i in range(8):\n    for j in range(8):\n        grid[i][j] = 1 if i == 0 or j == 0 else grid[i-1][j] + grid[i][j-1]\nprint(grid[7][7] % 1000)",
  "solutions = [(x, y) for x in range(50) for y in range(50) if 3 * x + 7 * y == 100]\nprint(len(solutions), solutions[0])",
  "from itertools import combinations\nprint(sum(1 for c in combinations(range(1, 13), 4) if sum(c) % 5 == 0))",
  "s = 0\nfor k in range(1, 101):\n    s += k * k\nprint(s % 1000)",
  "import math\nprint(round(math.pi * 7 ** 2, 3), math.isqrt(123456))",
  "words = 'reward step reward policy'.split()\nprint({w: words.count(w) for w in sorted(set(words))})",
  "class Point:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n    def dot(self, o):\n        return self.x * o.x + self.y * o.y\nprint(Point(3, 4).dot(Point(5, 6)))",
  "import cmath\nr = [cmath.exp(2j * cmath.pi * k / 6) for k in range(6)]\nprint(round(abs(sum(r)), 6))",
  "from bisect import bisect_left\na = [n * n for n in range(100)]\nprint(bisect_left(a, 500), a[bisect_left(a, 500)])",
  "import random\nrandom.seed(7)\nprint([random.randint(0, 9) for _ in range(8)])",
  "def collatz(n):\n    steps = 0\n    while n != 1:\n        n = n // 2 if n % 2 == 0 else 3 * n + 1\n        steps += 1\n    return steps\nprint(max(range(1, 300), key=collatz))",
];

export const errors: readonly string[] = [
  "print(10 / 0)",
  "print(totl)",
  "for i in range(3) print(i)",
  "print([1, 2, 3][5])",
  "print('a' + 1)",
  "print({'a': 1}['b'])",
  "import numpy as np\nprint(np.arange(3))",
  "print(int('x1'))",
];

export const trivial = "print(1+1)";

/** What a hostile snippet leaves behind if it can; no benign result may hold it. */
export const mark = "LEAK_7f3a91";

/** Reads every place that the poisons below write to. */
export const victim = `import builtins, sys, math, random, json, os, collections
print(getattr(builtins, "mark", None), getattr(math, "mark", None), math.sqrt(16), sorted([2, 1]), len("abc"))
print(random.random(), json.dumps([1]), os.environ.get("mark"), os.getcwd(), sys.getrecursionlimit())
print([m for m in sys.modules if "LEAK" in m], [p for p in sys.path if "LEAK" in p], collections.Counter("aab"))
try:
    print(open("/tmp/mark").read())
except OSError as error:
    print(type(error).__name__)
`;

/** Ends in time, memory or output; tears the interpreter down; or leaves something behind for `victim`. */
export const hostile: readonly string[] = [
  "while True: pass",
  "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
  "for i in iter(int, 1): i",
  "x = 'a' * 10**9",
  "x = []\nwhile True: x.append('a' * 10**6)",
  "d = {}\nn = 0\nwhile True:\n    d[n] = n; n += 1",
  "while True: print('flood')",
  `print('${mark}' * 10**6)`,
  "import os\nos.abort()",
  "import os\nos._exit(1)",
  "def f(): f()\nf()",
  "x = []\nfor _ in range(100000): x = [x]\nprint(x)",
  `import builtins\nbuiltins.mark = '${mark}'\nbuiltins.len = lambda x: '${mark}'`,
  `import math\nmath.mark = '${mark}'\nmath.sqrt = lambda x: '${mark}'`,
  `import random\nrandom.seed(1)\nrandom.random = lambda: '${mark}'`,
  `import sys, types\nsys.modules['${mark}'] = types.ModuleType('${mark}')\nsys.path.insert(0, '${mark}')`,
  `import os\nos.environ['mark'] = '${mark}'\nos.chdir('/')`,
  `open('/tmp/mark', 'w').write('${mark}')`,
  `import json\njson.dumps = lambda x: '${mark}'`,
  `import sys\nclass Out:\n    def write(self, text): return sys.__stdout__.write('${mark}')\nsys.stdout = Out()`,
  `import collections\ncollections.Counter.__repr__ = lambda self: '${mark}'`,
  `class E(Exception):\n    def __str__(self): return '${mark}' * 10**6\nraise E`,
  `class D:\n    def __del__(self):\n        import builtins\n        builtins.mark = '${mark}'\nx = D()\nx.self = x`,
  "import builtins\nfor name in list(vars(builtins)): delattr(builtins, name)",
  "import gc\nfor o in gc.get_objects():\n    try: o.clear()\n    except BaseException: pass",
  "import ctypes\nctypes.string_at(0)",
  "import js\njs.postMessage({'type': 'result'})",
];

/** A loop in C that never looks at its fuel: only the end of its worker ends it. */
export const unstoppable = "sum(range(10**11))";
