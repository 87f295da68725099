/** Equations whose two sides are drawn apart. The benchmark asks for a sum on both sides, which two never make here. */
import type { Rng } from "../../core/rng";
import { defineFamily, intByLevel } from "../define-family";
import type { Family, Level } from "../task";

/** A side `factor x + constant`, as it is written. */
interface Side {
  text: string;
  python: string;
  factor: number;
  constant: number;
  /** Lines that multiply brackets out. */
  worked: readonly string[];
}

type SideKind = (factor: number, shift: number) => Side;

const sides = {
  sum: (factor, shift) => ({
    text: `${factor}x + ${shift}`,
    python: `${factor}*x+${shift}`,
    factor,
    constant: shift,
    worked: [],
  }),
  less: (factor, shift) => ({
    text: `${factor}x - ${shift}`,
    python: `${factor}*x-${shift}`,
    factor,
    constant: -shift,
    worked: [],
  }),
  brackets: (factor, shift) => ({
    text: `${factor}(x + ${shift})`,
    python: `${factor}*(x+${shift})`,
    factor,
    constant: factor * shift,
    worked: [`${factor}*${shift}=${factor * shift}`],
  }),
  "brackets-less": (factor, shift) => ({
    text: `${factor}(x - ${shift})`,
    python: `${factor}*(x-${shift})`,
    factor,
    constant: -factor * shift,
    worked: [`${factor}*${shift}=${factor * shift}`],
  }),
  multiple: (factor) => ({ text: `${factor}x`, python: `${factor}*x`, factor, constant: 0, worked: [] }),
  number: (_, shift) => ({ text: String(shift), python: String(shift), factor: 0, constant: shift, worked: [] }),
} satisfies Record<string, SideKind>;

type SideName = keyof typeof sides;

interface Drawn {
  left: Side;
  right: Side;
  x: number;
}

/** What may stand on the right of each. The right factor is the smaller, so that a sum never meets what takes away. */
const rights: Record<Exclude<SideName, "number">, readonly SideName[]> = {
  sum: ["brackets", "number"],
  brackets: ["sum", "brackets", "number"],
  multiple: ["sum", "brackets", "number"],
  less: ["sum", "less", "brackets", "brackets-less", "number"],
  "brackets-less": ["sum", "less", "brackets", "brackets-less", "number"],
};

const drawLimit = 4000;

/** What a right side of this kind adds or takes, so that it meets `value` at x; null where nothing does. */
function shiftFor(kind: SideName, factor: number, x: number, value: number): number | null {
  const shift = {
    sum: value - factor * x,
    less: factor * x - value,
    brackets: value / factor - x,
    "brackets-less": x - value / factor,
    multiple: value === factor * x ? 1 : 0,
    number: value,
  }[kind];
  return Number.isInteger(shift) && shift > 0 && shift < 10_000 ? shift : null;
}

function draw(rng: Rng, level: Level, first: keyof typeof rights): Drawn {
  const second = rng.pick(rights[first]);
  for (let attempt = 0; attempt < drawLimit; attempt++) {
    const drawn = drawOnce(rng, level, first, second);
    if (drawn) return drawn;
  }
  throw new RangeError(`${first} = ${second}, level ${level}: ${drawLimit} draws gave no equation`);
}

function drawOnce(rng: Rng, level: Level, first: SideName, second: SideName): Drawn | null {
  const x = intByLevel(rng, level, [3, 30], [10, 80], [40, 250]);
  const factor = intByLevel(rng, level, [3, 9], [4, 15], [8, 39]);
  const left = sides[first](factor, intByLevel(rng, level, [1, 20], [5, 60], [20, 199]));
  const smaller = rng.int(2, factor - 1);
  const shift = shiftFor(second, smaller, x, left.factor * x + left.constant);
  return shift === null ? null : { left, right: sides[second](smaller, shift), x };
}

/** x from the sides, a step a line. */
function worked({ left, right, x }: Drawn): string[] {
  const factor = left.factor - right.factor;
  const rest = right.constant - left.constant;
  const moved = left.constant < 0 ? `${right.constant}+${-left.constant}` : `${right.constant}-${left.constant}`;
  return [
    ...left.worked,
    ...right.worked,
    ...(right.factor > 0 ? [`${left.factor}-${right.factor}=${factor}`] : []),
    ...(left.constant === 0 ? [] : [`${moved}=${rest}`]),
    factor === 1 ? `so ${x}` : `${rest}/${factor}=${x}`,
  ];
}

function familyOf(first: keyof typeof rights): Family {
  return defineFamily<Drawn>({
    name: `equation-of-${first}`,
    kind: "equations",
    draw: (rng, level) => draw(rng, level, first),
    answer: ({ x }) => x,
    seen: [
      ({ left, right }) => `Solve ${left.text} = ${right.text} for x.`,
      ({ left, right }) => `Find x with ${left.text} = ${right.text}.`,
    ],
    unseen: [({ left, right }) => `For which x is ${left.text} the same as ${right.text}?`],
    worked: (drawn) => [worked(drawn)],
    programs: ({ left, right }) => [
      `print(next(x for x in range(1000) if ${left.python}==${right.python}))`,
      `for x in range(1000):\n if ${left.python}==${right.python}: print(x)`,
    ],
  });
}

export const equationsOfTwoSides: readonly Family[] = (
  ["sum", "less", "brackets", "brackets-less", "multiple"] as const
).map(familyOf);
