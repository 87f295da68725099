import { expect, test } from "vitest";
import { FuelMeter } from "./fuel";

/** CPython's side: counts its clock down at each check, and reads the buffer when it has run out. */
function makeInterpreter() {
  let clock = 0;
  const meter = new FuelMeter({ read: () => clock, write: (checks) => void (clock = checks) });
  const buffer = meter.makeInterruptBuffer();
  return {
    meter,
    /** One check of the evaluation loop; true where it is interrupted. */
    check: (): boolean => {
      if (clock > 0) {
        clock--;
        return false;
      }
      clock = 50;
      return buffer[0] === 2;
    },
    /** A reading out of turn, as large integers make. */
    look: (): boolean => buffer[0] === 2,
  };
}

const patient = { fuel: 1000, seconds: 1000 };

test.each([0, 1, 49, 50, 51, 777])("%i checks use as much fuel", (checks) => {
  const { meter, check } = makeInterpreter();
  meter.arm(patient);
  for (let done = 0; done < checks; done++) check();
  expect(meter.disarm()).toEqual({ fuel: checks, stoppedBy: null, survived: false });
});

test("readings out of turn cost one each, between checks and in a row", () => {
  const { meter, check, look } = makeInterpreter();
  meter.arm(patient);
  for (let done = 0; done < 200; done++) {
    check();
    if (done % 10 === 0) look();
  }
  look();
  look();
  expect(meter.disarm().fuel).toBe(200 + 20 + 2);
});

test("fuel that runs out interrupts at the next reading, and says so", () => {
  const { meter, check } = makeInterpreter();
  meter.arm(patient);
  let checks = 1;
  while (!check()) checks++;
  expect(checks).toBeGreaterThan(1000);
  expect(checks).toBeLessThanOrEqual(1051);
  expect(meter.disarm()).toEqual({ fuel: checks, stoppedBy: "fuel", survived: false });
});

test("a snippet that goes on after its interrupt gets a storm of them, without end", () => {
  const { meter, check } = makeInterpreter();
  meter.arm(patient);
  const interrupts: number[] = [];
  for (let checks = 0; checks < 60_000; checks++) if (check()) interrupts.push(checks);
  expect(interrupts.length).toBe(60_000 - interrupts[1] + 1);
  expect(meter.disarm()).toMatchObject({ stoppedBy: "fuel", survived: true });
  // The second comes some thousand checks after the first; the rest of the storm comes at once.
  expect(interrupts[1] - interrupts[0]).toBeGreaterThan(20_000);
  expect(interrupts[10] - interrupts[1]).toBe(9);
});

test("once the fuel has run out, the clock strikes no more", () => {
  const { meter, check, look } = makeInterpreter();
  meter.arm({ fuel: 10, seconds: 0 });
  expect(Array.from({ length: 700 }, check)).toContain(true);
  for (let readings = 0; readings < 64; readings++) expect(look()).toBe(false);
  expect(meter.disarm()).toMatchObject({ stoppedBy: "fuel", survived: false });
});

test("the clock stops what burns too little, and stays named where the fuel is spent later", () => {
  const { meter, look } = makeInterpreter();
  meter.arm({ fuel: 1000, seconds: 0 });
  const readings = Array.from({ length: 64 }, look);
  expect(readings).toContain(true);
  for (let turns = 0; turns < 5000; turns++) look();
  expect(meter.disarm().stoppedBy).toBe("clock");
});

test("what runs before the first snippet is never interrupted, what runs after one always", () => {
  const { meter, check } = makeInterpreter();
  for (let checks = 0; checks < 1000; checks++) expect(check()).toBe(false);
  meter.arm(patient);
  meter.disarm();
  const interrupted = Array.from({ length: 200 }, check);
  expect(interrupted.slice(50)).not.toContain(false);
  meter.arm(patient);
  expect(check()).toBe(false);
});
