import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { corpus, plain } from "./corpus";
import golden from "./golden.json";
import type { Reading } from "./harness";
import type * as PageLoad from "./page-load";

const names = corpus.map(({ name }) => name);
let first: Reading[][];
let second: Reading[][];
const frames: HTMLIFrameElement[] = [];

beforeAll(async () => {
  first = await (await loadPage()).readCorpus();
  second = await (await loadPage()).readCorpus();
}, 900_000);
afterAll(() => frames.forEach((frame) => frame.remove()));

/** A new document, which loads every module anew. */
async function loadPage(): Promise<typeof PageLoad> {
  const frame = document.createElement("iframe");
  frames.push(frame);
  const url = new URL("./page-load.ts", import.meta.url).href;
  const loaded = new Promise<typeof PageLoad>((resolve) =>
    Object.assign(globalThis, { pageLoaded: (page: typeof PageLoad) => resolve(page) }),
  );
  frame.srcdoc = `<script type="module">parent.pageLoaded(await import(${JSON.stringify(url)}))</script>`;
  document.body.append(frame);
  return loaded;
}

test("the corpus is large, varied and has all endings", () => {
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(300);
  const endings = first[0].map(({ status }) => status);
  for (const status of ["ok", "error", "timeout", "memory", "output"] as const) expect(endings).toContain(status);
  expect(endings.filter((status) => status === "error").length).toBeGreaterThan(60);
});

describe("every byte is the same", () => {
  const named = (readings: Reading[]) => readings.map((reading, index) => ({ name: names[index], ...reading }));
  test("in two workers, after other snippets", () => expect(named(first[1])).toEqual(named(first[0])));
  test("in two page loads", () => expect(second.map(named)).toEqual(first.map(named)));
});

test("what needs neither address nor clock prints what plain CPython prints", () => {
  const printed = Object.fromEntries(plain.map(({ name }, index) => [name, first[0][index].stdout]));
  expect(Object.keys(golden).length).toBeGreaterThanOrEqual(60);
  expect(printed).toEqual(golden);
});
