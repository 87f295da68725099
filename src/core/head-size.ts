/**
 * Features of one attention head, where `hidden` of them can be shared: evenly, an even number each (RoPE turns pairs), and
 * with the same number of heads to each key-value head. Null where they cannot.
 */
export function headSize({
  hidden,
  heads,
  kvHeads,
}: {
  hidden: number;
  heads: number;
  kvHeads: number;
}): number | null {
  const size = hidden / heads;
  return Number.isInteger(size) && size % 2 === 0 && heads % kvHeads === 0 ? size : null;
}
