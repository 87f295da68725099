/** The interpreter: namespaces, builtins, hooks, the driver, files. */
import { entry, type Poison } from "../poison";

/** The way to JavaScript that CPython's own doors leave. */
const bridge = `import sys, _imp
sys.meta_path.pop(0)
from importlib.machinery import ModuleSpec
core = _imp.create_builtin(ModuleSpec('_pyodide_core', None))
Array = core.to_js([1]).constructor
`;

export const interpreterPoisons: Poison[] = [
  entry(
    "how JavaScript writes into memory",
    `${bridge}import builtins
builtins.len = lambda x: 99
T = core.to_js(b'x').constructor.__proto__.prototype
T.fill = Array.isArray
T.set = Array.isArray`,
    "print(len('abc'))",
    "3",
  ),
  entry("a global", "leak = 7", "print('leak' in globals())", "False"),
  entry(
    "__main__",
    "import sys\nsys.modules['__main__'].leak = 7\nsys.modules['leak'] = sys",
    "import sys\nprint(hasattr(sys.modules['__main__'], 'leak'), 'leak' in sys.modules)",
    "False False",
  ),
  entry("len", "import builtins\nbuiltins.len = lambda x: 7", "print(len([1, 2]))", "2"),
  entry("print", "import builtins\nbuiltins.print = lambda *a, **k: None", "print('heard')", "heard"),
  entry(
    "sum, sorted, range, int",
    "import builtins\nbuiltins.sum = builtins.sorted = builtins.range = builtins.int = str",
    "print(sum(range(4)), sorted([2, 1]), int('7'))",
    "6 [1, 2] 7",
  ),
  entry(
    "builtins deleted",
    "import builtins\nfor n in list(vars(builtins)):\n  if n not in ('list', 'vars'): delattr(builtins, n)",
    "print(abs(-3))",
    "3",
  ),
  entry(
    "a new builtin",
    "import builtins\nbuiltins.gcd = lambda a, b: 7",
    "try: gcd(1, 2)\nexcept NameError: print('unknown')",
    "unknown",
  ),
  entry(
    "sys.modules",
    "import sys\nfor n in ('math', 'random', 'json', 'os'): sys.modules[n] = None",
    "import math, random, json, os\nprint(math.floor(2.5))",
    "2",
  ),
  entry("sys.modules emptied", "import sys\nsys.modules.clear()", "import math\nprint(math.comb(5, 2))", "10"),
  entry(
    "sys.path and its caches",
    "import sys\nsys.path.clear()\nsys.path_importer_cache.clear()\nsys.meta_path.clear()",
    "import csv\nprint(csv.QUOTE_ALL)",
    "1",
  ),
  entry(
    "an importer",
    "import sys\nclass F:\n  @staticmethod\n  def find_spec(*a): raise ImportError('no')\nsys.meta_path.insert(0, F)",
    "import colorsys\nprint(colorsys.rgb_to_hsv(1, 1, 1))",
    "(0.0, 0.0, 1)",
  ),
  entry("settrace", "import sys\nsys.settrace(lambda *a: 1 / 0)", "def f(): return 3\nprint(f())", "3"),
  entry("setprofile", "import sys\nsys.setprofile(lambda *a: print('p'))", "def f(): return 3\nprint(f())", "3"),
  entry(
    "sys.monitoring",
    "import sys\nm = sys.monitoring\nm.use_tool_id(2, 't')\nm.register_callback(2, m.events.LINE, lambda *a: print('l'))\nm.set_events(2, m.events.LINE)",
    "x = 1\nprint(x)",
    "1",
  ),
  entry("int's digits", "import sys\nsys.set_int_max_str_digits(640)", "print(len(str(10**4000)))", "4001"),
  entry(
    "int's digits, unlimited",
    "import sys\nsys.set_int_max_str_digits(0)",
    "try: str(10**5000)\nexcept ValueError: print('limit')",
    "limit",
  ),
  entry(
    "the recursion limit",
    "import sys\ntype(sys)\nsys.setrecursionlimit(50)",
    "f = lambda n: n and f(n - 1)\nprint(f(300))",
    "0",
  ),
  entry(
    "gc off",
    "import gc\ngc.disable()\ngc.set_threshold(0)\ngc.freeze()",
    "import gc\nprint(gc.isenabled(), gc.get_freeze_count())",
    "True 0",
  ),
  entry(
    "gc callbacks",
    "import gc\ngc.callbacks.append(lambda *a: print('gc'))",
    "import gc\ngc.collect()\nprint('quiet')",
    "quiet",
  ),
  entry(
    "the switch interval",
    "import sys\nsys.setswitchinterval(9)",
    "import sys\nprint(sys.getswitchinterval())",
    "0.005",
  ),
  entry("sys.stdout", "import sys, io\nsys.stdout = io.StringIO()", "print('out')", "out"),
  entry("sys.stdout's class", "import sys\ntype(sys.stdout).write = lambda s, t: 0", "print('out')", "out"),
  entry("sys.__stdout__ closed", "import sys\nsys.__stdout__.close()\nsys.stdout.close()", "print('out')", "out"),
  entry(
    "sys.excepthook, displayhook, stderr",
    "import sys\nsys.excepthook = sys.displayhook = sys.stderr = None",
    "import sys\nprint(callable(sys.excepthook), callable(sys.displayhook), sys.stderr is None)",
    "True True False",
  ),
  entry(
    "the driver's functions",
    "import sys\nd = sys._getframe(1).f_globals\nd['run'] = d['_execute'] = d['_answer'] = None\nd['SNIPPET'] = 'x'",
    "print('ran')",
    "ran",
  ),
  entry(
    "the driver's code",
    "import sys\nf = sys._getframe(1).f_globals['_execute']\nf.__code__ = (lambda code, limit: ('ok', 'poison', None)).__code__",
    "print('ran')",
    "ran",
  ),
  entry("types.ModuleType", "import types\ntypes.ModuleType = dict", "print(__name__)", "__main__"),
  entry(
    "a class attribute of the library",
    "import numbers, fractions\nfractions.Fraction.numerator = 7",
    "from fractions import Fraction\nprint(Fraction(3, 4).numerator)",
    "3",
  ),
  entry(
    "type flags",
    "import abc\nclass A(abc.ABC): pass\nA.register(int)\nclass B(int): pass\nB.__bases__",
    "print(int.__mro__, (5).__class__)",
    "(<class 'int'>, <class 'object'>) <class 'int'>",
  ),
  entry(
    "object's subclasses",
    "kept = [type(f'C{i}', (), {}) for i in range(100)]\nimport sys\nsys.kept = kept",
    "print(any(c.__name__ == 'C7' for c in object.__subclasses__()))",
    "False",
  ),
  entry(
    "interned strings",
    "import sys\nsys.kept = [sys.intern(f'word{i}') for i in range(10**4)]",
    "a = 'wo' + str(1)\nprint([a is __import__('sys').intern('wo1'), a])",
    "[False, 'wo1']",
  ),
  entry("the working directory", "import os\nos.chdir('/lib')", "import os\nprint(os.getcwd())", "/home/pyodide"),
  entry(
    "the environment",
    "import os\nos.environ.clear()\nos.environ['HOME'] = '/x'",
    "import os\nprint(os.path.expanduser('~'), 'LANG' in os.environ)",
    "/home/pyodide True",
  ),
  entry(
    "standard files closed",
    "import os\nfor i in range(3): os.close(i)",
    "import os\nprint([os.fstat(i).st_mode for i in range(3)], os.open('/dev/null', 0))",
    "[8630, 8630, 8630] 3",
  ),
  entry(
    "standard files exchanged",
    "import os\nfd = os.open('/lib/python314.zip', 0)\nos.dup2(fd, 0)\nos.dup2(fd, 1)",
    "import os\nprint(os.read(0, 4))",
    "b''",
  ),
  entry(
    "standard files' flags",
    "import fcntl\nfcntl.fcntl(1, fcntl.F_SETFL, 0o6000)",
    "import fcntl\nprint(fcntl.fcntl(1, fcntl.F_GETFL))",
    "1",
  ),
  entry(
    "files left open",
    "import os\nkept = [os.open('/dev/null', 0) for _ in range(500)]",
    "import os\nprint(os.open('/dev/null', 0))",
    "3",
  ),
  entry(
    "the library's bytes",
    "import os\ntry: os.write(os.open('/dev/../lib/python314.zip', 1), b'ZZZZ')\nexcept OSError: pass",
    "print(open('/lib/python314.zip', 'rb').read(2))",
    "b'PK'",
  ),
  entry(
    "the hash of strings",
    "import os\nos.environ['PYTHONHASHSEED'] = '5'\nkept = {str(i): i for i in range(10**4)}",
    "print(list({'a', 'b', 'c', 'd'}) == list({'d', 'c', 'b', 'a'}), hash('a') == hash('a'.lower()))",
    "True True",
  ),
  entry(
    "addresses",
    "kept = [object() for _ in range(10**5)]\nimport sys\nsys.kept = kept",
    "print(id(object()) == id(object()))",
    "True",
  ),
  entry(
    "context variables",
    "import contextvars\nv = contextvars.ContextVar('v')\nv.set(7)",
    "import contextvars\nprint(len(list(contextvars.copy_context())))",
    "0",
  ),
  entry(
    "the locale",
    "import locale\ntry: locale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')\nexcept locale.Error: pass",
    "print(f'{1234.5:n}', float('1.5'))",
    "1234.5 1.5",
  ),
];
