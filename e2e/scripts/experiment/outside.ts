/**
 * `npm run experiment -- outside`: scores a model behind an OpenAI-compatible endpoint on the lab's sets, as the paper
 * compares ReTool with o1-preview. It asks in text, from this process; the problems leave the machine.
 */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Fault, FaultError } from "../../../src/core/result";
import { type OutsideModel, type OutsideScore, scoreOutside } from "../../../src/session/outside-model";
import { benchmarks } from "../../../src/tasks/benchmarks";
import { isEndpoint } from "../project.mjs";
import { revision } from "../revision.mjs";
import { checkOut, flagLines, type Flags, readFlags, UsageError } from "./command-line";
import { onStop } from "./on-stop";
import { sets } from "./paper-table";
import { bar, said, StatusLine, terminal } from "./progress";
import { commandOf, versionsWith } from "./provenance";

const flags: Flags = {
  endpoint: { value: "URL", help: "up to and with the version, such as http://localhost:8000/v1 (required)" },
  model: { value: "NAME", help: "as the endpoint calls it (required)" },
  "key-from": {
    value: "NAME",
    help: "the environment variable that holds the key; none by default. It is written nowhere",
  },
  samples: { value: "N", help: "samples a problem; default 4 (the paper: 32)" },
  set: { value: "NAME", help: `one of ${sets.join(", ")}; both by default` },
  "at-once": { value: "N", help: "requests under way at once; default 4" },
  timeout: { value: "SECONDS", help: "after which a request is given up, and made once more; default 120" },
  out: {
    value: "DIR",
    help: "where answers, evaluations.jsonl and run.json go (required); results/paper/outside is in its table",
  },
  help: { value: null, help: "this text" },
};

interface OutsideOptions {
  outside: OutsideModel;
  samples: number;
  atOnce: number;
  sets: readonly (typeof sets)[number][];
  out: string;
}

function help(): string {
  return [
    "npm run experiment -- outside --endpoint URL --model NAME --out DIR",
    "",
    "Scores a model behind an OpenAI-compatible endpoint on the lab's sets. The problems are sent to that endpoint.",
    "",
    ...flagLines(flags),
  ].join("\n");
}

/** Throws a UsageError for a line that cannot be run. */
export function readOutsideArguments(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): OutsideOptions | "help" {
  const given = readFlags(argv, flags);
  if (given.has("help")) return "help";
  const one = (flag: string): string | undefined => given.get(flag)?.[0];
  const required = (flag: string): string =>
    one(flag) ?? fail(`--${flag} is missing; npm run experiment -- outside --help explains it.`);
  const positive = (flag: string, fallback: number): number => {
    const value = Number(one(flag) ?? fallback);
    return Number.isInteger(value) && value > 0
      ? value
      : fail(`--${flag} has "${one(flag)}", expected a whole number from 1 on.`);
  };
  const endpoint = required("endpoint");
  if (!isEndpoint(endpoint))
    throw new UsageError(`--endpoint has "${endpoint}", expected an address such as https://host/v1.`);
  const keyFrom = one("key-from");
  if (keyFrom !== undefined && !environment[keyFrom])
    throw new UsageError(`--key-from names ${keyFrom}, but that environment variable is empty.`);
  const wanted = one("set");
  const chosen = sets.filter((name) => wanted === undefined || name === wanted);
  if (chosen.length === 0) throw new UsageError(`--set has "${wanted}", expected one of ${sets.join(", ")}.`);
  return {
    outside: {
      endpoint,
      model: required("model"),
      key: keyFrom === undefined ? null : (environment[keyFrom] ?? null),
      temperature: 1,
      topP: 0.7,
      timeoutSeconds: positive("timeout", 120),
    },
    samples: positive("samples", 4),
    atOnce: positive("at-once", 4),
    sets: chosen,
    out: required("out"),
  };
}

function fail(message: string): never {
  throw new UsageError(message);
}

/** Exit status: 0 all was asked, 1 the endpoint failed, 2 a command line that cannot be run, 130 stopped. */
export async function outside(argv: readonly string[]): Promise<number> {
  try {
    const options = readOutsideArguments(argv, process.env);
    if (options === "help") {
      console.log(help());
      return 0;
    }
    return await run(options, commandOf("experiment", ["outside", ...argv]));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return 2;
  }
}

/** The first Ctrl-C ends the interview; what was answered is scored all the same. */
function stopSignal(): { signal: AbortSignal; release: () => void } {
  const stop = new AbortController();
  const release = onStop(() =>
    stop.abort(
      new FaultError({
        at: "network",
        code: "stopped",
        message: "The questions were stopped.",
        hint: "What was answered is kept.",
      }),
    ),
  );
  return { signal: stop.signal, release };
}

/** One set's questions, each answer written down as it comes. */
function ask(
  { outside: model, samples, atOnce, out }: OutsideOptions,
  set: (typeof sets)[number],
  line: StatusLine,
  signal: AbortSignal,
): Promise<OutsideScore> {
  return scoreOutside(model, {
    problems: benchmarks[set],
    samples,
    atOnce,
    setting: { step: 0, set, title: set, seed: 0, temperature: model.temperature, topP: model.topP },
    signal,
    onReply: (reply) => appendFileSync(join(out, "answers.jsonl"), `${JSON.stringify({ set, ...reply })}\n`),
    onAnswer: (done, total) => {
      const isTwentieth = Math.floor((20 * done) / total) > Math.floor((20 * (done - 1)) / total);
      if (terminal.isTerminal || isTwentieth) line.draw(`${bar(done, total)} ${set} ${done}/${total}`);
    },
  });
}

async function run(options: OutsideOptions, command: string): Promise<number> {
  const { outside: model, samples, sets: chosen, out } = options;
  checkOut(out);
  const { endpoint, model: name, temperature, topP } = model;
  const record = {
    command,
    endpoint,
    model: name,
    temperature,
    topP,
    samples,
    versions: versionsWith("not used", revision()),
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "run.json"), `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync(join(out, "evaluations.jsonl"), "");
  const line = new StatusLine(terminal);
  line.say(`The problems are sent to ${new URL(endpoint).host}.`);
  const { signal, release } = stopSignal();
  let fault: Fault | null = null;
  for (const set of chosen) {
    const found = await ask(options, set, line, signal);
    if (found.report) {
      appendFileSync(join(out, "evaluations.jsonl"), `${JSON.stringify(found.report)}\n`);
      const { problems, accuracy } = found.report.all;
      line.say(`${set}: accuracy ${said(accuracy)} over ${problems} problems, ${samples} samples each.`);
    }
    fault = found.fault;
    if (fault) break;
  }
  release();
  line.say(`Kept in ${out}.`);
  if (!fault) return 0;
  console.error(`${fault.message} ${fault.hint}`);
  return fault.code === "stopped" ? 130 : 1;
}
