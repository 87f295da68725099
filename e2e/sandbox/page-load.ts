/** The corpus in a page of its own: a document, a module graph and assets that share nothing with the test's. */
import { corpus } from "./corpus";
import { Bench, Python, type Reading } from "./harness";

/** What every snippet reads in the first worker of this page, then in the second. */
export async function readCorpus(): Promise<Reading[][]> {
  const bench = await Bench.open();
  const workers = [new Python(bench), new Python(bench)];
  const limits = { fuel: 300_000, seconds: 60, outputCharacters: 1000 };
  const readings: Reading[][] = [[], []];
  for (const { code } of corpus) readings[0].push(await workers[0].run(code, limits));
  // The other way round, so that what came before a snippet differs too.
  for (const { code } of [...corpus].reverse()) readings[1].unshift(await workers[1].run(code, limits));
  await Promise.all([...workers, bench].map((each) => each.close()));
  return readings;
}
