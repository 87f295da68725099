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
const mostInterrupts = 8;
/** Interrupts in a row that a repeated offender gets: loops around `except BaseException` catch one, not this many. */
const stormLength = 48;
/** Readings between two looks at the wall clock. */
const readingsPerLook = 16;

/** What a run used, and which limit ended it, if one did. */
export interface Spent {
  fuel: number;
  /** `clock` where both did: how far the snippet came is then the machine's doing. */
  stoppedBy: "fuel" | "clock" | null;
}

export class FuelMeter {
  readonly #clock: SignalClock;
  #lastClock = 0;
  #spent = 0;
  #limit = Infinity;
  #deadline = Infinity;
  #readings = 0;
  #interrupts = 0;
  #storm = 0;
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
    this.#storm = 0;
    this.#stoppedBy = null;
  }

  /** Stops counting. */
  disarm(): Spent {
    const fuel = this.#spent + this.#lastClock - this.#clock.read();
    this.#limit = Infinity;
    this.#deadline = Infinity;
    this.#storm = 0;
    return { fuel, stoppedBy: this.#stoppedBy };
  }

  #poll(): number {
    const now = this.#clock.read();
    // Large integers, sorts and patterns read the buffer out of turn, without setting the clock: one check each.
    this.#spent += now > freshClock ? this.#lastClock + 1 : this.#lastClock - now + 1;
    this.#setClock(freshClock);
    if (this.#storm > 0) {
      this.#storm--;
      this.#setClock(0);
      return interrupt;
    }
    const cause = this.#exhausted();
    if (!cause || this.#interrupts >= mostInterrupts) return 0;
    if (this.#stoppedBy !== "clock") this.#stoppedBy = cause;
    this.#interrupts++;
    if (cause === "fuel") this.#limit = this.#spent + patienceFuel;
    else this.#deadline = performance.now() + patienceMilliseconds;
    if (this.#interrupts > 1) {
      this.#storm = stormLength;
      this.#setClock(0);
    }
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
