/** One Python interpreter in a locked realm: runs a snippet under its limits, then becomes again what it was. */
import { HeapImage } from "./heap-image";
import { sealFileSystem } from "./file-system";
import { lockRealm } from "./lockdown";
import { startRuntime, type Runtime } from "./runtime";
import type { SnippetLimits, SnippetResult } from "./sandbox";
import { timeoutError, type PythonAssets } from "./snippet";
import { FuelMeter, type Spent } from "./fuel";

type Outcome = Omit<SnippetResult, "milliseconds" | "fuel">;

/** The driver's functions; both return JSON. */
interface Driver {
  run(code: string, outputCharacters: number): unknown;
  printed(): unknown;
}

/** What a snippet still has when only what it printed is wanted. */
const lastWords = { fuel: 50_000, seconds: 0.1 };

export class Interpreter {
  readonly #runtime: Runtime;
  readonly #driver: Driver;
  readonly #meter: FuelMeter;
  readonly #image: HeapImage;
  readonly #resetFiles: () => void;
  readonly #resetBridge: () => void;

  /**
   * Starts Python and locks the realm it runs in, for good: call it in a worker of its own.
   * @param comparedIn after how many restores all of the memory has been compared once
   * @param onStage called after each of `bootStages`
   */
  static async start(assets: PythonAssets, comparedIn: number, onStage: () => void): Promise<Interpreter> {
    const runtime = await startRuntime(assets);
    onStage();
    const interpreter = new Interpreter(runtime, comparedIn);
    onStage();
    return interpreter;
  }

