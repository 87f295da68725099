/** What a snippet is for (paper, section 4.2): the paper asked a language model, the lab goes by rules. */
export const codePurposes = [
  "calculation",
  "verification",
  "search",
  "simulation",
  "geometry",
  "algebra",
  "other",
] as const;

export type CodePurpose = (typeof codePurposes)[number];

/** No snippet of any purpose: where counts begin. */
export const noPurposes: Readonly<Record<CodePurpose, number>> = {
  calculation: 0,
  verification: 0,
  search: 0,
  simulation: 0,
  geometry: 0,
  algebra: 0,
  other: 0,
};
