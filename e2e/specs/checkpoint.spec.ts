/** Checkpoints through the file dialogue: the right one is taken, any other is refused in a sentence and costs nothing. */
import { en } from "../../src/i18n/en";
import type { LabPage, NamedFile } from "../pages/lab-page";
import { expect, test } from "../pages/test";

type Files = Map<string, Buffer>;

const asFiles = (files: Files): NamedFile[] =>
  [...files].map(([name, buffer]) => ({ name, buffer, mimeType: "application/octet-stream" }));

function change(files: Files, name: string, edit: (content: Buffer) => Buffer): Files {
  const content = files.get(name);
  if (!content) throw new Error(`The checkpoint has no ${name}.`);
  return new Map(files).set(name, edit(Buffer.from(content)));
}

function replaceConfig(files: Files, pattern: RegExp, text: string): Files {
  return change(files, "config.json", (content) => Buffer.from(content.toString("utf8").replace(pattern, text)));
}

/** Each is wrong in one way; with a part of the sentence that says so. */
const broken: [what: string, make: (good: Files) => Files, sentence: RegExp][] = [
  [
    "cut off in the middle",
    (good) => change(good, "model.safetensors", (content) => content.subarray(0, content.length / 2)),
    /truncated/,
  ],
  [
    "of another shape",
    (good) => replaceConfig(good, /"intermediate_size": \d+/, '"intermediate_size": 48'),
    /has shape \[.*but config\.json asks for/,
  ],
  [
    "with NaN among its weights",
    (good) =>
      change(good, "model.safetensors", (content) => {
        content.writeFloatLE(Number.NaN, content.length - 4);
        return content;
      }),
    /holds NaN at index \d+; weights must be finite/,
  ],
  [
    "with someone else's JSON",
    (good) => change(good, "config.json", () => Buffer.from('{"name": "left-pad", "version": "1.3.0"}')),
    /model_type must be "llama" or "qwen2", but is missing/,
  ],
  [
    "without its config.json",
    (good) => new Map([...good].filter(([name]) => name !== "config.json")),
    /needs config\.json, which is not among/,
  ],
  [
    "that is a picture",
    (good) => change(good, "model.safetensors", () => Buffer.alloc(4096, 0x89)),
    /not a safetensors file/,
  ],
];

async function refuses(lab: LabPage, files: Files, sentence: RegExp): Promise<void> {
  await lab.loadCheckpoint(asFiles(files));
  await expect(lab.fault).toContainText(sentence);
  await expect(lab.fault).toContainText(en.fault.kept);
}

test("a broken checkpoint is refused in a sentence and the run's data are kept; a good one is taken", async ({
  lab,
}) => {
  await lab.open({ preset: "smoke", "evaluation.every": 0 });
  await lab.oneStep();
  const good = await lab.checkpoint();
  expect([...good.keys()].sort()).toEqual(["config.json", "model.safetensors", "tokenizer.json"]);
  const before = await lab.snapshot();
  for (const [what, make, sentence] of broken) {
    await test.step(what, () => refuses(lab, make(good), sentence));
  }
  const after = await lab.snapshot();
  expect(after).toEqual(before);
  expect(await lab.episodes({ step: 1 })).toHaveLength(8);
  await lab.oneStep();

  await lab.loadCheckpoint(asFiles(good));
  await expect.poll(async () => (await lab.snapshot()).info?.checkpoint).toContain("model.safetensors");
  expect(await lab.checkpoint()).toEqual(good);
});
