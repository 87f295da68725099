/** What is used of a machine: what computes rightly, and what stands in for what does not, with a word about it. */
import { expect, test } from "vitest";
import type { LabEvent } from "../core/events";
import { makeRng } from "../core/rng";
import { configFor, initialWeights } from "../policy/initialise";
import { faulty, spoiltLogprobs } from "../policy/testing/faulty";
import { type Backend, chooseBackend } from "../tensor/device";
import type { CacheStorage } from "../tensor/engine";
import { trusted } from "./trusted";

const size = { hidden: 16, layers: 1, heads: 2, kvHeads: 1, intermediate: 24, vocab: 20, maxPositions: 32 };

/** The cpu under another backend's name. */
async function namedWebGpu(): Promise<Backend> {
  const backend = await chooseBackend("cpu");
  return { ...backend, info: { ...backend.info, name: "webgpu" } };
}

async function open(backend: Backend, cacheStorage: CacheStorage) {
  const config = configFor(size);
  const start = { config, weights: initialWeights(config, makeRng(1)) };
  const events: LabEvent[] = [];
  const found = await trusted(backend, start, {
    wanted: { backend: "webgpu", cacheStorage },
    emit: (event) => events.push(event),
  });
  const notices = events.flatMap((event) => (event.type === "notice" ? [[event.code, event.message]] : []));
  return { backend: found.backend.info.name, cacheStorage: found.cacheStorage, notices };
}

test("half precision is used only where it is asked for, and passes its test", async () => {
  expect(await open(await namedWebGpu(), "f32")).toEqual({ backend: "webgpu", cacheStorage: "f32", notices: [] });
  expect(await open(await namedWebGpu(), "f16")).toEqual({ backend: "webgpu", cacheStorage: "f16", notices: [] });
});

test("caches whose half precision loses too much are in single precision, and the page says why", async () => {
  const backend = await namedWebGpu();
  const bad = faulty(
    backend,
    spoiltLogprobs((logprob) => logprob - 0.06),
  );
  // The fault is of half precision alone: the test of the backend itself is passed.
  const makeEngine: Backend["makeEngine"] = (options) =>
    (options.cacheStorage === "f16" ? bad : backend).makeEngine(options);
  expect(await open({ ...backend, makeEngine }, "f16")).toEqual({
    backend: "webgpu",
    cacheStorage: "f32",
    notices: [["f32-caches", "Caches in f16: log-probabilities are off by 0.060 nats."]],
  });
});

test("a backend that stores nothing in half precision says so", async () => {
  const { cacheStorage, notices } = await open(await chooseBackend("cpu"), "f16");
  expect(cacheStorage).toBe("f32");
  expect(notices).toEqual([["f32-caches", "Caches in f16: only WebGPU has them."]]);
});
