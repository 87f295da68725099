import { expect, test } from "vitest";
import { findAdapter, openGpu } from "./adapter";
import { GpuMeter } from "./gpu-meter";

test("encoding is from the first encoder to its submission, however many there are, and starts anew when it is taken", async () => {
  const adapter = await findAdapter();
  if (typeof adapter === "string") throw new Error(adapter);
  const { device } = await openGpu(adapter);
  let clock = 0;
  const meter = new GpuMeter(() => clock);
  expect(meter.takeTimes()).toEqual({ firstEncoder: null, encoding: 0 });
  clock = 10;
  const encoder = device.createCommandEncoder();
  clock = 12;
  const second = device.createCommandEncoder();
  clock = 15;
  device.queue.submit([encoder.finish(), second.finish()]);
  clock = 20;
  device.queue.submit([]);
  clock = 30;
  const third = device.createCommandEncoder();
  clock = 31;
  device.queue.submit([third.finish()]);
  expect(meter.take().submits).toBe(3);
  expect(meter.takeTimes()).toEqual({ firstEncoder: 10, encoding: 6 });
  expect(meter.takeTimes()).toEqual({ firstEncoder: null, encoding: 0 });
  device.destroy();
});
