/** Lines of arithmetic that worked solutions share. Every line is true as it stands. */
import { choose, span, sumOf } from "./whole-numbers";

/** A number as a right operand: negative ones in brackets. */
export function signed(value: number): string {
  return value < 0 ? `(${value})` : String(value);
}

/** `17=2*7+3` */
export function divisionLine(dividend: number, divisor: number): string {
  return `${dividend}=${Math.floor(dividend / divisor)}*${divisor}+${dividend % divisor}`;
}

/** Euclid's steps down to remainder 0. */
export function euclidLines(a: number, b: number): string[] {
  const lines: string[] = [];
  let [large, small] = a >= b ? [a, b] : [b, a];
  while (small > 0) {
    lines.push(divisionLine(large, small));
    [large, small] = [small, large % small];
  }
  return lines;
}

/** The decimal parts of a number, largest first: 305 is 300 and 5. */
function decimalParts(value: number): number[] {
  const digits = String(value);
  return Array.from(digits)
    .map((digit, index) => Number(digit) * 10 ** (digits.length - 1 - index))
    .filter((part) => part > 0);
}

/** Partial products of `a` with the decimal parts of `b`, and their sum where there are several. */
export function productLines(a: number, b: number): string[] {
  const parts = decimalParts(b);
  const lines = parts.map((part) => `${a}*${part}=${a * part}`);
  if (parts.length > 1) lines.push(`${parts.map((part) => a * part).join("+")}=${a * b}`);
  return lines;
}

/** Long division without remainder, place by place; the last line ends at the quotient. */
export function longDivisionLines(dividend: number, divisor: number): string[] {
  const parts = decimalParts(dividend / divisor);
  if (parts.length === 1) return [`${dividend}/${divisor}=${parts[0]}`];
  const lines: string[] = [];
  let rest = dividend;
  for (const [index, part] of parts.entries()) {
    lines.push(`${divisor}*${part}=${divisor * part}`);
    if (index < parts.length - 1) lines.push(`${rest}-${divisor * part}=${rest - divisor * part}`);
    rest -= divisor * part;
  }
  lines.push(`${parts.join("+")}=${dividend / divisor}`);
  return lines;
}

/** The exponents that left-to-right repeated squaring passes through: 13 is 2, 3, 6, 12, 13. */
function powerChain(exponent: number): number[] {
  const chain: number[] = [];
  let reached = 1;
  for (const bit of exponent.toString(2).slice(1)) {
    reached *= 2;
    chain.push(reached);
    if (bit === "1") chain.push(++reached);
  }
  return chain;
}

/** Repeated squaring with a remainder after each step; the last line ends at base^exponent mod modulus. */
export function powerRemainderLines(base: number, exponent: number, modulus: number): string[] {
  const lines: string[] = [];
  let reached = 1;
  let value = base;
  for (const next of powerChain(exponent)) {
    const factor = next === reached + 1 && reached > 1 ? base : value;
    const product = value * factor;
    lines.push(`${value}*${factor}=${divisionEquality(product, modulus)}`);
    value = product % modulus;
    reached = next;
  }
  return lines;
}

function divisionEquality(product: number, modulus: number): string {
  return product < modulus ? String(product) : divisionLine(product, modulus);
}

/** Exact powers by repeated squaring: 13^2, 13^3, 13^6. */
export function powerLines(base: number, exponent: number): string[] {
  return powerChain(exponent).map((reached) => `${base}^${reached}=${base ** reached}`);
}

/** `1+6+9=16`, from the digits of a number. */
export function digitSumLine(value: number): string {
  const digits = Array.from(String(value));
  return digits.length === 1 ? `so ${value}` : `${digits.join("+")}=${digitSum(value)}`;
}

/** `7*6/2=21`, as C(7,2) is worked; k at most 3. */
export function choiceLine(n: number, k: number): string {
  const factors = span([0, k - 1]).map((i) => n - i);
  return `${factors.join("*")}/${k === 3 ? 6 : 2}=${choose(n, k)}`;
}

/** The sum of a number's decimal digits. */
export function digitSum(value: number): number {
  return sumOf(Array.from(String(value), Number));
}
