/**
 * Embedding: y[i] = table[ids[i]].
 *
 * table [v, d], ids [n]; y [n, d]. The gradient adds dy[i] to row ids[i]: written as the product of a one-hot matrix
 * and dy, so that no two threads ever add to one number in an order that differs between runs.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import { elements, gridFor, perThing } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, settled, sizeIndex } from "../plan/tensor";

export function embed(table: tf.Tensor, ids: tf.Tensor): tf.Tensor {
  const [v] = table.shape;
  return withGradient(
    [table],
    () => ({ value: tf.gather(table, tf.cast(ids, "int32")), saved: [ids] }),
    (dy, [ids]) => [tf.matMul(oneHot(ids, v), dy, true, false)],
  );
}

/** [n, v]: 1 at the index of each row. */
export function oneHot(indices: tf.Tensor, v: number): tf.Tensor {
  return tf.cast(tf.oneHot(tf.cast(indices, "int32"), v), "float32");
}

// On a plan.

const gather = (divisible: boolean) => {
  const { type, helpers } = elements(divisible);
  return perThing({
    name: "embed",
    reads: { table: type, ids: "u32" },
    writes: { y: type },
    constants: { rows: "u32", columns: "u32" },
    count: "size(constants.rows) * constants.columns",
    helpers,
    body: `  y[i] = table[ids[i / constants.columns] * constants.columns + i % constants.columns];`,
  });
};

/** One thread adds up what flows back to one number of the table, in the tokens' order. */
const scatter = (divisible: boolean) => {
  const { type, helpers } = elements(divisible);
  return perThing({
    name: "embed, backward",
    reads: { dy: type, order: "u32", starts: "u32" },
    writes: { dtable: type },
    constants: { entries: "u32", columns: "u32" },
    count: "constants.entries * constants.columns",
    helpers,
    body: `  let entry = i / constants.columns;
  let column = i % constants.columns;
  var sum = dtable[i];
  for (var at = starts[entry]; at < starts[entry + 1u]; at++) {
    sum += dy[order[at] * constants.columns + column];
  }
  dtable[i] = sum;`,
  });
};

/** Writes where each id's tokens begin among all tokens sorted by id, and after the last id's: [v + 1]. */
function findStarts(starts: Int32Array, ids: Int32Array): void {
  starts.fill(0);
  for (let token = 0; token < ids.length; token++) starts[ids[token] + 1]++;
  for (let entry = 1; entry < starts.length; entry++) starts[entry] += starts[entry - 1];
}

/** Writes the tokens sorted by id, the order within an id kept: [ids]. */
function sortTokens(order: Int32Array, ids: Int32Array, starts: Int32Array): void {
  const next = starts.slice();
  for (let token = 0; token < ids.length; token++) order[next[ids[token]]++] = token;
}

export function recordEmbed(plan: Recorder, table: PlanTensor, ids: PlanTensor): PlanTensor {
  const { columns, rows: v } = settled(table);
  if (typeof v !== "number") throw new Error("A table has a fixed number of rows.");
  const { width } = elements(columns % 4 === 0);
  const inRow = columns / width;
  const y = plan.make("embedded", ids.rows, columns);
  const rows = sizeIndex(ids);
  const bindings = { table, ids, y };
  plan.dispatch(gather(width === 4), bindings, { rows, columns: inRow }, (sizes) =>
    gridFor(plan.countOf(ids, sizes) * inRow),
  );
  plan.onBackward(y, (dy) => {
    const name = plan.nameOf(ids);
    const starts = plan.derive(`${name}, starts`, v + 1, (to, input) => findStarts(to, input(name)));
    const order = plan.derive(`${name}, sorted`, ids.rows, (to, input) =>
      sortTokens(to, input(name), input(`${name}, starts`)),
    );
    const { dx: dtable } = plan.gradient(table);
    const constants = { entries: v, columns: inRow };
    plan.dispatch(scatter(width === 4), { dy, order, starts, dtable }, constants, () => gridFor(v * inRow));
  });
  return y;
}
