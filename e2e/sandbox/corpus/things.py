# %% triangle | 5 | 13 | 100
import math
a, b = N, N + 7
c = math.hypot(a, b)
s = (a + b + c) / 2
print(round(c, 6), round(math.sqrt(s * (s - a) * (s - b) * (s - c)), 6), round(math.degrees(math.atan2(a, b)), 4))
# %% polygon area | 3 | 6 | 12
import math
points = [(math.cos(2 * math.pi * i / N), math.sin(2 * math.pi * i / N)) for i in range(N)]
area = abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]))) / 2
print(f"{area:.10f}")
# %% simpson | 10 | 100 | 1000
import math
h = math.pi / N
print(sum(math.sin(i * h) * (1 if i in (0, N) else 4 if i % 2 else 2) for i in range(N + 1)) * h / 3)
# %% newton | 2 | 10 | 12345
x = float(N)
for i in range(30):
    x = (x + N / x) / 2
print(f"{x:.12f}")
# %% fractions | 3 | 10 | 40
from fractions import Fraction
h = sum(Fraction(1, k) for k in range(1, N + 1))
print(h, float(h), h.limit_denominator(100), Fraction("0.125") + N)
# %% decimal | 10 | 28 | 50
from decimal import Decimal, getcontext, ROUND_HALF_UP
getcontext().prec = N
print(Decimal(2).sqrt(), Decimal(1) / 7, Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_UP))
# %% interest | 1 | 10 | 30
balance = 1000.0
for year in range(1, N + 1):
    balance *= 1.05
    if year in (1, N):
        print(f"year {year:>2}: {balance:10.2f}")
# %% statistics | 5 | 20 | 99
import statistics
data = [(i * 37 + 11) % 101 for i in range(N)]
print(statistics.mean(data), statistics.median(data), round(statistics.pstdev(data), 6), statistics.quantiles(data))
# %% counter | 3 | 5 | 9
from collections import Counter
c = Counter(str(2**(N * 20)))
print(c.most_common(N), sum(c.values()))
# %% words | 1 | 2 | 3
text = "the quick brown fox jumps over the lazy dog and the cat"
words = text.split()
print([w for w in words if len(w) > N], max(words, key=len), " ".join(w.capitalize() for w in words[:N]))
# %% caesar | 3 | 13 | 25
print("".join(chr((ord(c) - 97 + N) % 26 + 97) if c.islower() else c for c in "hello, world"))
# %% anagrams | 2 | 3 | 4
from itertools import permutations
print(len({"".join(p) for p in permutations("banana", N)}), sorted({"".join(p) for p in permutations("aab", min(N, 3))}))
# %% roman | 4 | 1994 | 3888
out, n = "", N
for v, s in [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]:
    while n >= v:
        out += s
        n -= v
print(out)
# %% matrix power | 2 | 10 | 64
def mul(a, b):
    return [[sum(x * y for x, y in zip(r, c)) for c in zip(*b)] for r in a]
m = [[1, 1], [1, 0]]
r = [[1, 0], [0, 1]]
for _ in range(N):
    r = mul(r, m)
print(r)
# %% determinant | 2 | 4 | 6
from fractions import Fraction
m = [[Fraction((i * j + i + 2 * j + 1) % 7) for j in range(N)] for i in range(N)]
det = Fraction(1)
for k in range(N):
    p = next((r for r in range(k, N) if m[r][k]), None)
    if p is None:
        det = 0
        break
    if p != k:
        m[k], m[p] = m[p], m[k]
        det = -det
    det *= m[k][k]
    for r in range(k + 1, N):
        f = m[r][k] / m[k][k]
        m[r] = [x - f * y for x, y in zip(m[r], m[k])]
print(det)
# %% dates | 1 | 100 | 10000
from datetime import date, timedelta
d = date(2024, 2, 28) + timedelta(days=N)
print(d, d.strftime("%A"), d.isocalendar(), (d - date(2000, 1, 1)).days)
# %% calendar | 2023 | 2024 | 2100
import calendar
print(calendar.isleap(N), calendar.monthrange(N, 2), sum(calendar.weekday(N, m, 13) == 4 for m in range(1, 13)))
# %% dataclass | 1 | 5 | 9
from dataclasses import dataclass, field
@dataclass(order=True)
class Item:
    price: float
    name: str = field(compare=False)
    tags: list = field(default_factory=list)
