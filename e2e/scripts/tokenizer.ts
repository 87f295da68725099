/** Trains the shipped tokenizer from the project's own traces: `npm run tokenizer`. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { makeRng } from "../../src/core/rng";
import type { TraceStyle } from "../../src/rollout/cold-start/trace";
import { writeTrace } from "../../src/rollout/cold-start/writer";
import { type Pool, pools } from "../../src/tasks/pools";
import { sampleProblem } from "../../src/tasks/sample";
import { promptText } from "../../src/text/grammar";
import { learnMerges, tokenizerJson } from "../../src/text/train-bpe";

const styles: TraceStyle[] = ["direct", "worked", "oneBlock", "twoBlocks"];

/** What Python says of the mistakes a young policy makes: they are read often once it writes code. */
const errorLines = [
  "NameError: name 'math' is not defined. Did you forget to import 'math'?",
  "NameError: name 'gcd' is not defined",
  "SyntaxError: invalid syntax",
  "SyntaxError: '(' was never closed",
  "SyntaxError: unmatched ')'",
  "SyntaxError: invalid decimal literal",
  "SyntaxError: invalid syntax. Perhaps you forgot a comma?",
  "IndentationError: unexpected indent",
  "IndentationError: expected an indented block after 'for' statement on line 2",
  "TypeError: unsupported operand type(s) for +: 'int' and 'str'",
  "TypeError: 'int' object is not callable",
  "ZeroDivisionError: integer modulo by zero",
  "ValueError: math domain error",
  "AttributeError: module 'math' has no attribute 'pow'",
  "TimeoutError: time limit exceeded",
  "NameError: name 'a' is not defined",
  "StopIteration",
  "(no output)",
];

/**
 * Texts of all families in all styles. Error lines are far more frequent than in a rollout: one that is spelled in
 * many rare tokens hides from a small policy what came before it.
 */
function* corpus({ families, wordings }: Pool, traces: number): Generator<string> {
  const rng = makeRng(0).fold("tokenizer");
  const names = [...families.keys()];
  for (let i = 0; i < traces; i++) {
    const own = rng.fold(i);
    const problem = sampleProblem(own.fold("problem"), { families: [names[i % names.length]], wordings });
    const { trace } = writeTrace(problem, styles[i % styles.length], own);
    yield promptText(problem.question) + (trace?.pieces ?? []).map(({ text }) => text).join("");
    if (i % 2 === 0) yield errorLines[(i / 2) % errorLines.length];
  }
}

const help = `npm run tokenizer -- [--problems families] [--size 512] [--traces 8000] [--out public/tokenizer.json]

Learns a byte-level BPE vocabulary from generated problems and their solutions, and writes it as a Hugging Face
tokenizer.json. A new tokenizer needs a new cold start: npm run cold-start. A preset whose folder under
public/cold-start has its own begins with that one.`;

export function main(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      problems: { type: "string", default: "families" },
      size: { type: "string", default: "512" },
      traces: { type: "string", default: "8000" },
      out: { type: "string", default: "public/tokenizer.json" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return Promise.resolve(0);
  }
  const pool = new Map<string, Pool>(Object.entries(pools)).get(values.problems);
  if (pool === undefined) {
    console.error(`There is no pool "${values.problems}"; there are ${Object.keys(pools).join(", ")}.`);
    return Promise.resolve(2);
  }
  const merges = learnMerges(corpus(pool, Number(values.traces)), Number(values.size));
  writeFileSync(values.out, `${JSON.stringify(tokenizerJson(merges), null, 1)}\n`);
  console.log(`${values.out}: ${merges.length} merges`);
  return Promise.resolve(0);
}
