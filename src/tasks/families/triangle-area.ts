import { byLevel, defineFamily } from "../define-family";
import { signed } from "../worked";

/** Three corners as x, y, x, y, x, y. */
type Corners = readonly [number, number, number, number, number, number];

const sides = ([x1, y1, x2, y2, x3, y3]: Corners) => ({ a: x2 - x1, b: y2 - y1, c: x3 - x1, d: y3 - y1 });

const cross = (corners: Corners): number => {
  const { a, b, c, d } = sides(corners);
  return a * d - b * c;
};

const points = ([x1, y1, x2, y2, x3, y3]: Corners): string => `(${x1},${y1}), (${x2},${y2}), (${x3},${y3})`;

/** Twice the area of a triangle, by the cross product of two sides. */
export const triangleArea = defineFamily<Corners>({
  name: "triangle-area",
  kind: "geometry",
  draw: (rng, level) => {
    const coordinate = () => rng.int(0, byLevel(level, 8, 14, 22));
    for (;;) {
      const corners: Corners = [coordinate(), coordinate(), coordinate(), coordinate(), coordinate(), coordinate()];
      if (cross(corners) !== 0) return corners;
    }
  },
  answer: (corners) => Math.abs(cross(corners)),
  seen: [
    (corners) => `Find twice the area of the triangle ${points(corners)}.`,
    (corners) => `A triangle has points ${points(corners)}. Find twice the area.`,
  ],
  told: [
    (corners) => `What is the area of the triangle with corners ${points(corners)}, times 2?`,
    (corners) => `Three points ${points(corners)} are joined to a triangle. How big is twice its area?`,
    (corners) => `Double the area of the triangle ${points(corners)}.`,
    (corners) => `The triangle ${points(corners)} has an area. Give it doubled.`,
    (corners) => `A region has corners ${points(corners)}. What is its area, doubled?`,
    (corners, { person }) => `${person} joins the points ${points(corners)}. Find twice the area of the region.`,
    (corners) => `Take the triangle with corners ${points(corners)}. Compute its area and multiply it by 2.`,
    (corners) => `How large is two times the area that the corners ${points(corners)} enclose?`,
    (corners) => `${points(corners)} are the corners of a triangle. What is double its area?`,
    (corners) => `Which number is twice the area of the triangle with the points ${points(corners)}?`,
    (corners, { person }) => `A field has the corners ${points(corners)}. ${person} wants its area, times 2.`,
    (corners) => `The lines between the points ${points(corners)} enclose an area. Multiply it by 2.`,
    (corners) => `Find the area of the region between ${points(corners)} and double the result.`,
    (corners) => `Compute: two times the area of the triangle ${points(corners)}.`,
  ],
  unseen: [(corners) => `The points ${points(corners)} enclose a region. Double its area.`],
  worked: (corners) => {
    const [x1, y1, x2, y2, x3, y3] = corners;
    const { a, b, c, d } = sides(corners);
    return [
      [
        `a=${x2}-${x1}=${a}`,
        `b=${y2}-${y1}=${b}`,
        `c=${x3}-${x1}=${c}`,
        `d=${y3}-${y1}=${d}`,
        `${a}*${signed(d)}=${a * d}`,
        `${b}*${signed(c)}=${b * c}`,
        `${a * d}-${signed(b * c)}=${cross(corners)}`,
        `so ${Math.abs(cross(corners))}`,
      ],
    ];
  },
  programs: ([x1, y1, x2, y2, x3, y3]) => [
    `print(abs((${x2}-${x1})*(${y3}-${y1})-(${y2}-${y1})*(${x3}-${x1})))`,
    `a=${x2}-${x1}\nb=${y2}-${y1}\nc=${x3}-${x1}\nd=${y3}-${y1}\nprint(abs(a*d-b*c))`,
  ],
});
