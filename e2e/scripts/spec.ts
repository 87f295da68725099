/** `npm run spec`: lists the rules of src/learn/SPEC.md and the tests that carry their numbers; fails where one has none. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

interface RuleReport {
  rule: string;
  /** Titles of the tests that name it. */
  tests: string[];
}

/** Rules of a specification: "- **A1** ...". */
function rulesIn(specification: string): string[] {
  return [...specification.matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map(([, rule]) => rule);
}

/** Rules that a test's title begins with: "A1, A7: ...". */
export function titlesIn(source: string): { rules: string[]; title: string }[] {
  const titles = source.matchAll(/["'`]((?:[A-Z]\d+(?:, )?)+): ([^"'`\n]+)["'`]/g);
  return [...titles].map(([, rules, title]) => ({ rules: rules.split(", "), title }));
}

export function coverage(): RuleReport[] {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const tests = sources.filter((name) => name.endsWith(".test.ts"));
  const titles = tests.flatMap((file) => titlesIn(readFileSync(join(root, "src", file), "utf8")));
  return rulesIn(readFileSync(join(root, "src/learn/SPEC.md"), "utf8")).map((rule) => ({
    rule,
    tests: titles.filter(({ rules }) => rules.includes(rule)).map(({ title }) => title),
  }));
}

/** Returns the exit status. */
export function main(): number {
  const report = coverage();
  for (const { rule, tests } of report) console.log(`${rule.padEnd(4)} ${tests.join("; ") || "NO TEST"}`);
  const bare = report.filter(({ tests }) => tests.length === 0);
  console.log(`\n${report.length} rules, ${bare.length} without a test`);
  return bare.length === 0 ? 0 : 1;
}
