/**
 * Selection: the same rows of several matrices, y[i] = x[indices[i]] for each.
 *
 * x [n, d], indices [m]; y [m, d]. Row j of dx is dy[i] where indices[i] = j, and zero where j was not selected. An
 * index may repeat as padding, if nothing flows back from its repetitions.
 */
import * as tf from "@tensorflow/tfjs";
import { withGradient } from "../eager/gradient";
import { elements, gridFor, type Kernel, perThing, repeat } from "../plan/kernel";
import type { Recorder } from "../plan/recorder";
import { type PlanTensor, settled, sizeIndex } from "../plan/tensor";
import { oneHot } from "./embed";

export function select(parts: tf.Tensor[], indices: tf.Tensor): tf.Tensor[] {
  return parts.map((x) =>
    withGradient(
      [x],
      () => ({ value: tf.gather(x, tf.cast(indices, "int32")), saved: [indices] }),
      (dy, [indices]) => [tf.matMul(oneHot(indices, x.shape[0]), dy, true, false)],
    ),
  );
}

// On a plan all parts are one step: a thread takes one element of one part, as if the parts stood side by side.

const columnConstants = (parts: number): Kernel["constants"] =>
  Object.fromEntries(Array.from({ length: parts }, (_, part) => [`columns${part}`, "u32" as const]));

/** Finds the element's row, and its part and column; `line` says what becomes of it. */
function eachElement(parts: number, line: (part: number) => string): string {
  const total = Array.from({ length: parts }, (_, part) => `constants.columns${part}`).join(" + ");
  return `  let row = i / (${total});
  var column = i % (${total});
${repeat(
  parts,
  (part) => `  if (column < constants.columns${part}) {
    let at = row * constants.columns${part} + column;
    ${line(part)}
    return;
  }
  column -= constants.columns${part};`,
)}`;
}

const countOf = (parts: number): string =>
  `size(constants.rows) * (${Array.from({ length: parts }, (_, part) => `constants.columns${part}`).join(" + ")})`;

/** The same type of binding for each part, by `name` and number. */
function perPart<T>(parts: number, name: string, what: (part: number) => T): Record<string, T> {
  return Object.fromEntries(Array.from({ length: parts }, (_, part) => [`${name}${part}`, what(part)]));
}

function gather(divisible: boolean, parts: number): Kernel {
  const { type } = elements(divisible);
  return perThing({
    name: `select of ${parts}`,
    reads: { ...perPart(parts, "x", () => type), indices: "u32" },
    writes: perPart(parts, "y", () => type),
    constants: { rows: "u32", ...columnConstants(parts) },
    count: countOf(parts),
    body: eachElement(parts, (part) => `y${part}[at] = x${part}[indices[row] * constants.columns${part} + column];`),
  });
}

/** The gradient is a gather too: `inverse` holds for each row of x the place that selected it, plus 1, or 0. */
function gatherBack(divisible: boolean, parts: number): Kernel {
  const { type, helpers } = elements(divisible);
  return perThing({
    name: `select of ${parts}, backward`,
    reads: { ...perPart(parts, "dy", () => type), inverse: "u32" },
    writes: perPart(parts, "dx", () => type),
    constants: { rows: "u32", ...columnConstants(parts), ...perPart(parts, "adds", () => "u32" as const) },
    count: countOf(parts),
    helpers,
    body: eachElement(
      parts,
      (part) => `var value = Element();
    if (inverse[row] > 0u) { value = dy${part}[(inverse[row] - 1u) * constants.columns${part} + column]; }
    if (constants.adds${part} == 1u) { value += dx${part}[at]; }
    dx${part}[at] = value;`,
    ),
  });
}

/** Writes for each row the place that selected it, plus 1; 0 where none did. The first of several counts. */
function invert(inverse: Int32Array, indices: Int32Array): void {
  inverse.fill(0);
  for (let place = indices.length - 1; place >= 0; place--) inverse[indices[place]] = place + 1;
}

export function recordSelect(plan: Recorder, xs: PlanTensor[], indices: PlanTensor): PlanTensor[] {
  const parts = xs.length;
  const { width } = elements(xs.every((x) => settled(x).columns % 4 === 0));
  const widths = xs.map(({ columns }) => columns / width);
  const inRow = widths.reduce((sum, columns) => sum + columns, 0);
  const columns = perPart(parts, "columns", (part) => widths[part]);
  const ys = xs.map((x) => plan.make("selected", indices.rows, x.columns));
  const bindings = { ...perPart(parts, "x", (part) => xs[part]), indices, ...perPart(parts, "y", (part) => ys[part]) };
  plan.dispatch(gather(width === 4, parts), bindings, { rows: sizeIndex(indices), ...columns }, (sizes) =>
    gridFor(plan.countOf(indices, sizes) * inRow),
  );
  plan.onBackwardOf(ys, (dys) => {
    const name = plan.nameOf(indices);
    const { rows } = xs[0];
    if (typeof rows === "number") throw new Error("Rows are selected from what differs from run to run.");
    const inverse = plan.derive(`${name}, inverted`, rows, (to, input) => invert(to, input(name)));
    const gradients = xs.map((x) => plan.gradient(x));
    const back: Record<string, PlanTensor> = { inverse, ...perPart(parts, "dx", (part) => gradients[part].dx) };
    dys.forEach((dy, part) => {
      if (!dy) throw new Error("A gradient reaches all that is selected, or nothing of it.");
      back[`dy${part}`] = dy;
    });
    const adds = perPart(parts, "adds", (part) => gradients[part].adds);
    plan.dispatch(gatherBack(width === 4, parts), back, { rows: sizeIndex(xs[0]), ...columns, ...adds }, (sizes) =>
      gridFor(sizes[rows] * inRow),
    );
  });
  return ys;
}
