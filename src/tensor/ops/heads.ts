/** Heads of attention in a kernel's registers. */
import { type ElementType, repeat } from "../plan/kernel";

/** A head as registers hold it: in fours where its halves are whole fours, else number by number. */
export interface HeadLayout {
  type: ElementType & ("vec4f" | "f32");
  /** Registers of a head. */
  count: number;
  /** Numbers in each. */
  width: number;
}

export function headLayout(headDim: number): HeadLayout {
  return headDim % 8 === 0
    ? { type: "vec4f", count: headDim / 4, width: 4 }
    : { type: "f32", count: headDim, width: 1 };
}

/** WGSL for the dot product of two heads, in registers `a0...` and `b0...` by those names. */
export function dotOf({ count, type }: HeadLayout, a: string, b: string): string {
  const term = (j: number): string => (type === "vec4f" ? `dot(${a}${j}, ${b}${j})` : `${a}${j} * ${b}${j}`);
  return Array.from({ length: count }, (_, j) => term(j)).join(" + ");
}

/** Reads a head into registers: `let name0 = of[start]`, and so on. */
export function loadHead({ count }: HeadLayout, name: string, of: string, start: string, factor = ""): string {
  return repeat(count, (j) => `let ${name}${j} = ${of}[${start} + ${j}u]${factor};`);
}
