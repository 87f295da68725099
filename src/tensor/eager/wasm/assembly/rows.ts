/** Rows of a matrix by index. */
import { put, take } from "./vector";

/** Adds row i of dy [count, width] to row indices[i] of dx, in the order of i. */
export function addRows(count: usize, width: usize, dy: usize, indices: usize, dx: usize): void {
  for (let row: usize = 0; row < count; row++, indices += 4, dy += 4 * width) {
    const to = dx + 4 * width * load<usize>(indices);
    for (let i: usize = 0; i < width; i += 4) {
      put(to + 4 * i, width - i, f32x4.add(take(to + 4 * i, width - i), take(dy + 4 * i, width - i)));
    }
  }
}
