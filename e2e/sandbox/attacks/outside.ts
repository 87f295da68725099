/** To what lies around the interpreter: network, files, devices, processes, threads, signals. */
import { py, type Attack } from "../attack";

export const outsideAttacks: Attack[] = [
  { name: "socket", code: "import socket\nsocket.socket().connect(('127.0.0.1', 80))\nprint(BREACHED)" },
  {
    name: "_socket",
    code: "import sys\nsys.meta_path.pop(0)\nimport _socket\n_socket.socket().connect(('127.0.0.1', 80))\nprint(BREACHED)",
  },
  {
    name: "getaddrinfo",
    code: "import sys\nsys.meta_path.pop(0)\nimport _socket\n_socket.getaddrinfo('localhost', 80)\nprint(BREACHED)",
  },
  {
    name: "socketpair",
    code: "import sys\nsys.meta_path.pop(0)\nimport socket\na, b = socket.socketpair()\na.send(b'x')\nprint(b.recv(1), BREACHED)",
  },
  {
    name: "a listening socket",
    code: "import sys\nsys.meta_path.pop(0)\nimport socket\ns = socket.socket()\ns.bind(('', 80))\ns.listen()\nprint(BREACHED)",
  },
  {
    name: "urllib",
    code: "import urllib.request\nurllib.request.urlopen('http://localhost/sandbox-attack')\nprint(BREACHED)",
  },
  {
    name: "http.client",
    code: "import http.client\nc = http.client.HTTPConnection('localhost')\nc.request('GET', '/')\nprint(BREACHED)",
  },
  {
    name: "webbrowser",
    code: "import sys\nsys.meta_path.pop(0)\nimport webbrowser\nif webbrowser.open('/sandbox-attack'): print(BREACHED)",
  },
  { name: "an open file to write", code: "open('/tmp/x', 'w')\nprint(BREACHED)" },
  { name: "os.open that creates", code: "import os\nos.open('/tmp/x', os.O_CREAT | os.O_RDWR)\nprint(BREACHED)" },
  { name: "a new device", code: "import os\nos.open('/dev/x', os.O_CREAT | os.O_RDWR)\nprint(BREACHED)" },
  { name: "out of /dev by dots", code: "open('/dev/../lib/python314.zip', 'r+b')\nprint(BREACHED)" },
  {
    name: "out of /dev by dots, os.open",
    code: "import os\nos.write(os.open('/dev/../lib/python314.zip', os.O_WRONLY), b'ZZZZ')\nprint(BREACHED)",
  },
  {
    name: "out of /dev by chdir",
    code: "import os\nos.chdir('/dev')\nos.open('../lib/python314.zip', os.O_RDWR)\nprint(BREACHED)",
  },
  { name: "the library by append", code: "open('/lib/python314.zip', 'ab').write(b'x')\nprint(BREACHED)" },
  {
    name: "the library by a reader's number",
    code: "import os\nos.write(os.open('/lib/python314.zip', os.O_RDONLY), b'x')\nprint(BREACHED)",
  },
  {
    name: "the library by a changed flag",
    code: "import os, fcntl\nfd = os.open('/lib/python314.zip', 0)\nfcntl.fcntl(fd, fcntl.F_SETFL, 2)\nos.write(fd, b'ZZ')\nif open('/lib/python314.zip', 'rb').read(2) == b'ZZ': print(BREACHED)",
  },
  { name: "the library truncated", code: "import os\nos.truncate('/lib/python314.zip', 0)\nprint(BREACHED)" },
  { name: "the library unlinked", code: "import os\nos.remove('/lib/python314.zip')\nprint(BREACHED)" },
  { name: "the library renamed", code: "import os\nos.rename('/lib/python314.zip', '/tmp/a.zip')\nprint(BREACHED)" },
  { name: "the library made unreadable", code: "import os\nos.chmod('/lib/python314.zip', 0)\nprint(BREACHED)" },
  { name: "the library's times", code: "import os\nos.utime('/lib/python314.zip', (0, 0))\nprint(BREACHED)" },
  { name: "a folder", code: "import os\nos.mkdir('/tmp/d')\nprint(BREACHED)" },
  { name: "a link", code: "import os\nos.symlink('/lib', '/tmp/l')\nprint(BREACHED)" },
  {
    name: "a shared mapping",
    code: "import mmap\nf = open('/lib/python314.zip', 'rb')\nm = mmap.mmap(f.fileno(), 0, flags=mmap.MAP_SHARED, prot=3)\nm[:2] = b'ZZ'\nm.flush()\nprint(BREACHED)",
  },
  {
    name: "a read-only mapping, written in memory and flushed",
    code: py`
import sys
sys.meta_path.pop(0)
import ctypes, mmap
f = open('/lib/python314.zip', 'rb')
m = mmap.mmap(f.fileno(), 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ)
words = (ctypes.c_uint32 * 8).from_address(id(m))
for w in words:
    if 4096 < w < 2**27 and ctypes.string_at(w, 4) == b'PK\x03\x04':
        ctypes.memmove(w, b'ZZ', 2)
m.flush()
m.close()
if open('/lib/python314.zip', 'rb').read(2) == b'ZZ': print(BREACHED)`,
  },
  {
    name: "zipimport writes",
    code: "import zipfile\nz = zipfile.ZipFile('/lib/python314.zip', 'a')\nz.writestr('evil.py', 'x = 1')\nz.close()\nimport evil\nprint(BREACHED)",
  },
  {
    name: "bytecode left beside a module",
    code: "import py_compile\npy_compile.compile('/lib/python314.zip', '/tmp/x.pyc', doraise=True)\nprint(BREACHED)",
  },
  { name: "tempfile", code: "import tempfile\ntempfile.NamedTemporaryFile()\nprint(BREACHED)" },
  { name: "shelve", code: "import shelve\nshelve.open('/tmp/shelf')['a'] = 1\nprint(BREACHED)" },
  {
    name: "sqlite3 in a file",
    code: "import sqlite3\nsqlite3.connect('/tmp/b.db').execute('create table t(a)')\nprint(BREACHED)",
  },
  {
    name: "sqlite3 attach",
    code: "import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute(\"attach '/tmp/a.db' as a\")\nc.execute('create table a.t(a)')\nprint(BREACHED)",
  },
  {
    name: "sqlite3 in shared memory",
    code: "import sqlite3\nc = sqlite3.connect('file:/x?vfs=memdb', uri=True)\nc.execute('create table t(a)')\nc.commit()\nif sqlite3.connect('file:/x?vfs=memdb', uri=True).execute('select count(*) from sqlite_master').fetchone()[0] > 1: print(BREACHED)",
  },
  {
    name: "sqlite3 extensions",
    code: "import sqlite3\nc = sqlite3.connect(':memory:')\nc.enable_load_extension(True)\nc.load_extension('/tmp/e')\nprint(BREACHED)",
    stops: /^AttributeError: 'sqlite3.Connection' object has no attribute 'enable_load_extension'/,
  },
  {
    name: "sqlite3 extensions in SQL",
    code: "import sqlite3\nsqlite3.connect(':memory:').execute(\"select load_extension('/tmp/e')\")\nprint(BREACHED)",
  },
  {
    name: "sqlite3 vacuum into",
    code: "import sqlite3\nsqlite3.connect(':memory:').execute(\"vacuum into '/tmp/v.db'\")\nprint(BREACHED)",
  },
  { name: "a pipe to the next snippet", code: "import os\nr, w = os.pipe()\nos.write(w, b'leak')\nprint(BREACHED)" },
  { name: "the browser's entropy", code: "print(open('/dev/urandom', 'rb').read(8), BREACHED)" },
  { name: "system", code: "import os\nif os.system('ls') == 0: print(BREACHED)" },
  { name: "popen", code: "import os\nprint(os.popen('ls').read(), BREACHED)" },
  {
    name: "subprocess",
    code: "import sys\nsys.meta_path.pop(0)\nimport subprocess\nsubprocess.run(['ls'])\nprint(BREACHED)",
  },
  { name: "fork", code: "import os\nos.fork()\nprint(BREACHED)" },
  { name: "execv", code: "import os\nos.execv('/bin/sh', ['sh'])\nprint(BREACHED)" },
  { name: "a thread", code: "import threading\nthreading.Thread(target=print, args=(BREACHED,)).start()" },
  { name: "_thread", code: "import _thread\n_thread.start_new_thread(print, (BREACHED,))" },
  {
    name: "an executor",
    code: "from concurrent.futures import ThreadPoolExecutor\nprint(ThreadPoolExecutor().submit(str, 1).result(), BREACHED)",
  },
  { name: "a timer thread", code: "import threading\nthreading.Timer(0, print, (BREACHED,)).start()" },
  {
    name: "multiprocessing",
    code: "import sys\nsys.meta_path.pop(0)\nimport multiprocessing\nmultiprocessing.Process(target=print).start()\nprint(BREACHED)",
  },
  {
    name: "a subinterpreter",
    code: "import sys\nsys.meta_path.pop(0)\nimport _interpreters\n_interpreters.create()\nprint(BREACHED)",
  },
  { name: "_xxsubinterpreters", code: "import _xxsubinterpreters\n_xxsubinterpreters.create()\nprint(BREACHED)" },
  { name: "input", code: "print(input(), BREACHED)" },
  { name: "standard input by its number", code: "import os\nif os.read(0, 10): print(BREACHED)" },
  { name: "a micropip install", code: "import micropip\nprint(BREACHED)" },
  { name: "ensurepip", code: "import ensurepip\nensurepip.bootstrap()\nprint(BREACHED)" },
  { name: "a remote debugger", code: "import sys\nsys.remote_exec(42, '/tmp/x.py')\nprint(BREACHED)" },
  {
    name: "the real clock of a file",
    code: "import os\nif any(os.stat(p).st_mtime != 1767225600 for p in ('/', '/tmp', '/dev', '/lib/python314.zip', '/dev/null', '/proc/self/fd')): print(BREACHED)",
  },
  {
    name: "the real clock of a zip member's creation",
    code: "import time\nif time.time() > 1767225600 + 60 or time.gmtime().tm_year != 2026: print(BREACHED)",
  },
  {
    name: "a secret in the environment",
    code: "import os\nif SECRET_START in str(dict(os.environ)) or 'TOKEN' in str(os.environ): print(BREACHED)",
  },
];
