/** Within the interpreter: other snippets' traces, hooks that outlive, raw memory, the host's own code. */
import { py, type Attack } from "../attack";

const ctypes = "import sys\nsys.meta_path.pop(0)\nimport ctypes\n";
const found = (text: string) => `text = ${text}\nif SECRET_START + 'battery-' in text: print(BREACHED, text[:0])`;

export const insideAttacks: Attack[] = [
  {
    name: "the snippet before, in the objects",
    code: `import gc\n${found("' '.join(o for o in map(repr, (x for x in gc.get_objects() if type(x) is dict and len(x) < 50)) if 'horse' in o and 'SECRET_START' not in o)")}`,
  },
  {
    name: "the snippet before, in __main__",
    code: `import sys\n${found("str([k for k in sys.modules['__main__'].__dict__ if k not in ('BREACHED', 'SECRET_START')]) + str(globals().get('note'))")}`,
  },
  {
    name: "the snippet before, in the modules",
    code: `import math, builtins\n${found("str(getattr(math, 'note', '')) + str(getattr(builtins, 'note', ''))")}`,
  },
  {
    name: "the snippet before, in linecache",
    code: `import linecache\n${found("str(linecache.cache) + str(linecache.getlines('<snippet>'))")}`,
  },
  {
    name: "the snippet before, in a frame",
    code: py`
import sys
f = sys._getframe().f_back
while f:
    for k, v in f.f_locals.items():
        if 'battery'.join([SECRET_START, '-']) in str(v) and k != 'SECRET_START': print(BREACHED)
    f = f.f_back`,
  },
  {
    name: "the snippet before, in raw memory",
    code: `${ctypes}import re
# The pattern and its parts must not match themselves: they lie in memory too.
for start in range(65536, 2**25, 2**20):
    block = ctypes.string_at(start, 2**20)
    if re.search(rb'horse-b[a]ttery-st[a]ple', block): print(BREACHED)`,
  },
  {
    name: "the expected answer in memory",
    code: `${ctypes}import re
for start in range(65536, 2**25, 2**20):
    block = ctypes.string_at(start, 2**20)
    if re.search(rb'expect[e]dAnswer|grad[e]Answer|reward[O]f|cold-st[a]rt', block): print(BREACHED)`,
  },
  {
    name: "the host's names in frames",
    code: "import sys\nf = sys._getframe()\nnames = ''\nwhile f:\n  names += f.f_code.co_filename + ' '.join(f.f_globals)\n  f = f.f_back\nif any(w in names.lower() for w in ('grade', 'reward', 'expected', 'episode')): print(BREACHED)",
  },
  {
    name: "the clock of signals wound up",
    code: `${ctypes}import array
def read(start): return array.array('i', ctypes.string_at(start, 2**20))
def burn():
    for _ in range(7): pass
found = []
for start in range(2**20, 2**23, 2**20):
    before, after = read(start), read(start)
    found += [start + 4 * i for i, (a, b) in enumerate(zip(before, after)) if a != b and 0 <= a <= 60 and 0 <= b <= 60]
for address in found: ctypes.c_int.from_address(address).value = 10**7
for i in range(10**6): pass
if found: print(BREACHED)`,
    limits: { fuel: 10 ** 8, seconds: 20 },
  },
  { name: "memory wiped", code: `${ctypes}ctypes.memset(1000, 1, 20 * 10**6)\nprint(BREACHED)`, forges: ["ok"] },
  {
    name: "memory wiped by pieces",
    code: `${ctypes}for a in range(10**6, 2 * 10**7, 4096): ctypes.memset(a, 0, 8)`,
  },
  { name: "the low memory wiped", code: `${ctypes}ctypes.memset(0, 255, 65536)` },
  {
    name: "a call to a random function of the table",
    code: `${ctypes}for i in (1, 2, 3, 100, 1000, 5000): ctypes.CFUNCTYPE(ctypes.c_int)(i)()`,
  },
  {
    name: "a code object that is corrupt",
    stops: /^TypeError|^SystemError/,
    code: "f = lambda: 0\nf.__code__ = f.__code__.replace(co_code=bytes([100, 255, 200, 255] * 9), co_stacksize=1)\nf()",
  },
  {
    name: "a code object that reads beyond its constants",
    code: "import opcode\nf = lambda: 0\nf.__code__ = f.__code__.replace(co_code=bytes([opcode.opmap['RESUME'], 0, opcode.opmap['LOAD_CONST'], 250, opcode.opmap['RETURN_VALUE'], 0]))\nprint(f())",
  },
  {
    name: "marshal that is corrupt",
    code: "import marshal\nfor i in range(256):\n  try: marshal.loads(bytes([i]) * 99)\n  except Exception: pass",
  },
  {
    name: "marshal of code",
    code: "import marshal\nexec(marshal.loads(marshal.dumps(compile('import js', 'x', 'exec'))))\nprint(BREACHED)",
  },
  {
    name: "pickle that calls",
    code: "import pickle, os\nclass P:\n  def __reduce__(self): return (os.open, ('/tmp/p', 66))\npickle.loads(pickle.dumps(P()))\nprint(BREACHED)",
  },
  {
    name: "an import hook",
    code: "import sys\nclass H:\n  @staticmethod\n  def find_spec(n, p=None, t=None):\n    raise ImportError('hooked')\nsys.meta_path.insert(0, H)",
  },
  {
    name: "a path hook",
    code: "import sys\nsys.path_hooks.insert(0, lambda p: 1/0)\nsys.path_importer_cache.clear()\nsys.path.insert(0, '/tmp')",
  },
  { name: "an audit hook", code: "import sys\ndef hook(*a): print('audited')\nsys.addaudithook(hook)" },
  { name: "an audit hook that refuses", code: "import sys\ndef hook(*a): raise SystemExit\nsys.addaudithook(hook)" },
  { name: "atexit", code: "import atexit\natexit.register(print, BREACHED)" },
  {
    name: "settrace",
    code: "import sys, threading\nsys.settrace(lambda *a: print('traced'))\nthreading.settrace(lambda *a: print('traced'))",
  },
  { name: "setprofile", code: "import sys\nsys.setprofile(lambda *a: None)" },
  {
    name: "sys.monitoring",
    code: "import sys\nm = sys.monitoring\nm.use_tool_id(1, 'x')\nm.register_callback(1, m.events.CALL, lambda *a: print('seen'))\nm.set_events(1, m.events.CALL | m.events.PY_START)",
  },
  {
    name: "a weak reference's callback",
    code: "import weakref, sys\nclass A: pass\na = A()\nsys.keep = weakref.ref(a, lambda r: print(BREACHED))\nsys.keep2 = weakref.finalize(a, print, BREACHED)\nsys.a = a",
  },
  { name: "__del__ after the end", code: "import sys\nclass D:\n  def __del__(self): print(BREACHED)\nsys.d = D()" },
  {
    name: "a generator's finally after the end",
    code: "import sys\ndef g():\n  try: yield\n  finally: print(BREACHED)\nsys.g = g()\nnext(sys.g)",
  },
  { name: "gc callbacks", code: "import gc\ngc.callbacks.append(lambda *a: print('gc'))\ngc.set_threshold(1)" },
  {
    name: "an unraisable hook",
    code: "import sys\nsys.unraisablehook = lambda u: print(BREACHED)\nclass D:\n  def __del__(self): 1/0\nsys.d = D()",
  },
  { name: "an exception hook", code: "import sys\nsys.excepthook = lambda *a: print(BREACHED)\n1/0" },
  { name: "a display hook", code: "import sys\nsys.displayhook = lambda v: print(BREACHED)\n7" },
  {
    name: "a breakpoint",
    code: "import sys\nsys.breakpointhook = print\nbreakpoint()\nsys.breakpointhook = sys.__breakpointhook__\nbreakpoint()",
  },
  {
    name: "warnings turned to code",
    code: "import warnings\nwarnings.showwarning = lambda *a, **k: print('warned')\nwarnings.simplefilter('error')",
  },
  {
    name: "builtins monkey-patched",
    code: "import builtins\nbuiltins.print = builtins.len = builtins.compile = builtins.exec = lambda *a, **k: 7",
  },
  { name: "builtins emptied", code: "import builtins\nbuiltins.__dict__.clear()" },
  {
    name: "__build_class__ and __import__",
    code: "import builtins\nbuiltins.__build_class__ = builtins.__import__ = None",
  },
  { name: "types of the driver", code: "import types\ntypes.ModuleType = lambda n: 1/0" },
  {
    name: "the recursion limit",
    code: "import sys\nsys.setrecursionlimit.__class__\ntype(sys)('x')\nimport _testcapi",
  },
  {
    name: "an asyncio task after the end",
    code: "import sys\nsys.meta_path.pop(0)\nimport asyncio\nasync def later(): print(BREACHED)\nasyncio.get_event_loop().create_task(later())",
  },
  {
    name: "a coroutine never awaited",
    code: "import sys\nasync def c():\n  try: print(1)\n  finally: print(BREACHED)\nsys.c = c()",
  },
  {
    name: "a codec that lies",
    code: "import codecs\ncodecs.register(lambda n: 1/0)\ncodecs.register_error('strict', lambda e: ('', 10**9))",
  },
  { name: "the working directory", code: "import os\nos.chdir('/lib')" },
  {
    name: "standard files closed",
    code: "import os\nfor fd in range(10):\n  try: os.close(fd)\n  except OSError: pass",
  },
  {
    name: "standard files exchanged",
    code: "import os\nfd = os.open('/lib/python314.zip', 0)\nfor i in range(3): os.dup2(fd, i)",
  },
  { name: "standard files' flags", code: "import fcntl\nfor fd in range(3): fcntl.fcntl(fd, fcntl.F_SETFL, 0o6000)" },
  {
    name: "all file numbers used up",
    code: "import os\ntry:\n  while True: os.open('/dev/null', 0)\nexcept OSError: pass",
  },
  {
    name: "the environment",
    code: "import os\nos.environ['PYTHONHASHSEED'] = '7'\nos.environ['LANG'] = 'C'\nos.putenv('X', 'y')",
  },
  { name: "the file mask", code: "import os\nos.umask(0o777)" },
];
