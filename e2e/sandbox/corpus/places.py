# %% hash | 1 | 2
print(hash("a" * N), hash(("x", N)), hash(N / 3), hash(None), hash(print))
# %% set order | 5 | 12 | 40
print({str(i) for i in range(N)}, frozenset("hello world"), {"b", "a"} | {str(N)})
# %% address | 1 | 3
print([object() for _ in range(N)], id(N), id([]), lambda x: x)
# %% default repr | 1 | 2
class Point:
    def __init__(self, n):
        self.n = n
def gen():
    yield N
print(Point(N), gen(), Point, Point.__init__, iter([]), map(str, [N]))
# %% error with an address | 1 | 2
class Node:
    pass
raise ValueError(Node(), N)
# %% error with a lambda | 1
print(sorted([lambda: 1, lambda: 2]))
# %% random | 1 | 3 | 8
import random
print([random.randint(1, 6) for _ in range(N)], random.random(), random.choice("abc"), random.sample(range(100), 3))
# %% random seeded | 0 | 42
import random
random.seed(N)
x = list(range(10))
random.shuffle(x)
print(x, random.gauss(0, 1))
# %% random reseeded from the system | 1 | 2
import random
random.seed()
print(random.random(), random.SystemRandom().random())
# %% monte carlo | 100 | 5000
import random
print(4 * sum(random.random() ** 2 + random.random() ** 2 < 1 for _ in range(N)) / N)
# %% time | 1 | 3
import time
for _ in range(N):
    print(time.time(), time.perf_counter(), time.monotonic_ns(), time.ctime())
# %% sleep | 1 | 10
import time
before = time.time()
time.sleep(N)
print(time.time() - before)
# %% now | 1 | 2
from datetime import datetime, timezone
for _ in range(N):
    print(datetime.now(), datetime.now(timezone.utc).isoformat())
# %% uuid | 1 | 2
import uuid
for _ in range(N):
    print(uuid.uuid4(), uuid.uuid1())
# %% secrets | 4 | 16
import secrets, os
print(secrets.token_hex(N), secrets.randbelow(100), os.urandom(N).hex())
# %% timing by hand | 10 | 1000
import time
start = time.perf_counter()
for _ in range(N):
    pass
print(f"took {time.perf_counter() - start:.9f} s")
# %% timeit | 10 | 100
import timeit
print(timeit.timeit("sum(range(10))", number=N))
# %% where am I | 1
import os, sys, platform
print(os.getcwd(), sys.version, sys.platform, platform.machine(), os.listdir("."), sys.argv, sys.maxsize, __name__, __file__ if "__file__" in globals() else None)
# %% files and their ages | 1
import os
print(os.stat("/tmp"), os.stat("/lib/python314.zip"), os.getpid(), os.cpu_count(), sorted(os.environ.items()))
# %% sizes | 1 | 100
import sys
print(sys.getsizeof([0] * N), sys.getsizeof("x" * N), sys.getsizeof(2**N), sys.getrecursionlimit())
# %% names of a module | 1
import math, sys
print(dir(math), len(sys.modules), sorted(globals()))
# %% weak | 1
import weakref, gc
class A:
    pass
a = A()
r = weakref.ref(a)
print(r)
del a
print(r(), gc.get_count(), gc.collect())
# %% help | 1
help(abs)
# %% traceback by hand | 1
import traceback
try:
    1 / 0
except ZeroDivisionError:
    print(traceback.format_exc())
# %% threads | 1
import threading
t = threading.Thread(target=print, args=(1,))
t.start()
t.join()
# %% async | 1
import asyncio
async def main():
    print("hi")
asyncio.run(main())
# %% subprocess | 1
import subprocess
print(subprocess.run(["ls"], capture_output=True))
