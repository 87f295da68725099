"""Runs after driver.py where the snapshot with SymPy is made: what a snippet then imports is there already."""

# What SymPy imports only when it is first needed, as far as ordinary snippets need it.
SYMPY_REHEARSAL = """
import mpmath
from sympy import *
from sympy.abc import n, x, y
from sympy.combinatorics import Permutation, PermutationGroup
from sympy.ntheory import *
from sympy.ntheory.continued_fraction import *
from sympy.ntheory.modular import crt
from sympy.parsing.sympy_parser import parse_expr
from sympy.solvers.diophantine import diophantine
from sympy.stats import Die, P
f = Function("f")
solve(x**2 - 5*x + 6), solve([x + y - 3, x - y - 1]), solve(x**3 - x - 1), solveset(sin(x)), nsolve(cos(x) - x, 1)
reduce_inequalities(x**2 < 4), linsolve([x + y - 3], x, y), nonlinsolve([x**2 - y, y - 4], x, y), roots(x**4 - 1)
factor(x**6 - 1), expand((x + y)**4), apart(1 / (x**2 - 1)), together(1 / x + 1 / y), cancel((x**2 - 1) / (x - 1))
simplify(sin(x)**2 + cos(x)**2), trigsimp(sin(2*x)), radsimp(1 / (1 + sqrt(2))), nsimplify(0.25), gcd(x**2 - 1, x - 1)
factorint(360), divisors(28), totient(36), isprime(97), primerange(2, 30), mod_inverse(3, 11), crt([3, 5], [1, 2])
diophantine(3*x + 5*y - 1), discrete_log(7, 4, 3), nthroot_mod(4, 2, 7), n_order(2, 7), binomial(10, 3), fibonacci(20)
diff(x**3, x), integrate(x * sin(x), x), integrate(exp(-x**2), (x, -oo, oo)), limit(sin(x) / x, x, 0)
series(exp(x), x, 0, 4), summation(1 / n**2, (n, 1, oo)), product(n, (n, 1, 5)), rsolve(f(n + 1) - 2 * f(n), f(n))
dsolve(f(x).diff(x) - f(x)), Matrix([[1, 2], [3, 4]]).eigenvals(), Matrix([[1, 2], [3, 4]]).inv(), N(pi, 30)
Triangle(Point(0, 0), Point(4, 0), Point(0, 3)).area, Circle(Point(0, 0), 5).intersection(Line(Point(0, 0), Point(1, 1)))
lambdify(x, x**2)(3), latex(x / 2), pretty(x / 2), str(Rational(1, 3)), repr(sqrt(2)), srepr(x), sympify("2*x + 1")
parse_expr("x - 1", evaluate=False), E ** (I * pi), Piecewise((1, x > 0), (0, True)), P(Die("d", 6) > 4)
ask(Q.prime(7)), refine(abs(x), Q.positive(x)), satisfiable(x & ~y), Interval(0, 2).intersect(Interval(1, 3)).measure
PermutationGroup(Permutation([1, 0, 2])).order(), mpmath.quad(lambda t: t, [0, 1]), mpmath.findroot(lambda t: t - 1, 0)
"""


def load_sympy(archive):
    """Imports SymPy from the zip file `archive` as a snippet would: what is forbidden there is not to be had here."""
    doors = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in FORBIDDEN}
    sys.meta_path.insert(0, _ForbiddenFinder)
    sys.path.append(archive)
    try:
        exec(compile(SYMPY_REHEARSAL, SNIPPET, "exec"), {"__name__": "__main__"})
        # Results of the rehearsal; a snippet is to find SymPy as after its import.
        sys.modules["sympy.core.cache"].clear_cache()
    finally:
        sys.meta_path.remove(_ForbiddenFinder)
        sys.modules.update(doors)
