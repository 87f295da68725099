"""Runs inside Pyodide: executes one snippet and says how it ended.

It is run once, before the snapshot is made that every worker starts from. After each snippet the whole heap is put
back, so nothing here needs to clean up after a snippet, and what a snippet does to this module is gone before the next
one starts.
"""

# Most are here so that the snapshot holds them: a snippet's own import is then a lookup.
import bisect, calendar, cmath, collections, copy, dataclasses, datetime, decimal, difflib, enum, fractions
import functools, heapq, io, itertools, json, keyword, linecache, math, numbers, operator, random, re, statistics
import string, sys, textwrap, time, tokenize, traceback, types, typing

SNIPPET = "<snippet>"

# Doors to JavaScript, to raw memory, to the network and to other threads of control.
FORBIDDEN = frozenset(
    "_asyncio _ctypes _interpreters _multiprocessing _posixsubprocess _pyodide _pyodide_core _pyrepl _remote_debugging "
    "_signal _socket _ssl _testcapi _testinternalcapi asyncio ctypes faulthandler js micropip multiprocessing pyodide "
    "pyodide_js signal socket ssl subprocess webbrowser".split()
)


class _OutputLimit(BaseException):
    """Raised in the snippet by the write that goes over its limit."""


class _Printed(io.StringIO):
    """Standard output that is cut while it is printed."""

    def __init__(self, limit):
        super().__init__()
        self._left = limit
        self.exceeded = False

    def write(self, text):
        text.encode()  # CPython's standard output raises for a lone surrogate; so does this one.
        length = len(text)
        if length > self._left:
            super().write(text[: self._left])
            self._left = 0
            self.exceeded = True
            raise _OutputLimit
        self._left -= length
        return super().write(text)


class _Discarded(io.TextIOBase):
    """Standard error: the policy sees the last traceback line and nothing else of it."""

    def write(self, text):
        return len(text)


class _ForbiddenFinder:
    """Refuses the forbidden modules in the words CPython has for a module that is not installed."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in FORBIDDEN:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


_output = _Printed(0)

# A class of the snippet's may have a metaclass with a __name__ of its own.
_name_of = type.__dict__["__name__"].__get__
_traceback_of = BaseException.__dict__["__traceback__"].__get__


def _last_line(error, limit):
    """The last line that CPython would print, suggestions included."""
    try:
        formatted = traceback.TracebackException(type(error), error, error.__traceback__, limit=0)
        line = "".join(formatted.format_exception_only()).rstrip("\n").rpartition("\n")[2]
    except KeyboardInterrupt:
        raise
    except BaseException:
        line = _name_of(type(error))
    return line[:limit]


def _exit_message(error, limit):
    """The error of a `sys.exit`, "" where it ends well: a text is what CPython would write."""
    try:
        code = error.code
        if code is None or type(code) in (int, bool):
            return f"SystemExit: {code:d}"[:limit] if code else ""
        return (str(code).rstrip("\n").rpartition("\n")[2] or "SystemExit")[:limit]
    except KeyboardInterrupt:
        raise
    except BaseException:
        return "SystemExit"


def _last_line_number(error):
    """The snippet's line that a traceback of `error` ends in, or None."""
    try:
        if isinstance(error, SyntaxError) and error.filename == SNIPPET:
            # Whoever raises it fills it in.
            return error.lineno if type(error.lineno) is int and 0 < error.lineno < 10**9 else None
    except KeyboardInterrupt:
        raise
    except BaseException:
        return None
    line, entry = None, _traceback_of(error)
    while entry is not None:
        if entry.tb_frame.f_code.co_filename == SNIPPET:
            line = entry.tb_lineno
        entry = entry.tb_next
    return line


def _execute(code, limit):
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    try:
        exec(compile(code, SNIPPET, "exec", dont_inherit=True), module.__dict__)
    except SystemExit as error:
        message = _exit_message(error, limit)
        if message:
            return "error", message, _last_line_number(error)
    except (_OutputLimit, KeyboardInterrupt) as error:
        return "error", _name_of(type(error))[:limit], _last_line_number(error)
    except BaseException as error:
        # The interpreter's own has no words; one with words is the snippet's.
        if type(error) is MemoryError and not error.args:
            return "memory", "MemoryError", _last_line_number(error)
        return "error", _last_line(error, limit), _last_line_number(error)
    return "ok", "", None


def _answer(status, error, line):
    if _output.exceeded:
        status, error = "output", ""  # The host has the words for it, and the last word on what is too long.
    return json.dumps([status, _output.getvalue(), error, line])


def run(code, limit):
    """Runs `code`; returns JSON of [status, stdout, error, line], at most `limit` characters of each text."""
    global _output
    sys.stdout = _output = _Printed(limit)
    return _answer(*_execute(code, limit))


def printed():
    """The same JSON for a snippet that never came back from `run`; its fault is not known here."""
    return _answer("error", "", None)


def rehearse():
    """Every kind of ending once, so that the snapshot holds what they load lazily. Called when it is made."""
    main, stdout = sys.modules["__main__"], sys.stdout
    for code in (
        "import math\nprint(math.sqrt(2), 10**40, 1/3, {1: 'a'}, [x for x in range(3)])",
        "1/0",
        "prnt(1)",
        "math.pi",
        "import math\nmath.squrt(2)",
        "fro i in range(3): pass",
        "import nothing",
        "print('x' * 100)",
        "def f(n): return f(n + 1)\nf(0)",
        "raise SystemExit",
    ):
        run(code, 20)
    sys.modules["__main__"], sys.stdout = main, stdout


def _sleep(seconds):
    """Waiting has no meaning in a sandbox with a clock of its own."""


def seal():
    """Takes the doors away. Called once, after Pyodide has no more use for them."""
    sys.modules["_pyodide._importhook"].jsfinder.jsproxies.clear()
    sys.meta_path[:] = [
        finder
        for finder in sys.meta_path
        if not getattr(finder, "__module__", type(finder).__module__).startswith(("_pyodide", "pyodide"))
        and not type(finder).__module__.startswith(("_pyodide", "pyodide"))
    ]
    sys.meta_path.insert(0, _ForbiddenFinder)
    for name in [name for name in sys.modules if name.partition(".")[0] in FORBIDDEN]:
        del sys.modules[name]
    sys.path[:] = [entry for entry in sys.path if entry not in ("", "/home/pyodide")]
    sys.excepthook = sys.__excepthook__
    sys.setrecursionlimit(1000)
    # Model-written code raises the limit as a habit; deeper recursion would overflow the engine's own stack.
    sys.setrecursionlimit = lambda limit: None
    sys.stderr = _Discarded()
    time.sleep = _sleep
    random.seed(0)
