# %% sum of multiples | 10 | 1000 | 98765
print(sum(i for i in range(N) if i % 3 == 0 or i % 5 == 0))
# %% primes below | 2 | 50 | 2000
def is_prime(n):
    if n < 2:
        return False
    return all(n % d for d in range(2, int(n**0.5) + 1))
primes = [p for p in range(N) if is_prime(p)]
print(len(primes), primes[-5:])
# %% sieve | 30 | 1000 | 20000
sieve = bytearray([1]) * (N + 1)
sieve[:2] = b"\0\0"
for p in range(2, int(N**0.5) + 1):
    if sieve[p]:
        sieve[p * p :: p] = bytes(len(range(p * p, N + 1, p)))
print(sum(sieve), [i for i, f in enumerate(sieve) if f][-3:])
# %% factors | 1 | 360 | 9991 | 1000003
n, d, factors = N, 2, []
while d * d <= n:
    while n % d == 0:
        factors.append(d)
        n //= d
    d += 1
if n > 1:
    factors.append(n)
print(" * ".join(map(str, factors)) or "1")
# %% divisors | 28 | 496 | 720720
small = [d for d in range(1, int(N**0.5) + 1) if N % d == 0]
divisors = sorted({*small, *(N // d for d in small)})
print(len(divisors), sum(divisors), divisors[:10])
# %% gcd and lcm | 12 | 35 | 84
import math
print(math.gcd(N, 42), math.lcm(N, 42), math.gcd(*range(N, N * 5, N)))
# %% extended euclid | 17 | 240 | 1001
def egcd(a, b):
    if b == 0:
        return a, 1, 0
    g, x, y = egcd(b, a % b)
    return g, y, x - a // b * y
g, x, y = egcd(N, 31)
print(g, x, y, N * x + 31 * y == g)
# %% modular power | 3 | 10 | 65537
print(pow(7, N, 1000), pow(N, -1, 97) if N % 97 else None)
# %% last digits | 2019 | 100 | 7
print(str(7**N)[-4:], sum(map(int, str(2**N))))
# %% chinese remainder | 2 | 4 | 8
for n in range(1000):
    if n % 3 == N % 3 and n % 5 == N % 5 and n % 7 == N % 7:
        print("n =", n)
        break
# %% totient | 9 | 36 | 97
import math
print(sum(1 for i in range(1, N + 1) if math.gcd(i, N) == 1))
# %% digits reversed | 120 | 98089 | 7
s = str(N)
print(int(s[::-1]), s == s[::-1], sorted(s), sum(int(c) ** len(s) for c in s))
# %% base | 10 | 255 | 4095
print(bin(N), oct(N), hex(N), f"{N:b}".count("1"), int(str(N % 8), 8))
# %% collatz | 6 | 27 | 97
n, steps = N, 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
print(f"{N} reaches 1 in {steps} steps")
# %% perfect squares and triangular | 50 | 500 | 5000
squares = {i * i for i in range(N)}
print([t for i in range(1, N) if (t := i * (i + 1) // 2) in squares and t < N * N][:8])
# %% fibonacci | 1 | 10 | 300
a, b = 0, 1
for _ in range(N):
    a, b = b, a + b
print(a)
# %% fibonacci even | 100 | 4000000
total, a, b = 0, 1, 2
while b < N:
    if b % 2 == 0:
        total += b
    a, b = b, a + b
print(total)
# %% factorial | 5 | 20 | 100
import math
print(math.factorial(N), str(math.factorial(N)).rstrip("0")[-1])
# %% binomials | 4 | 10 | 30
import math
print([math.comb(N, k) for k in range(6)], sum(math.comb(N, k) for k in range(N + 1)) == 2**N)
# %% catalan | 3 | 10 | 25
import math
print(math.comb(2 * N, N) // (N + 1))
# %% partitions | 5 | 20 | 60
ways = [1] + [0] * N
for part in range(1, N + 1):
    for total in range(part, N + 1):
        ways[total] += ways[total - part]
print(ways[N])
# %% coins | 10 | 100 | 200
ways = [1] + [0] * N
for coin in [1, 2, 5, 10, 20, 50, 100]:
    for i in range(coin, N + 1):
        ways[i] += ways[i - coin]
print(f"{ways[N]:,}")
# %% derangements | 3 | 6 | 7
from itertools import permutations
print(sum(all(i != p for i, p in enumerate(perm)) for perm in permutations(range(N))))
# %% pythagorean triples | 20 | 60 | 100
print([(a, b, c) for a in range(1, N) for b in range(a, N) if (c := round((a * a + b * b) ** 0.5)) < N and c * c == a * a + b * b][-4:])
# %% nested function memo | 10 | 50 | 90
from functools import lru_cache
@lru_cache(None)
def paths(r, c):
    return 1 if r == 0 or c == 0 else paths(r - 1, c) + paths(r, c - 1)
print(paths(N, 4), paths.cache_info())
# %% floats | 3 | 7 | 1e10
print(N / 3, N // 3, N % 3, round(N / 3, 2), N * 0.1, 0.1 + 0.2, float(N).hex())
# %% rounding | 2.5 | 3.14159 | -0.5
import math
print(round(N), math.floor(N), math.ceil(N), math.trunc(N), f"{N:.3f}", f"{N:e}", abs(N))
# %% complex | 1 | 5 | -2
import cmath
z = complex(N, 3)
print(z * z, abs(z), z.conjugate(), cmath.sqrt(z), cmath.phase(z))
# %% integer roots | 15 | 1000000 | 123456789
import math
print(math.isqrt(N), round(N ** (1 / 3)), N.bit_length(), math.log2(N), math.log10(N))
