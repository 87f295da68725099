import { expect, test } from "vitest";
import type { EpisodeRecord } from "../core/episode";
import type { RolloutReport } from "./collector";
import { writeGroups } from "./dynamic-sampling";

/** Groups of two: those listed teach, the others are solved twice. */
function writer(teaching: number[]) {
  const calls: [number, number][] = [];
  const write = (first: number, groups: number): Promise<RolloutReport> => {
    calls.push([first, groups]);
    const numbers = Array.from({ length: groups }, (_, i) => first + i);
    const episodes = numbers.flatMap((group) =>
      [1, teaching.includes(group) ? -1 : 1].map((reward) => ({ group, reward }) as EpisodeRecord),
    );
    return Promise.resolve({ episodes, dropped: 1, decodedTokens: groups, promptTokens: 2 * groups });
  };
  return { calls, write };
}

test("M5: groups of equal rewards are made up for by fresh ones, until enough teach", async () => {
  const { calls, write } = writer([0, 2, 4]);
  const report = await writeGroups(3, 8, write);
  // Three, of which 0 and 2 teach; one more, 3, which does not; one more, 4, which does.
  expect(calls).toEqual([
    [0, 3],
    [3, 1],
    [4, 1],
  ]);
  expect(report.episodes).toHaveLength(10);
  expect(report).toMatchObject({ dropped: 3, decodedTokens: 5, promptTokens: 10 });
});

test("M5: or until the rounds are used up; without refills one round is all", async () => {
  const never = writer([]);
  expect((await writeGroups(2, 3, never.write)).episodes).toHaveLength(16);
  const off = writer([]);
  await writeGroups(2, 0, off.write);
  expect(off.calls).toEqual([[0, 2]]);
});
