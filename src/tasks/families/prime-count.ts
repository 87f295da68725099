import { defineFamily, intByLevel } from "../define-family";
import { primesIn } from "../whole-numbers";

const primes = primesIn(2, 250);

const upTo = (limit: number): number[] => primes.filter((prime) => prime <= limit);

/** How many primes there are up to a limit; the count is drawn first, so that no count is frequent. */
export const primeCount = defineFamily<{ limit: number }>({
  name: "prime-count",
  kind: "number-theory",
  draw: (rng, level) => {
    const count = intByLevel(rng, level, [3, 16], [12, 30], [26, 50]);
    return { limit: rng.int(primes[count - 1], primes[count] - 1) };
  },
  answer: ({ limit }) => upTo(limit).length,
  seen: [
    ({ limit }) => `How many primes are there up to ${limit}?`,
    ({ limit }) => `Find the number of primes up to ${limit}.`,
  ],
  told: [
    ({ limit }) => `Count the primes up to ${limit}.`,
    ({ limit }) => `How many numbers up to ${limit} are prime?`,
    ({ limit }) => `What is the number of primes that are at most ${limit}?`,
    ({ limit }, { person }) => `${person} writes every prime from 2 to ${limit}. How many are there?`,
    ({ limit }) => `From 1 to ${limit}, count every prime number.`,
    ({ limit }) => `How many primes are at most ${limit}?`,
    ({ limit }) => `How many numbers from 1 to ${limit} are primes?`,
    ({ limit }) => `Count: which numbers are prime and not larger than ${limit}?`,
  ],
  unseen: [({ limit }) => `Count the numbers that are prime and at most ${limit}.`],
  worked: ({ limit }) => {
    const known = Math.floor((limit - 1) / 50) * 50;
    const knownCount = upTo(known).length;
    const rest = upTo(limit).slice(knownCount);
    if (known === 0) return [[rest.join(" "), `so ${rest.length}`]];
    if (rest.length === 0) return [[`up to ${known}: ${knownCount}`, `so ${knownCount}`]];
    return [
      [`up to ${known}: ${knownCount}`, rest.join(" "), `${knownCount}+${rest.length}=${knownCount + rest.length}`],
    ];
  },
  programs: ({ limit }) => [
    `print(sum(all(n%i for i in range(2,n)) for n in range(2,${limit}+1)))`,
    `print(len([n for n in range(2,${limit}+1) if all(n%i for i in range(2,n))]))`,
  ],
});
