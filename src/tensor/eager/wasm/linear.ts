/** Linear layers out of products on the wasm memory. The mathematics is in ops/linear. */
import * as tf from "@tensorflow/tfjs";
import type { Linear } from "../../ops";
import { linear as compose, type Products } from "../../ops/linear";
import { heap } from "./heap";

/** A matrix, or its transpose. */
interface Factor {
  matrix: tf.Tensor;
  transposed: boolean;
}

const plain = (matrix: tf.Tensor): Factor => ({ matrix, transposed: false });
const transposed = (matrix: tf.Tensor): Factor => ({ matrix, transposed: true });

/** a b, plus `start` [m, n] or [n] where one is given: [m, n]. */
function multiply(a: Factor, b: Factor, start?: tf.Tensor): tf.Tensor {
  const { kernels, scratch, make, address } = heap();
  const [m, k] = shapeOf(a);
  const [, n] = shapeOf(b);
  const c = make([m, n]);
  const from = start ? address(start) : 0;
  const fromRow = start?.rank === 1 ? 0 : 4 * n;
  kernels.product(m, n, k, ...placeOf(a), ...placeOf(b), from, fromRow, address(c), 4 * n, scratch);
  return c;
}

function shapeOf({ matrix, transposed }: Factor): [rows: number, columns: number] {
  const [rows, columns] = matrix.shape;
  return transposed ? [columns, rows] : [rows, columns];
}

/** Its address, and the bytes from a row to the next and from a column to the next. */
function placeOf({ matrix, transposed }: Factor): [address: number, row: number, column: number] {
  const line = 4 * (matrix.shape[1] ?? 1);
  const at = heap().address(matrix);
  return transposed ? [at, 4, line] : [at, line, 4];
}

const products: Products = {
  forward: (x, { weight, bias }, residual) => {
    const start = bias && residual ? tf.add(bias, residual) : (bias ?? residual);
    return multiply(plain(x), transposed(weight), start);
  },
  plain: (a, b) => multiply(plain(a), plain(b)),
  transposed: (a, b) => multiply(transposed(a), plain(b)),
};

export function linear(x: tf.Tensor, weights: Linear<tf.Tensor>, residual?: tf.Tensor): tf.Tensor {
  return compose(x, weights, residual, products);
}
