/**
 * A bomb asks for more than there is: of time, memory, stack, output. To add one, add an entry: its code and the
 * statuses that are right for it, with the error's first word where the status is `error`. Most leave no choice; where
 * two limits are about equally near, both are right.
 */
import type { SnippetLimits, SnippetResult } from "../../src/sandbox/sandbox";
import { py } from "./attack";

type Status = SnippetResult["status"];

export interface Bomb {
  name: string;
  code: string;
  ends: Status[];
  /** How its error begins, where it ends as `error`. */
  error?: RegExp;
  limits: SnippetLimits;
}

const short: SnippetLimits = { fuel: 300_000, seconds: 2, outputCharacters: 1000 };
/** For loops in C that no interrupt reaches: the wall clock is all that ends them, so it is set low. */
const brief: SnippetLimits = { fuel: 300_000, seconds: 0.3, outputCharacters: 1000 };
/** For what another limit than the clock is to end. */
const long: SnippetLimits = { fuel: 5_000_000, seconds: 60, outputCharacters: 1000 };

const bomb =
  (ends: string, under: SnippetLimits, error?: RegExp) =>
  (name: string, code: string): Bomb => ({
    name,
    code,
    ends: ends.split(" ") as Status[],
    limits: under,
    ...(error && { error }),
  });

const time = bomb("timeout", short);
const inC = bomb("timeout", brief);
const memory = bomb("memory", long);
const stack = bomb("error", long, /^(RecursionError|MemoryError|SyntaxError|IndentationError)/);
const output = bomb("output", long);
const refused = bomb("error", long, /^(ValueError|OverflowError|SyntaxError|decimal\.)/);
const aborted = bomb("error", long, /^SystemError/);
const descriptors = bomb("error", long, /^OSError: \[Errno \d+\] (Too many|No file descriptors)/);
const either = bomb("timeout memory", short);