  private constructor(runtime: Runtime, comparedIn: number) {
    this.#runtime = runtime;
    this.#driver = { run: pythonFunction(runtime, "run"), printed: pythonFunction(runtime, "printed") };
    this.#meter = new FuelMeter(runtime.signalClock);
    const classes = sharedClasses(runtime);
    pythonFunction(runtime, "seal")();
    runtime.forgetJavaScriptValues();
    this.#resetFiles = sealFileSystem(runtime.files);
    runtime.pyodide.setInterruptBuffer(this.#meter.makeInterruptBuffer());
    runtime.resetTime();
    this.#resetBridge = runtime.rememberBridge();
    this.#image = new HeapImage(runtime, comparedIn);
    lockRealm(classes);
  }

  /** Runs one snippet. Call `restore` before the next. @throws when the interpreter cannot be used any more */
  run(code: string, limits: SnippetLimits): SnippetResult {
    const began = performance.now();
    const { spent, ...outcome } = this.#execute(code, limits);
    // Python that reached raw memory can write over the count; a count that ran backwards would be worse than none.
    const fuel = Math.max(0, spent.fuel);
    return { ...judge(outcome, spent), milliseconds: performance.now() - began, fuel };
  }

  /** Puts the interpreter back bit for bit to where it was after boot. @throws when it is found not to be */
  restore(): void {
    this.#image.restore();
    this.#runtime.resetStack();
    this.#runtime.resetTime();
    this.#resetFiles();
    this.#resetBridge();
  }

  #execute(code: string, limits: SnippetLimits): Outcome & { spent: Spent } {
    this.#meter.arm(limits);
    try {
      const json = this.#driver.run(code, limits.outputCharacters);
      return { spent: this.#meter.disarm(), ...readOutcome(json, limits.outputCharacters) };
    } catch (thrown) {
      const spent = this.#meter.disarm();
      const outcome = this.#lastWords(limits.outputCharacters);
      this.restore();
      this.#prove();
      return { spent, ...reword(outcome, thrown) };
    }
  }

  /** What a snippet printed that never came back; the interpreter may be in any state. */
  #lastWords(outputCharacters: number): Outcome {
    const nothing: Outcome = { status: "error", stdout: "", error: "", line: null };
    let outcome = nothing;
    this.#meter.arm(lastWords);
    try {
      outcome = readOutcome(this.#driver.printed(), outputCharacters);
    } catch {
      // It has none.
    }
    const { stoppedBy } = this.#meter.disarm();
    return stoppedBy === "clock" ? { ...nothing, unrepeatable: true } : outcome;
  }

  /** After an abort: is the restored interpreter whole? */
  #prove(): void {
    this.#meter.arm(lastWords);
    const { status, stdout } = readOutcome(this.#driver.run("print(6 * 7)", 99), 99);
    this.#meter.disarm();
    if (status !== "ok" || stdout !== "42\n") throw new Error("Python could not be restored after an abort.");
    this.restore();
  }
}

/**
 * Too much output comes before all else: it struck first, and what is kept of it depends on nothing else. A snippet
 * that the clock stopped keeps nothing of what it printed, since how far it came depends on the machine.
 */
function judge(outcome: Outcome, { stoppedBy, survived }: Spent): Outcome {
  if (stoppedBy === null) return outcome;
  const chance = stoppedBy === "clock" && { unrepeatable: true as const };
  if (outcome.status === "output") return { ...outcome, ...chance };
  // One that goes on after it was stopped may also be killed with what it printed, which is the machine's doing too.
  if (chance || survived) return { status: "timeout", stdout: "", error: timeoutError, line: null, ...chance };
  return { ...outcome, status: "timeout", error: timeoutError };
}

/** Two texts, of which no character takes more than 12 in JSON, and what stands around them. */
function longestJson(outputCharacters: number): number {
  return 1000 + 2 * 12 * outputCharacters;
}

/**
 * Reads the driver's JSON, which a snippet may have tampered with: it can say of itself what it could have printed
 * anyway, and no more. Only a string is read: asking another object for its text would run Python that nobody counts; and
 * only one that could be the driver's: what JavaScript makes of a longer one, no limit of memory holds for.
 */
function readOutcome(json: unknown, outputCharacters: number): Outcome {
  const readable = typeof json === "string" && json.length <= longestJson(outputCharacters);
  const parts: unknown = readable ? JSON.parse(json) : null;
  if (!isList(parts)) throw new Error("The driver's answer is not a list.");
  const [status, printed, said, place] = parts;
  if (typeof printed !== "string" || typeof said !== "string") throw new Error("The driver's answer is not readable.");
  const stdout = cut(printed, outputCharacters);
  const line = Number.isSafeInteger(place) && Number(place) > 0 ? Number(place) : null;
  if (status === "output" || stdout.length < printed.length) {
    return {
      status: "output",
      stdout,
      error: `OutputLimitExceeded: more than ${outputCharacters} characters printed`,
      line,
    };
  }
  const error = cut(said, outputCharacters);
  return { status: status === "ok" || status === "memory" ? status : "error", stdout, error, line };
}

/** The first so many characters as Python counts them: code points. */
function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return Array.from(text.slice(0, 2 * characters))
    .slice(0, characters)
    .join("");
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function pythonFunction(runtime: Runtime, name: string): (...values: unknown[]) => unknown {
  const value: unknown = runtime.pyodide.runPython(name);
  if (typeof value !== "function") throw new Error(`The driver has no function ${name}.`);
  return (...values): unknown => Reflect.apply(value, undefined, values);
}

/** Pyodide's classes: what a function of Python is for JavaScript looks its methods up there, the driver's too. */
function sharedClasses({ pyodide }: Runtime): unknown[] {
  return [Reflect.get(pyodide, "ffi"), Object.getPrototypeOf(pyodide.runPython("run"))];
}

/**
 * A fault below Python in Python's words. How deep the engine's own stack is depends on how far it has optimised the
 * interpreter by then, so that what was printed before is not the code's doing alone, and is dropped.
 */
function reword(outcome: Outcome, thrown: unknown): Outcome {
  if (!(thrown instanceof RangeError)) {
    return { ...outcome, error: outcome.error || "SystemError: the interpreter was aborted" };
  }
  const error = "RecursionError: maximum recursion depth exceeded";
  return { status: "error", stdout: "", error, line: null, unrepeatable: true };
}
