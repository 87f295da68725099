/**
 * The time limit of a snippet, kept inside its own thread. CPython reads Pyodide's "interrupt buffer" at every 50th
 * check of its evaluation loop; ours is not memory shared with another thread but an object that looks at the clock,
 * so no SharedArrayBuffer and no cross-origin isolation is needed.
 */
const interrupt = 2; // SIGINT, which CPython raises as KeyboardInterrupt
/** Time that a snippet has to come back after an interrupt before the next one. */
const patienceMilliseconds = 50;
const mostInterrupts = 8;
/** Interrupts in a row that a repeated offender gets: loops around `except BaseException` catch one, not this many. */
const stormLength = 48;

export class TimeLimit {
  #deadline = Infinity;
  #interrupts = 0;
  #storm = 0;
  readonly #checkAtOnce: () => void;

  /** @param checkAtOnce makes CPython look at the buffer again at its very next check */
  constructor(checkAtOnce: () => void) {
    this.#checkAtOnce = checkAtOnce;
  }

  /** What `pyodide.setInterruptBuffer` takes. */
  makeInterruptBuffer(): Uint8Array {
    return new Proxy(new Uint8Array(1), {
      get: (target, key): unknown => (key === "0" ? this.#poll() : Reflect.get(target, key)),
      set: () => true,
    });
  }

  /** Starts the clock. */
  arm(milliseconds: number): void {
    this.#deadline = performance.now() + milliseconds;
    this.#interrupts = 0;
    this.#storm = 0;
  }

  /** Stops the clock; says whether the limit was hit. */
  disarm(): boolean {
    this.#deadline = Infinity;
    this.#storm = 0;
    return this.#interrupts > 0;
  }

  #poll(): number {
    if (this.#storm > 0) {
      this.#storm--;
      this.#checkAtOnce();
      return interrupt;
    }
    const now = performance.now();
    if (now <= this.#deadline || this.#interrupts >= mostInterrupts) return 0;
    this.#interrupts++;
    this.#deadline = now + patienceMilliseconds;
    if (this.#interrupts > 1) {
      this.#storm = stormLength;
      this.#checkAtOnce();
    }
    return interrupt;
  }
}
