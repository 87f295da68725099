/** Families of the wide pool that ask the same in the same words, with other numbers perhaps. */

export const twins: readonly (readonly [string, string])[] = [
  ["box-surface", "part-of-box"],
  ["box-volume", "part-of-box"],
  ["difference-of-roots", "two-numbers-difference"],
  ["difference-of-squares", "two-numbers-difference-of-squares"],
  ["digit-sum", "digits-of-large-power"],
  ["divisor-sum", "divisors-of-number"],
  ["divisor-sum", "value-of-divisor-sum"],
  ["divisors-of-number", "value-of-divisor-sum"],
  ["equation-of-brackets", "equation-with-brackets"],
  ["equation-of-less", "equation-with-minus"],
  ["equation-of-multiple", "equation-with-x-twice"],
  ["equation-of-sum", "linear-equation"],
  ["fibonacci-remainder", "remainder-of-fibonacci"],
  ["gcd", "value-of-gcd"],
  ["gcd-of-expressions", "gcd-with-a-square"],
  ["largest-of-primes", "largest-prime"],
  ["lattice-points-on-a-bent-line", "lattice-points-on-two-segments"],
  ["lattice-points-on-four-sides", "parallelogram-boundary"],
  ["lcm", "value-of-lcm"],
  ["multiple-of-the-larger", "two-numbers-multiple-of-larger"],
  ["multiples-sum", "sum-of-multiples"],
  ["multiples-sum", "value-of-multiples-sum"],
  ["power-plus-remainder", "remainder-of-an-expression"],
  ["power-remainder", "remainder-of-power"],
  ["smaller-from-sum-and-difference", "two-numbers-smaller"],
  ["sum-and-difference", "two-numbers-larger"],
  ["sum-of-multiples", "sum-of-multiples-of-one-only"],
  ["sum-of-primes-between", "value-of-primes-sum"],
  ["sum-of-squares-from-product", "two-numbers-sum-of-squares"],
  ["sum-of-squares-of-two", "two-numbers-sum-of-squares"],
];

/** The families that ask what a family asks, so that showing one of them shows it. */
export function twinsOf(name: string): string[] {
  return twins.filter((pair) => pair.includes(name)).map(([one, other]) => (one === name ? other : one));
}
