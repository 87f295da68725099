/** What JavaScript keeps beside Python's memory: tables and classes that no restored heap puts back. */
import { entry, type Poison } from "../poison";

const network = "import sys\nsys.meta_path.pop(0)\nimport _socket\n";
/** Pyodide's own module, found where it still lies: unlike one that is made again, it is there for every snippet. */
const bridge =
  "import gc\ncore = next(o for o in gc.get_objects() if type(o) is type(gc) and o.__name__ == '_pyodide_core')\n";

export const javascriptPoisons: Poison[] = [
  entry(
    "the table of protocols",
    `${network}try: _socket.getprotobyname('tcp')\nexcept OSError: pass`,
    `${network}kept = [bytes([65]) * n for n in range(8, 64)] * 50\ntry: print(_socket.getprotobyname('tcp'))\nexcept OSError as error: print(error)`,
    "protocol not found",
  ),
  entry(
    "the table of hosts",
    `${network}try: _socket.gethostbyname_ex('<broadcast>')\nexcept OSError: pass`,
    `${network}try: print(_socket.gethostbyaddr('172.29.1.0')[0])\nexcept OSError as error: print(type(error).__name__)`,
    "herror",
  ),
  entry(
    "the references that the bridge shares",
    `${bridge}Array = core.to_js([1]).constructor\nprint(Array.name)`,
    `${bridge}for _ in range(2): print(core.to_js([1]).constructor.name)`,
    "Array\nArray",
  ),
  entry(
    "a view of Python's memory, lent to JavaScript",
    `${bridge}core.create_proxy(b'a').getBuffer('u8').data.fill(98)`,
    "print(b'a', bytes([97]))",
    "b'a' b'a'",
  ),
  entry(
    "the bridge's marks, made anew",
    "import sys, _imp\nsys.meta_path.pop(0)\nfrom importlib.machinery import ModuleSpec\n_imp.create_builtin(ModuleSpec('_pyodide_core', None))",
    `${bridge}print(core.to_js([1]).constructor.name, getattr(core.to_js([1]), 'nothing', 'none'))`,
    "Array none",
  ),
];
