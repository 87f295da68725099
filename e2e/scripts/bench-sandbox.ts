/** `npm run bench:sandbox`: the sandbox beside plain Pyodide, each number beside its goal; and the soak. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { UsageError } from "./experiment/command-line";
import { bar, StatusLine, terminal } from "./experiment/progress";
import { commandOf, versionsWith } from "./experiment/provenance";
import { readSandboxBenchArguments, type SandboxBenchOptions, sandboxBenchHelp } from "./sandbox-bench/arguments";
import { measureParts, runSoak, type Tell } from "./sandbox-bench/measure";
import { rowsOf } from "./sandbox-bench/rows";
import { benchText, type Machine, reportPage, soakText } from "./sandbox-bench/text";
import { Host } from "./sandbox/host";

function keep(folder: string, name: string, machine: Machine, title: string, measured: object, body: string): void {
  const out = resolve(folder);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, `${name}.json`), `${JSON.stringify({ ...machine, ...measured }, null, 1)}\n`);
  writeFileSync(join(out, `${name}.md`), reportPage(title, machine, body));
  console.log(`\nKept in ${folder}: ${name}.json, ${name}.md.`);
}

/** True where nothing was lost, wrong or leaked. */
async function bench(options: SandboxBenchOptions, argv: readonly string[]): Promise<boolean> {
  const line = new StatusLine(terminal);
  const tell: Tell = (what, done, total) => {
    if (terminal.isTerminal) line.draw(`${bar(done, total)} ${what}`);
    else if (done === 0) line.say(what);
  };
  const before = loadavg()[0];
  const start = (): Promise<Host> => Host.start({ say: (sentence) => line.say(sentence) });
  const samples = await measureParts(options, start, tell, (found) => {
    // A bench that is cut short has still said what it had measured.
    line.say(`\n${benchText(rowsOf(found))}\n`);
  });
  const soak = options.soak > 0 ? await runSoak(options.soak, start, tell) : null;
  const [processor] = cpus();
  const machine: Machine = {
    command: commandOf("bench:sandbox", argv),
    versions: versionsWith(samples.browser || (soak?.browser ?? "")),
    processor: processor?.model ?? "unknown",
    cores: cpus().length,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    load: { before, after: loadavg()[0] },
  };
  if (options.parts.length > 0) {
    const rows = rowsOf(samples);
    line.say(`\n${benchText(rows)}`);
    if (options.out) keep(options.out, "bench", machine, "The sandbox, measured", { rows, samples }, benchText(rows));
  }
  if (!soak) return true;
  line.say(`\n${soakText(soak)}`);
  if (options.out) keep(options.out, "soak", machine, "The sandbox, soaked", { soak }, soakText(soak));
  const { lost, wrong, leaked } = soak.counts;
  return lost + wrong + leaked === 0;
}

/** Returns the exit status. */
export async function main(argv: string[]): Promise<number> {
  try {
    const options = readSandboxBenchArguments(argv);
    if (options === "help") {
      console.log(sandboxBenchHelp());
      return 0;
    }
    return (await bench(options, argv)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nnpm run bench:sandbox -- --help explains every flag.`);
    return 2;
  }
}
