/** What ends a snippet before the victim runs. */
import { entry, type Poison } from "../poison";

const small = { fuel: 300_000, seconds: 2 };
export const exhaustionPoisons: Poison[] = [
  entry(
    "a full memory before",
    "x = []\nwhile True: x.append(bytearray(10**6))",
    "print(len(bytearray(10**7)))",
    "10000000",
  ),
  entry(
    "one large object before",
    "try: x = 'a' * 10**9\nexcept MemoryError: x = 'a' * 10**8",
    "print(len('a' * 10**8))",
    "100000000",
  ),
  entry("deep recursion before", "def f(n): return f(n + 1)\nf(0)", "f = lambda n: n and f(n - 1)\nprint(f(500))", "0"),
  entry("the engine's stack before", "x = []\nfor _ in range(10**5): x = [x]\nrepr(x)", "print([[[1]]])", "[[[1]]]"),
  entry("out of fuel before", "while True: pass", "print(sum(range(1000)))", "499500", small),
  entry(
    "out of fuel inside a lock and a finally",
    "import threading\nlock = threading.Lock()\nwith lock:\n  try:\n    while True: pass\n  finally:\n    while True: pass",
    "import threading\nwith threading.Lock(): print('free')",
    "free",
    small,
  ),
  entry(
    "out of fuel in an import",
    "import sys\nclass F:\n  @staticmethod\n  def find_spec(*a):\n    while True: pass\nsys.meta_path.insert(0, F)\nimport csv",
    "import csv\nprint(csv.__name__)",
    "csv",
    small,
  ),
  entry("a killed worker before", "sum(range(10**12))", "print('again')", "again", { fuel: 10 ** 6, seconds: 0.5 }),
  entry("too much output before", "while True: print('x' * 99)", "print('short')", "short"),
  entry("an abort before", "import os\nos.abort()", "print('whole')", "whole"),
  entry("an exit before", "import os\nos._exit(3)", "print('whole')", "whole"),
  entry(
    "a corrupt code object before",
    "f = lambda: 0\nf.__code__ = f.__code__.replace(co_code=bytes([200, 255] * 9))\nf()",
    "f = lambda: 7\nprint(f())",
    "7",
  ),
];