export const bombs: Bomb[] = [
  time("while True", "while True: pass"),
  time("a for loop", "for i in range(10**9): pass"),
  time("a generator", "def g():\n  while True: yield\nfor _ in g(): pass"),
  time("a generator expression", "any(False for _ in range(10**9))"),
  time("a comprehension's product", "max(a * b * c for a in range(1000) for b in range(1000) for c in range(1000))"),
  time("recursion that branches", "fib = lambda n: n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(60)"),
  time("catching Exception", "while True:\n  try: 1/0\n  except Exception: pass"),
  time("catching BaseException", "while True:\n  try:\n    while True: pass\n  except BaseException: pass"),
  time(
    "catching all, nested",
    "def f():\n  while True:\n    try: g()\n    except: pass\ndef g():\n  while True:\n    try:\n      while True: pass\n    except: pass\nf()",
  ),
  time("finally", "try:\n  while True: pass\nfinally:\n  while True: pass"),
  time("continue in finally", "while True:\n  try: pass\n  finally: continue"),
  time(
    "a context manager that swallows",
    "class C:\n  def __enter__(s): pass\n  def __exit__(s, *a): return True\nwhile True:\n  with C():\n    while True: pass",
  ),
  time(
    "an exit function",
    "class C:\n  def __enter__(s): pass\n  def __exit__(s, *a):\n    while True: pass\nwith C(): 1/0",
  ),
  time("__del__", "class D:\n  def __del__(s):\n    while True: pass\nd = D()\ndel d\nwhile True: pass"),
  stack("__del__ that makes another", "class D:\n  def __del__(s): D()\nD()\nwhile True: pass"),
  time("__eq__ in a list", "class E:\n  def __eq__(s, o):\n    while True: pass\n[E()].index(1)"),
  time("__hash__", "class H:\n  def __hash__(s):\n    while True: pass\n{H(): 1}"),
  time("__len__", "class L:\n  def __len__(s):\n    while True: pass\nlen(L())"),
  time("__getattr__", "class G:\n  def __getattr__(s, n):\n    while True: pass\nG().x"),
  time("__iter__", "class I:\n  def __iter__(s): return s\n  def __next__(s): return 1\nfor x in I(): pass"),
  time("__repr__ that never returns", "class R:\n  def __repr__(s):\n    while True: pass\nprint(R())"),
  time("a sort with a slow key", "sorted(range(10**5), key=lambda x: sum(range(x)) and [i for i in range(x)])"),
  time(
    "a sort with a hostile comparison",
    "import functools\nsorted([2, 1], key=functools.cmp_to_key(lambda a, b: [0 for _ in iter(int, 1)]))",
  ),
  time("a metaclass", "class M(type):\n  def __new__(m, *a):\n    while True: pass\nclass A(metaclass=M): pass"),
  time("a decorator", "def d(f):\n  while True: pass\n@d\ndef f(): pass"),
  time("exec in a loop", "while True: exec('x = 1')"),
  time("eval of growing code", "s = '1'\nwhile True:\n  s += '+1'\n  eval(s[:499])"),
  time("primes by trial", "n = 2\nwhile True:\n  all(n % d for d in range(2, n))\n  n += 1"),
  time("collatz the wrong way", "n = 1\nwhile n != 3: n = n // 2 if n % 2 == 0 else 3 * n + 1"),
  time("binary search that stands still", "lo, hi = 0, 10\nwhile lo < hi:\n  mid = (lo + hi) // 2\n  lo = mid"),
  time("towers of Hanoi", "def h(n, a, b, c):\n  if n: h(n - 1, a, c, b); h(n - 1, c, b, a)\nh(64, 1, 2, 3)"),
  time(
    "queens",
    "def q(n, r, c, d, e):\n  if r == n: return 1\n  return sum(q(n, r + 1, c | {i}, d | {i + r}, e | {i - r}) for i in range(n) if i not in c and i + r not in d and i - r not in e)\nprint(q(12, 0, frozenset(), frozenset(), frozenset()))",
  ),
  time(
    "Fractions that grow",
    "from fractions import Fraction\nx = Fraction(1, 3)\nwhile True: x = x * x + Fraction(1, 7)",
  ),
  time("large integers, power", "len(str(9**9**7))"),
  time("large integers, tower", "10 ** 10 ** 8"),
  time("large integers, factorial", "import math\nmath.factorial(10**6)"),
  time("large integers, squared for ever", "n = 3\nwhile True: n *= n"),
  time("large integers, Fibonacci", "a, b = 0, 1\nwhile True: a, b = b, a + b"),
  time("a pattern that backtracks", "import re\nre.match('(a+)+$', 'a' * 40 + 'b')"),
  time("a pattern that backtracks, nested", "import re\nre.search('(.*,)*(.*,)*(.*,)*x', ',' * 60)"),
  inC("a sum in C", "sum(range(10**12))"),
  inC("a count in C", "import itertools\nsum(itertools.count())"),
  inC("a maximum in C", "max(range(10**12))"),
  inC("a membership test in C", "import itertools\n-1 in itertools.count()"),
  inC(
    "a queue that drops all",
    "from collections import deque\nimport itertools\ndeque(itertools.repeat(1), maxlen=0)",
  ),
  inC("all in C", "import itertools\nall(itertools.repeat(1))"),
  inC(
    "a permutation that is skipped",
    "import itertools\nnext(itertools.islice(itertools.permutations(range(20)), 2**31 - 1, None))",
  ),
  memory("a string multiplied", "'a' * 10**9"),
  memory("a list multiplied", "[0] * 10**9"),
  memory("a list of a range", "list(range(10**8))"),
  memory("bytes", "bytearray(10**9)"),
  memory("a string doubled", "s = 'ab'\nwhile True: s += s"),
  memory("a list doubled", "x = [1]\nwhile True: x += x"),
  memory("a tuple doubled", "x = (1,)\nwhile True: x += x"),
  memory("large blocks", "x = []\nwhile True: x.append(bytearray(10**6))"),
  memory("a join", "''.join(['x' * 10**6] * 1000)"),
  memory("a format's width", "format(1, '1000000000')"),
  memory("an f-string's width", "f'{1:>{10**9}}'"),
  memory("a percent's width", "'%999999999d' % 1"),
  memory("ljust", "'a'.ljust(10**9)"),
  memory("replace", "('a' * 10**6).replace('a', 'b' * 1000)"),
  memory("a shift", "1 << 10**10 // 5"),
  memory("all permutations", "import itertools\nlist(itertools.permutations(range(11)))"),
  memory("a product", "import itertools\nlist(itertools.product(range(100), repeat=4))"),
  memory("combinations", "import itertools\nlist(itertools.combinations(range(200), 4))"),
  memory("an array", "import array\narray.array('d', [0]) * 10**8"),
  either("append for ever", "x = []\nwhile True: x.append(x)"),
  either("a dictionary for ever", "d = {}\nwhile True: d[len(d)] = str(len(d)) * 9"),
  either("a set for ever", "s = set()\nwhile True: s.add(len(s))"),
  either("a queue for ever", "from collections import deque\nq = deque()\nwhile True: q.append('x' * 100)"),
  either("nested dictionaries", "d = {}\nwhile True: d = {'a': d, 'b': [d] * 50}"),
  either(
    "a memo without bound",
    "import functools\n@functools.cache\ndef f(n): return 'x' * n\nn = 0\nwhile True:\n  f(n)\n  n += 1",
  ),
  stack("recursion", "def f(n): return f(n + 1)\nf(0)"),
  stack(
    "recursion under a raised limit",
    "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return 1 + f(n + 1)\nprint(f(0))",
  ),
  stack("recursion of two", "def f(): g()\ndef g(): f()\nf()"),
  stack("recursion in __repr__", "class R:\n  def __repr__(s): return repr(s)\nprint(R())"),
  stack("recursion in __getattr__", "class G:\n  def __getattr__(s, n): return s.y\nG().x"),
  stack("recursion in a property", "class P:\n  @property\n  def x(s): return s.x\nP().x"),
  stack("recursion in a key", "f = lambda x: sorted([1, 2], key=f)\nf(1)"),
  stack("recursion in __eq__", "class E:\n  def __eq__(s, o): return s == o\nE() == 1"),
  stack("a nested list's text", "x = []\nfor _ in range(10**5): x = [x]\nprint(x)"),
  stack("nested lists compared", "a, b = [], []\nfor _ in range(10**5): a, b = [a], [b]\nprint(a == b)"),
  stack("a nested tuple's hash", "x = ()\nfor _ in range(10**5): x = (x,)\nhash(x)"),
  stack("a deep copy", "import copy\nx = []\nfor _ in range(10**4): x = [x]\ncopy.deepcopy(x)"),
  stack("JSON nested deep, written", "import json\nx = []\nfor _ in range(10**5): x = [x]\njson.dumps(x)"),
  stack("JSON nested deep, read", "import json\njson.loads('[' * 10**5)"),
  stack("the parser: brackets", "eval('(' * 5000 + ')' * 5000)"),
  stack("the parser: signs", "eval('-' * 10**5 + '1')"),
  stack("the parser: indentation", "exec(''.join(' ' * i + 'if 1:\\n' for i in range(200)) + ' ' * 200 + 'pass')"),
  stack(
    "the compiler: terms",
    "eval('+'.join(['x'] * 10**5), {'x': 1}) if not eval('(' * 300 + '1' + ')' * 300) else 0",
  ),
  stack("literal_eval nested deep", "import ast\nast.literal_eval('[' * 10**4 + ']' * 10**4)"),
  stack("a chain of attributes", "eval('x' + '.y' * 10**5)"),
  output("print in a loop", "while True: print('line')"),
  output("one long line", "print('x' * 10**7)"),
  output("a long list", "print(list(range(10**5)))"),
  output("a large integer", "print(2**10000)"),
  output("print in a loop, caught", "while True:\n  try: print('ab')\n  except Exception: pass"),
  output("print in a loop, all caught", "while True:\n  try: print('ab')\n  except BaseException: pass"),
  output("print in finally", "try:\n  while True: print('a')\nfinally:\n  while True: print('b')"),
  output("write", "import sys\nwhile True: sys.stdout.write('x')"),
  output("wide characters", "print('🙂' * 10**5)"),
  output("pprint", "import pprint\npprint.pprint([list(range(50))] * 100)"),
  output("a table", "for a in range(100):\n  for b in range(100): print(a * b, end=' ')"),
  aborted("an answer of 100 million lists", "import json\njson.dumps = lambda answer: '[' * 10**8"),
  aborted(
    "an answer of 40 million objects",
    `import json\njson.dumps = lambda answer: '["ok", "", "", [' + '{},' * (4 * 10**7) + '0]]'`,
  ),
  descriptors(
    "a descriptor's number",
    "import fcntl, os\nfcntl.fcntl(0, fcntl.F_DUPFD, 10**8)\nos.listdir('/proc/self/fd')",
  ),
  descriptors("descriptors by number", "import fcntl\nfor i in range(10**6): fcntl.fcntl(0, fcntl.F_DUPFD, 4097 + i)"),
  refused("a string of 10 billion", "'a' * 10**10"),
  refused("an integer's text", "str(10**5000)"),
  refused("a text's integer", "int('9' * 5000)"),
  refused("a float that is too large", "2.0**10000"),
  refused("an exponent of e", "import math\nmath.exp(1000)"),
  refused("factorial of a large number", "import math\nmath.factorial(2**70)"),
  refused("a range's length", "len(range(10**20))"),
  refused("a decimal that overflows", "from decimal import Decimal\nDecimal(10) ** Decimal(10**20)"),
  refused("a null in code", py`exec('a = 1\0')`),
];