items = [Item(N * 1.5, "a"), Item(N, "b", ["x"]), Item(2, "c")]
print(min(items), sorted(items)[-1].name)
# %% class | 3 | 10 | 33
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
        return self
    def __len__(self):
        return len(self.items)
    def __repr__(self):
        return f"Stack({self.items!r})"
s = Stack()
for i in range(N):
    s.push(i * i)
print(len(s), repr(s)[:40])
# %% heap | 5 | 50 | 500
import heapq
h = [(i * 7919) % 1009 for i in range(N)]
heapq.heapify(h)
print([heapq.heappop(h) for _ in range(5)], heapq.nlargest(3, h))
# %% dijkstra | 3 | 6 | 12
import heapq
dist, queue = {}, [(0, 0)]
while queue:
    d, n = heapq.heappop(queue)
    if n in dist:
        continue
    dist[n] = d
    for m in (n + 1, n * 2):
        if m <= N:
            heapq.heappush(queue, (d + (n * 3 + m) % 5 + 1, m))
print(dist)
# %% flood | 4 | 9 | 16
grid = [[(r * 5 + c * 3) % 7 < 4 for c in range(N)] for r in range(N)]
seen, stack = set(), [(0, 0)]
while stack:
    r, c = stack.pop()
    if 0 <= r < N and 0 <= c < N and grid[r][c] and (r, c) not in seen:
        seen.add((r, c))
        stack += [(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)]
print(len(seen))
# %% regex | 1 | 2 | 3
import re
text = "Tom has 12 apples, 7 pears and 105 nuts (2 are bad)."
print(re.findall(r"\d{%d,}" % N, text), re.sub(r"\d+", lambda m: str(int(m[0]) * N), text))
# %% json | 0 | 1 | 4
import json
print(json.dumps({"n": N, "list": list(range(N)), "t": True, "none": None, "é": "漢"}, indent=N or None, ensure_ascii=N > 2))
# %% zip and slices | 2 | 3 | 4
x = list(range(20))
print(x[::N], x[-N:], [x[i : i + N] for i in range(0, 12, N)], list(zip(x, x[N:]))[:2])
# %% generators | 5 | 8 | 12
def triangle():
    row = [1]
    while True:
        yield row
        row = [a + b for a, b in zip([0] + row, row + [0])]
for i, row in zip(range(N), triangle()):
    if i == N - 1:
        print(row)
# %% itertools | 2 | 3 | 4
from itertools import accumulate, chain, combinations, groupby, product
print(list(accumulate(range(1, 8), lambda a, b: a * b % 100)), len(list(combinations(range(8), N))))
print([(k, len(list(g))) for k, g in groupby("aaabbbccd")], sum(1 for _ in product("ab", repeat=N)), list(chain("ab", "c")))
# %% table | 3 | 5 | 9
for i in range(1, N + 1):
    print(" ".join(f"{i * j:3d}" for j in range(1, N + 1)))
# %% solve by search | 35 | 94 | 120
print([(r, N - r) for r in range(N) if 2 * r + 4 * (N - r) == 3 * N][:3] or "none")
# %% hanoi | 2 | 5 | 10
moves = 0
def hanoi(n, a, b, c):
    global moves
    if n:
        hanoi(n - 1, a, c, b)
        moves += 1
        hanoi(n - 1, c, b, a)
hanoi(N, "A", "B", "C")
print(moves)
# %% queens | 4 | 5 | 6
from itertools import permutations
print(sum(len({r + c for r, c in enumerate(p)}) == len({r - c for r, c in enumerate(p)}) == N for p in permutations(range(N))))
# %% unicode | 1 | 3 | 10
import unicodedata
print("é漢🙂" * N, len("🙂"), "straße".upper(), unicodedata.name("π"), "ｆ１".encode()[:4], ascii("é"))
# %% match | 0 | 7 | 12
match N:
    case 0:
        print("zero")
    case n if n % 2:
        print("odd", n)
    case _:
        print("even")
