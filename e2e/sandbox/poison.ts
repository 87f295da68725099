/**
 * A poison changes what it can reach; the victim, in the same worker, must print what it prints in a new one. To add
 * one, add an entry: what is poisoned, with what, and a victim whose right output you know.
 */
import type { SnippetLimits } from "../../src/sandbox/sandbox";

export interface Poison {
  name: string;
  poison: string;
  victim: string;
  expected: string;
  limits?: Partial<SnippetLimits>;
}

export const entry = (
  name: string,
  poison: string,
  victim: string,
  expected: string,
  limits?: Poison["limits"],
): Poison => ({
  name,
  poison,
  victim,
  expected: `${expected}\n`,
  limits,
});
