/**
 * Rewriting (paper, section 2.2): in a worked solution, the stretch of manual steps that code does better is replaced by
 * a snippet; what stands before and after it stays as it was. Code does better from the first step whose result has
 * three digits on: there a mind, and a small policy, begin to slip.
 *
 * The snippet may use only what is known where it stands: numbers of the question and of the lines before it, and its
 * own results by name. A result that a later line needs has to be its last, which it prints.
 */
import { takenBack } from "./initial";

/** A worked solution with one stretch as code. */
export interface Rewritten {
  before: string[];
  program: string;
  /** What the snippet prints. */
  output: string;
  after: string[];
}

/** From this result on code does better. */
const hardFrom = 100;

/** Numbers that need not be told: the 2 of a half, the 10 of the digits. */
const familiar = 10;

/** A line as a calculation: `left`, its value, and perhaps the division that follows: value = quotient * divisor + remainder. */
interface Calculation {
  left: string;
  value: number;
  division: { quotient: number; divisor: string; remainder: number } | null;
}

const equation = /^(?:[a-dxy]=)?([-\d+*/^()]*\d[)]*[-+*/^][-\d+*/^()]+)=(-?\d+)(?:=(\d+)\*(\d+)\+(\d+))?$/;
const divided = /^(\d+)=(\d+)\*(\d+)\+(\d+)$/;

function calculationOf(line: string): Calculation | null {
  const division = divided.exec(line);
  if (division) {
    const [, value, quotient, divisor, remainder] = division;
    return {
      left: value,
      value: Number(value),
      division: { quotient: Number(quotient), divisor, remainder: Number(remainder) },
    };
  }
  const found = equation.exec(line);
  if (!found) return null;
  const [, left, value, quotient, divisor, remainder] = found;
  const rest = divisor ? { quotient: Number(quotient), divisor, remainder: Number(remainder) } : null;
  return { left, value: Number(value), division: rest };
}

const numbersOf = (text: string): number[] => Array.from(text.matchAll(/\d+/g), ([digits]) => Number(digits));

/** A snippet as it grows: what it has assigned, and what it knows. */
class Snippet {
  readonly #known: ReadonlySet<number>;
  readonly #lines: string[] = [];
  /** Value to the name it was last given. */
  readonly #names = new Map<number, string>();
  #last: { expression: string; value: number; lines: number } | null = null;
  #count = 0;

  constructor(known: ReadonlySet<number>) {
    this.#known = known;
  }

  /** Adds a calculation; false where it needs a number that is not known here. */
  add({ left, value, division }: Calculation): boolean {
    const expression = this.#python(left);
    const divisor = division ? this.#python(division.divisor) : "";
    if (expression === null || divisor === null) return false;
    this.#last = { expression, value, lines: this.#lines.length };
    const name = /^\w+$/.test(expression) ? expression : this.#assign(expression, value);
    if (!division) return true;
    this.#last = { expression: `${name}%${divisor}`, value: division.remainder, lines: this.#lines.length };
    const [quotient, remainder] = [this.#fresh(division.quotient), this.#fresh(division.remainder)];
    this.#lines.push(`${quotient},${remainder}=divmod(${name},${divisor})`);
    return true;
  }

  /** The program that prints the last result, and that result; null where nothing was added. */
  close(): { program: string; value: number } | null {
    if (!this.#last) return null;
    const { expression, value, lines } = this.#last;
    return { program: [...this.#lines.slice(0, lines), `print(${expression})`].join("\n"), value };
  }

  #fresh(value: number): string {
    const name = String.fromCharCode("a".charCodeAt(0) + this.#count++);
    this.#names.set(value, name);
    return name;
  }

  #assign(expression: string, value: number): string {
    const name = this.#fresh(value);
    this.#lines.push(`${name}=${expression}`);
    return name;
  }

  /** An expression of the worked text in Python; null where a number in it is not known here. */
  #python(text: string): string | null {
    let isKnown = true;
    const python = text.replace(/\d+/g, (digits) => {
      const operand = this.#operand(Number(digits));
      isKnown &&= operand !== null;
      return operand ?? digits;
    });
    return isKnown ? python.replaceAll("/", "//").replaceAll("^", "**") : null;
  }

  #operand(value: number): string | null {
    const name = this.#names.get(value);
    if (name && value > familiar) return name;
    if (this.#known.has(value) || value <= familiar) return String(value);
    const [below, above] = [this.#names.get(value - 1), this.#names.get(value + 1)];
    if (below) return `(${below}+1)`;
    return above ? `(${above}-1)` : null;
  }
}

/** Whether each line needs only what is known, and what the lines before it say. */
function follows(lines: readonly string[], known: ReadonlySet<number>): boolean {
  const told = new Set(known);
  return lines.every((line) => {
    const needed = numbersOf(calculationOf(line)?.left ?? line);
    const isTold = needed.every((value) => told.has(value) || value <= familiar);
    for (const value of numbersOf(line)) told.add(value);
    return isTold;
  });
}

const isHard = ({ value }: Calculation): boolean => Math.abs(value) >= hardFrom;

/**
 * Rewrites a worked solution of `question`. Null where no step is hard, where a step needs what only another step in
 * one's head would give, or where what follows needs more than the printed result.
 */
export function rewrite(question: string, lines: readonly string[]): Rewritten | null {
  const calculations = lines.map(calculationOf);
  const from = calculations.findIndex((step) => step !== null && isHard(step));
  if (from < 0) return null;
  const before = lines.slice(0, from);
  const known = new Set(numbersOf([question, ...before.filter((line) => !line.endsWith(takenBack))].join(" ")));
  const snippet = new Snippet(known);
  let to = from;
  // A wrong attempt in the middle of the stretch goes with the steps that it was an attempt at.
  for (; to < lines.length; to++) {
    const step = calculations[to];
    if (lines[to].endsWith(takenBack)) continue;
    if (!step || !snippet.add(step)) break;
  }
  const closed = snippet.close();
  const after = lines.slice(to);
  if (!closed || lines[to - 1].endsWith(takenBack)) return null;
  const output = String(closed.value);
  return follows(after, new Set([...known, closed.value])) ? { before, program: closed.program, output, after } : null;
}
