# %% division by zero | 0 | 1 | 2
x = 10
for i in range(3):
    print(x / (N - i))
# %% name | 1 | 2 | 3
total = N
print(total)
print(totl + 1)
# %% forgotten import | 4 | 9
print("root")
print(math.sqrt(N))
# %% type | 1 | 2
print("n = " + N)
# %% not callable | 3 | 4
values = [N]
print(values(0))
# %% index | 3 | 5
values = [1, 2, 3]
print(values[N])
# %% key | 1 | 2
print({"a": 1}["b" * N])
# %% value | 1 | 2
print(int("twelve" * N))
# %% attribute | 1 | 2
numbers = [3, 1, 2]
numbers.sorted()
# %% attribute of a module | 1 | 2
import math
print(math.square(N))
# %% none | 1 | 2
best = [3, 1].sort()
print(best[N])
# %% unpack | 1 | 3
a, b = range(N)
# %% assertion | 1 | 2
assert N == 7, f"expected 7, got {N}"
# %% in a function | 1 | 5
def f(n):
    if n == 0:
        return 1 / 0
    return f(n - 1)


print(f(N))
# %% arguments | 1 | 2
def area(w, h):
    return w * h
print(area(N))
# %% keyword | 1 | 2
print(sorted([1], revers=True))
# %% chained | 1 | 2
try:
    int("x")
except ValueError as e:
    raise RuntimeError("bad input " * N) from e
# %% own exception | 1 | 2
class Wrong(Exception):
    def __str__(self):
        return "line one\nline two"
raise Wrong(N)
# %% finally prints | 1 | 2
try:
    print("try")
    raise KeyError("k" * N)
finally:
    print("finally")
# %% group | 1 | 2
raise ExceptionGroup("several", [ValueError(1), TypeError(2)][:N])
# %% bracket | 1
print(sum([1, 2, 3])
# %% bracket too many | 1
print(1))
# %% colon | 1
if N > 0
    print(1)
# %% indentation | 1
def f():
return 1
# %% unindent | 1
def f():
        x = 1
    return x
# %% assignment | 1
if N = 1:
    print(1)
# %% print statement | 1
print "hello"
# %% string | 1
print("hello)
# %% invalid token | 1
print(1 ÷ 2)
# %% return outside | 1
return N
# %% mixed statement | 1
for i in range(3) print(i)
# %% leading zeros | 1
print(007)
# %% f-string | 1
print(f"{N")
# %% missing module | 1
import numpy as np
print(np.arange(3))
# %% missing name in a module | 1
from math import squareroot
# %% recursion | 1 | 2
def fact(n):
    return n * fact(n - N)
print(fact(5))
# %% memory | 1
x = [0] * 10**9
# %% overflow | 1
import math
print(math.exp(1000))
# %% digits limit | 5000 | 10000
print(10**N)
# %% domain | 1
import math
print(math.sqrt(-N))
# %% exit | 0 | 1
print("bye")
raise SystemExit(N)
# %% exit by name | 3
print("bye")
exit(N)
# %% stop iteration | 1
print(next(iter([])))
# %% unbound | 1
def f():
    print(count)
    count = 1
f()
# %% immutable | 1
t = (1, 2)
t[0] = N
# %% unhashable | 1
print({[N]: 1})
# %% input | 1
n = int(input("n? "))
# %% file | 1
print(open("data.txt").read())
# %% interrupt | 1
raise KeyboardInterrupt
# %% encoding | 1
print("\udc80")
# %% warnings | 1
print(1 is 1)
