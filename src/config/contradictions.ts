/** Settings that are each in range and cannot stand together. */
import { headSize } from "../core/head-size";
import { type Fault, FaultError } from "../core/result";
import type { LabConfig } from "./schema";

export interface Contradiction {
  /** Of the settings that do not go together, as the schema names them. */
  keys: readonly string[];
  /** What is wrong, without the keys; and what to do. */
  why: string;
  remedy: string;
}

type Rule = (config: LabConfig) => Contradiction | null;

const shares = ["direct", "worked", "oneBlock", "twoBlocks", "rewritten"] as const;

const rules: readonly Rule[] = [
  ({ policy }) => {
    if (headSize(policy) !== null) return null;
    const { hidden, heads, kvHeads } = policy;
    return {
      keys: ["policy.hidden", "policy.heads", "policy.kvHeads"],
      why: `${hidden} features cannot be shared by ${heads} heads with ${kvHeads} key-value heads`,
      remedy: "Give each head the same even number of features, and let the key-value heads divide the heads.",
    };
  },
  ({ coldStart }) =>
    shares.some((share) => coldStart[share] > 0)
      ? null
      : {
          keys: shares.map((share) => `coldStart.${share}`),
          why: "every share of the cold start's traces is 0",
          remedy: "Set at least one of them above 0.",
        },
  ({ coldStart: { steps, epochs } }) =>
    steps > 0 || epochs > 0
      ? null
      : {
          keys: ["coldStart.steps", "coldStart.epochs"],
          why: "a cold start of 0 steps and 0 epochs learns nothing",
          remedy: "Set coldStart.epochs above 0, or coldStart.steps where no epochs are wanted.",
        },
];

/** What of a configuration cannot stand together; nothing where all does. */
export function contradictionsOf(config: LabConfig): Contradiction[] {
  return rules.flatMap((rule) => rule(config) ?? []);
}

/** "policy.hidden, policy.heads: 64 features cannot be shared by 3 heads" */
export function sayContradiction({ keys, why }: Contradiction): string {
  return `${keys.join(", ")}: ${why}`;
}

/** What is wrong with a configuration that cannot stand together; null where it can. */
export function contradictionFault(config: LabConfig): Fault | null {
  const [first] = contradictionsOf(config);
  if (!first) return null;
  return { at: "config", code: "contradiction", message: `${sayContradiction(first)}.`, hint: first.remedy };
}

/** Throws a FaultError that names the settings that cannot stand together. */
export function refuseContradictions(config: LabConfig): void {
  const fault = contradictionFault(config);
  if (fault) throw new FaultError(fault);
}
