/** Adding one gradient to another. */
import { elements, gridFor, type Kernel, perThing } from "./kernel";
import type { Recorder } from "./recorder";
import { type PlanTensor, settled, sizeIndex } from "./tensor";

function kernel(divisible: boolean): Kernel {
  const { type, helpers } = elements(divisible);
  return perThing({
    name: "add",
    reads: { dy: type },
    writes: { dx: type },
    constants: { rows: "u32", columns: "u32" },
    count: "size(constants.rows) * constants.columns",
    helpers,
    body: `  dx[i] += dy[i];`,
  });
}

/** Adds `dy` to the gradient of `x`; without a step where nothing stands there yet. */
export function addTo(plan: Recorder, x: PlanTensor, dy: PlanTensor): void {
  if (!plan.hasGradient(x)) {
    plan.passGradient(x, dy);
    return;
  }
  const { columns } = settled(dy);
  const { width } = elements(columns % 4 === 0);
  const inRow = columns / width;
  plan.dispatch(
    kernel(width === 4),
    { dy, dx: plan.gradient(x).dx },
    { rows: sizeIndex(dy), columns: inRow },
    (sizes) => gridFor(plan.countOf(dy, sizes) * inRow),
  );
}
