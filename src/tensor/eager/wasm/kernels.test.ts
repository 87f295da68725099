import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseBackend } from "../../device";
import { adamW, globalNorm } from "../../ops/adamw";
import { distance, error, integers, opCase, random } from "../../testing/case";
import { eagerly } from "../../testing/eager";
import type { Optimizer } from "../parameters";
import { optimizer } from "./adamw";
import { makeKernels } from "./kernels";

/** A memory that is handed out piece by piece. */
function makeArena() {
  const memory = new WebAssembly.Memory({ initial: 64 });
  const floats = new Float32Array(memory.buffer);
  let next = 16;
  const reserve = (count: number): number => {
    const at = next;
    next += count;
    return 4 * at;
  };
  return {
    kernels: makeKernels(memory),
    reserve,
    write: (values: Float32Array): number => {
      const at = reserve(values.length);
      floats.set(values, at / 4);
      return at;
    },
    read: (at: number, count: number): Float32Array => floats.slice(at / 4, at / 4 + count),
  };
}

/** A matrix [rows, columns] with `padding` numbers after each line, or its transpose likewise. */
interface Layout {
  transposed: boolean;
  padding: number;
}

const layouts: fc.Arbitrary<Layout> = fc.record({ transposed: fc.boolean(), padding: fc.nat(3) });

function lay(rows: number, columns: number, seed: number, { transposed, padding }: Layout) {
  const [lines, length] = transposed ? [columns, rows] : [rows, columns];
  const line = length + padding;
  const { values } = random(seed, [lines * line]);
  const strides = transposed ? [1, line] : [line, 1];
  const at = (row: number, column: number): number => values[row * strides[0] + column * strides[1]];
  return { values, at, strides: strides.map((numbers) => 4 * numbers) };
}

describe("the product", () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 67, 256, 261));

  test.each(["nothing", "a matrix", "a line", "the result"])("starts from %s, in every layout", (start) => {
    fc.assert(
      fc.property(
        size,
        size,
        size,
        layouts,
        layouts,
        fc.nat(3),
        fc.nat(1000),
        (m, n, k, aLayout, bLayout, pad, seed) => {
          const { kernels, reserve, write, read } = makeArena();
          const [a, b] = [lay(m, k, seed, aLayout), lay(k, n, seed + 1, bLayout)];
          const line = n + pad;
          const { values: before } = random(seed + 2, [m * line]);
          const c = write(before);
          const from = { nothing: 0, "a matrix": write(before), "a line": write(before), "the result": c }[start] ?? 0;
          const fromRow = start === "a line" ? 0 : 4 * line;
          const [aStrides, bStrides] = [a.strides, b.strides];
          const [aAt, bAt] = [write(a.values), write(b.values)];
          const scratch = reserve(kernels.scratchBytes() / 4);
          kernels.product(
            m,
            n,
            k,
            aAt,
            aStrides[0],
            aStrides[1],
            bAt,
            bStrides[0],
            bStrides[1],
            from,
            fromRow,
            c,
            4 * line,
            scratch,
          );
          const expected = before.map((there, i) => {
            const [row, column] = [Math.floor(i / line), i % line];
            if (column >= n) return there;
            let sum = from === 0 ? 0 : before[(row * fromRow) / 4 + column];
            for (let p = 0; p < k; p++) sum += a.at(row, p) * b.at(p, column);
            return sum;
          });
          expect(distance(read(c, expected.length), expected)).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test("attention over sequences longer than a block of queries is its composition", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 30, max: 75 }), fc.integer({ min: 1, max: 9 }), async (length, half) => {
      const shape = { heads: 2, kvHeads: 1, headDim: 2 * half, theta: 100, positions: 100 };
      const subject = opCase({
        activations: { x: random(length, [length + 1, 4 * shape.headDim], 2) },
        inputs: { first: integers("tokens", [0, ...new Int32Array(length).fill(1)], "index") },
        run: ({ ops, parameter, input }) => ops.attention(parameter("x"), input("first"), shape),
      });
      expect(error(await eagerly("wasm")(subject), await eagerly("cpu")(subject))).toBeLessThan(2e-5);
    }),
    { numRuns: 8 },
  );
});

test("logits far apart neither overflow nor become what is not a number", async () => {
  const values = Float32Array.of(900, -900, 0, 5, 899, 88, -88, -3e5, 1e4, 7, 7, 7, 7, 7);
  const subject = opCase({
    activations: { logits: { shape: [2, 7], values } },
    size: "places",
    inputs: { targets: integers("places", [1, 3]) },
    run: ({ ops, parameter, input }) => ops.tokenLogprob(parameter("logits"), input("targets")).logprobs,
  });
  expect(error(await eagerly("wasm")(subject), await eagerly("cpu")(subject))).toBeLessThan(1e-6);
});

test("the optimizer's step is its composition, for parameters of any length", async () => {
  const step = { learningRate: 0.1, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.01 };
  const run = async (backend: "cpu" | "wasm", length: number): Promise<Float32Array> => {
    await chooseBackend(backend);
    const way: Optimizer = backend === "wasm" ? optimizer : { adamW, globalNorm };
    const [weight, gradient, first, second] = [1, 2, 3, 4].map((seed) => tf.tensor(random(seed, [length]).values));
    const moments = tf.square(second);
    const next = way.adamW(weight, gradient, first, moments, { ...step, gradientScale: 0.5, step: 3 });
    const parts = [next.weight, next.first, next.second, way.globalNorm([gradient, weight])];
    const numbers = await Promise.all(parts.map((part) => part.data()));
    tf.dispose([weight, gradient, first, second, moments, ...parts]);
    return new Float32Array(numbers.flatMap((list) => [...list]));
  };
  for (const length of [1, 2, 3, 4, 5, 63, 1001]) {
    expect(distance(await run("wasm", length), await run("cpu", length))).toBeLessThan(1e-6);
  }
});
