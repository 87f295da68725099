# %% endless | 1 | 2
print("start", N)
while True:
    pass
# %% endless with output | 100 | 1000
i = 0
while True:
    i += 1
    if i % (N * 100) == 0:
        print(i)
# %% endless in a function | 1 | 2
def search(n):
    while n != 0:
        n += 1
    return n
print(search(N))
# %% endless recursion with a memo | 1
def fib(n):
    return fib(n - 1) + fib(n - 2) if n > 1 else n
print(fib(45))
# %% endless brute force | 12 | 15
from itertools import permutations
print(max(sum(i * p for i, p in enumerate(q)) for q in permutations(range(N))))
# %% endless, caught | 1
try:
    while True:
        pass
except BaseException as e:
    print("caught", type(e).__name__)
# %% flood | 1 | 20
while True:
    print("x" * N)
# %% long output | 400 | 1500 | 3000
print(list(range(N)))
# %% long line | 999 | 1000 | 1001 | 5000
print("x" * N, end="")
# %% long wide line | 999 | 1000 | 1001
print("🙂" * N, end="")
# %% long error | 10 | 2000
raise ValueError("v" * N)
