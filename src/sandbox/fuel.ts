/**
 * The limits of a snippet's run, kept inside its own thread. CPython's evaluation loop checks for signals at every
 * turn of a loop and every call; at each 51st check (`signalClock` counts down) it reads Pyodide's "interrupt
 * buffer". Ours is not memory shared with another thread but an object that counts those readings, so no
 * SharedArrayBuffer and no cross-origin isolation is needed, and the same code runs out at the same instruction on
 * every machine.
 */
import type { SnippetLimits } from "./sandbox";

/** CPython's countdown to its next reading of the interrupt buffer. */
export interface SignalClock {
  read(): number;
  write(checks: number): void;
}

const interrupt = 2; // SIGINT, which CPython raises as KeyboardInterrupt
/** CPython sets its clock to 50 before a periodic reading; one less then tells that from a reading out of turn. */
const freshClock = 49;
/** Fuel that a snippet has to come back after an interrupt before the next one: some milliseconds. */
const patienceFuel = 20_000;
const patienceMilliseconds = 50;
/** Readings between two looks at the wall clock. */
const readingsPerLook = 16;

/** What a run used, and which limit ended it, if one did. */
export interface Spent {
  fuel: number;
  /** The first that struck; the other one strikes no more. */
  stoppedBy: "fuel" | "clock" | null;
  /** It went on after its interrupt for longer than it takes to come back. */
  survived: boolean;
}

export class FuelMeter {
  readonly #clock: SignalClock;
  #lastClock = 0;
  #spent = 0;
  #limit = Infinity;
  #deadline = Infinity;
  #readings = 0;
  #interrupts = 0;
  #stoppedBy: Spent["stoppedBy"] = null;

  constructor(clock: SignalClock) {
    this.#clock = clock;
  }

  /** What `pyodide.setInterruptBuffer` takes. */
  makeInterruptBuffer(): Uint8Array {
    const poll = (): number => this.#poll();
    // A plain object, of which Pyodide reads and writes element 0: a Proxy makes every reading several times as dear.
    const buffer: unknown = {
      get 0() {
        return poll();
      },
      set 0(_acknowledged: number) {},
    };
    return buffer as Uint8Array;
  }

  /** Starts counting. */
  arm(limits: Pick<SnippetLimits, "fuel" | "seconds">): void {
    this.#clock.write(freshClock);
    this.#lastClock = freshClock;
    this.#spent = 0;
    this.#limit = limits.fuel;
    this.#deadline = performance.now() + limits.seconds * 1000;
    this.#readings = 0;
    this.#interrupts = 0;
    this.#stoppedBy = null;
  }

  /** Stops counting. What runs from now on, a promise's callback of the snippet's, is interrupted at every check. */
  disarm(): Spent {
    const fuel = this.#spent + this.#lastClock - this.#clock.read();
    const spent = { fuel, stoppedBy: this.#stoppedBy, survived: this.#interrupts > 1 };
    this.#interrupts = 2;
    return spent;
  }

  #poll(): number {
    const now = this.#clock.read();
    // Large integers, sorts and patterns read the buffer out of turn, without setting the clock: one check each.
    this.#spent += now > freshClock ? this.#lastClock + 1 : this.#lastClock - now + 1;
    this.#setClock(freshClock);
    if (this.#interrupts > 1) {
      // Loops around `except BaseException` catch one interrupt; one at every check they do not survive.
      this.#setClock(0);
      return interrupt;
    }
    const cause = this.#exhausted();
    if (!cause) return 0;
    this.#stoppedBy = cause;
    this.#interrupts++;
    // The other limit is out of force now, so that where both are near, one alone decides what the snippet reads.
    this.#limit = cause === "fuel" ? this.#spent + patienceFuel : Infinity;
    this.#deadline = cause === "clock" ? performance.now() + patienceMilliseconds : Infinity;
    if (this.#interrupts > 1) this.#setClock(0);
    return interrupt;
  }

  #exhausted(): "fuel" | "clock" | null {
    if (this.#spent > this.#limit) return "fuel";
    if (++this.#readings % readingsPerLook !== 0) return null;
    return performance.now() > this.#deadline ? "clock" : null;
  }

  #setClock(checks: number): void {
    this.#clock.write(checks);
    this.#lastClock = checks;
  }
}
