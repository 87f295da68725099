/** To JavaScript: the bridge that Pyodide has, and the one that CPython's own doors lead back to. */
import { py, type Attack } from "../attack";

/** Lets in what the forbidden list keeps out, and makes the unregistered bridge again. */
const bridge = py`
import sys, _imp
sys.meta_path.pop(0)
from importlib.machinery import ModuleSpec
core = _imp.create_builtin(ModuleSpec('_pyodide_core', None))
Array = core.to_js([1]).constructor
Object = Array.constructor
`;

const overBridge = (name: string, code: string, stops?: RegExp): Attack => ({
  name: `over the bridge: ${name}`,
  code: `${bridge}print('armed')\n${code}`,
  arms: true,
  ...(stops && { stops }),
});

const doors = [
  ..."eval Function fetch XMLHttpRequest WebSocket WebTransport EventSource importScripts indexedDB caches".split(" "),
  ..."localStorage navigator location Worker SharedWorker BroadcastChannel MessageChannel postMessage close".split(" "),
];

export const bridgeAttacks: Attack[] = [
  { name: "import js", code: "import js\nprint(BREACHED, js)" },
  { name: "js.fetch", code: "from js import fetch\nfetch('/sandbox-attack')\nprint(BREACHED)" },
  { name: "js.postMessage", code: "import js\njs.postMessage('sandbox-attack')\nprint(BREACHED)" },
  { name: "pyodide_js", code: "import pyodide_js\nprint(BREACHED, pyodide_js._api)" },
  { name: "pyodide.code.run_js", code: "from pyodide.code import run_js\nprint(BREACHED, run_js('7'))" },
  { name: "pyodide.http.open_url", code: "from pyodide.http import open_url\nprint(open_url('/'), BREACHED)" },
  { name: "pyodide.ffi.create_proxy", code: "from pyodide.ffi import create_proxy\nprint(BREACHED, create_proxy(7))" },
  {
    name: "the forbidden finder taken away",
    code: "import sys\nsys.meta_path[:] = [f for f in sys.meta_path if 'Forbidden' not in repr(f)]\nimport js\nprint(BREACHED)",
  },
  {
    name: "the forbidden list emptied",
    code: py`
import sys
f = sys._getframe()
while f.f_back: f = f.f_back
f.f_globals['FORBIDDEN'] = frozenset()
import pyodide_js
print(BREACHED)`,
  },
  {
    name: "a reload of pyodide",
    code: "import sys, importlib\nsys.meta_path.pop(0)\nimportlib.import_module('pyodide').code.run_js('1')\nprint(BREACHED)",
    stops: /^AttributeError: module 'pyodide' has no attribute 'code'/,
  },
  {
    name: "run_js found by gc",
    code: py`
import gc
for o in gc.get_objects():
    if callable(o) and getattr(o, '__name__', '') in ('run_js', 'eval_code_async', 'pyfetch', 'open_url'):
        o('1' if o.__name__ == 'run_js' else '/sandbox-attack')
        if o.__name__ != 'eval_code_async': print(BREACHED)`,
  },
  {
    name: "the importer of JavaScript among all subclasses",
    code: py`
def walk(c, seen):
    for s in type.__subclasses__(c):
        if s not in seen:
            seen.add(s); walk(s, seen)
    return seen
for c in walk(object, set()):
    if c.__name__ == 'JsFinder':
        import gc
        for o in gc.get_referrers(c):
            if getattr(o, 'jsproxies', None): print(BREACHED)`,
  },
  {
    name: "an instance of JsFinder by gc",
    code: "import gc\nfor o in gc.get_objects():\n  if getattr(type(o), '__name__', '') == 'JsFinder' and o.jsproxies: print(BREACHED)",
  },
  {
    name: "a JsProxy that lives in the heap",
    code: "import gc\nfor o in gc.get_objects():\n  if type(o).__name__ == 'JsProxy': print(BREACHED, o.constructor.constructor('return 7')())",
  },
  {
    name: "the numbered JavaScript values",
    code: `${bridge}
for name in dir(core):
    value = getattr(core, name)
    if type(value).__name__ == 'JsProxy' and len(dir(value)) and hasattr(value, 'constructor'): print(BREACHED)`,
  },
  overBridge("code from a constructor", "print(Array.constructor.constructor('return 7')(), BREACHED)"),
  overBridge("code from a function's constructor", "f = Array.isArray\nprint(f.constructor('return 7')(), BREACHED)"),
  overBridge("code from a generator", "print(Array.prototype.values.constructor('return 7')(), BREACHED)"),
  overBridge(
    "code from an async function",
    "print(core.create_proxy(print).constructor.constructor('return 7')(), BREACHED)",
  ),
  overBridge("a bound function's caller", "print(Array.from_.caller.constructor('return 7')(), BREACHED)"),
  overBridge("getOwnPropertyDescriptor", "print(Object.getOwnPropertyDescriptor(Array, 'caller').get(), BREACHED)"),
  overBridge("all arrays changed", "Array.prototype.at = 7\nif Array.prototype.at == 7: print(BREACHED)"),
  overBridge("all objects changed", "Object.prototype.forged = 7\nif Object.forged == 7: print(BREACHED)"),
  overBridge(
    "__proto__ changed",
    "x = core.to_js([1])\nx.__proto__.push = 7\nif core.to_js([2]).push == 7: print(BREACHED)",
  ),
  overBridge(
    "defineProperty",
    "Object.defineProperty(Array.prototype, 'map', core.to_js({'value': 7}, dict_converter=Object.fromEntries))\nif core.to_js([2]).map == 7: print(BREACHED)",
  ),
  overBridge(
    "how memory is put back",
    py`
import builtins
builtins.len = lambda x: 99
T = core.to_js(b'x').constructor.__proto__.prototype
T.fill = Array.isArray
T.set = Array.isArray`,
  ),
  overBridge(
    "how lists are walked",
    py`
import builtins
builtins.len = lambda x: 99
iter(core.to_js([1])).__proto__.next = Array.isArray`,
  ),
  overBridge("a note on a function", "Array.isArray.note = 'left'\nif Array.isArray.note == 'left': print(BREACHED)"),
  overBridge(
    "how functions of Python are called",
    py`
def run(*a): return '["ok", "forged", "", null]'
core.create_proxy(run).__proto__.apply = run
core.create_proxy(run).__proto__.__proto__.apply = run`,
  ),
  overBridge("setPrototypeOf", "Object.setPrototypeOf(Array.prototype, None)\nprint(BREACHED)"),
  overBridge("assign", "Object.assign(Object.prototype, core.to_js({'forged': 1}))\nif Object.forged: print(BREACHED)"),
  overBridge(
    "any global but the language's",
    py`
doors = "${doors.join(" ")}".split()
def search(o, depth, seen):
    if depth == 0: return
    for name in ['constructor', '__proto__', 'prototype', 'self', 'globalThis', 'window', 'global', *doors]:
        value = getattr(o, name, None)
        if value is None or type(value).__name__ != 'JsProxy' or value.js_id in seen: continue
        seen.add(value.js_id)
        if name in doors: print(BREACHED)
        search(value, depth - 1, seen)
search(Array, 6, set())
search(core.create_proxy(search), 6, set())`,
  ),
  overBridge(
    "JavaScript by way of C",
    "import ctypes\nctypes.CDLL(None).emscripten_run_script(b'postMessage(7)')\nprint(BREACHED)",
  ),
  overBridge(
    "JavaScript by way of C, with an answer",
    "import ctypes\nif ctypes.CDLL(None).emscripten_run_script_int(b'6*7') == 42: print(BREACHED)",
  ),
  overBridge("dlopen", "import ctypes\nctypes.CDLL('/lib/evil.so')\nprint(BREACHED)"),
  overBridge("a promise that speaks later", "import asyncio\nasyncio.get_event_loop().call_later(0, print, BREACHED)"),
  overBridge("an awaited promise", "import asyncio\nasyncio.ensure_future(asyncio.sleep(0))\nprint(BREACHED)"),
  overBridge("run_sync", "print(core.run_sync(core.to_js([1])), BREACHED)"),
  overBridge(
    "a JavaScript error's stack",
    "try: Array.nothing()\nexcept Exception as e: print(getattr(e, 'js_error').constructor.constructor('return 7')(), BREACHED)",
    /^AttributeError: 'AttributeError' object has no attribute 'js_error'/,
  ),
];
