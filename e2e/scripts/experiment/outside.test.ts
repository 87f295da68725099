import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { outside, readOutsideArguments } from "./outside";

const read = (line: string, environment: Record<string, string> = {}) =>
  readOutsideArguments(line.split(" ").filter(Boolean), environment);

test("keeps every answer as it comes, and its own words, and never writes into a folder that holds something", async () => {
  const out = join(mkdtempSync(join(tmpdir(), "outside-")), "kept");
  let count = 0;
  const server = createServer((_request, response) => {
    // The thirty-first answer is none: the endpoint has gone.
    response.statusCode = ++count > 30 ? 401 : 200;
    response.end(JSON.stringify({ choices: [{ message: { content: "\\boxed{12}" } }] }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const line = ["--endpoint", `http://127.0.0.1:${port}/v1`, "--model", "big", "--out", out, "--samples", "1"];
  expect(await outside([...line, "--at-once", "1"])).toBe(1);
  const lines = (name: string) => readFileSync(join(out, name), "utf8").split("\n").filter(Boolean);
  expect(lines("answers.jsonl")).toHaveLength(30);
  expect(JSON.parse(lines("answers.jsonl")[0])).toMatchObject({ set: "MiniAIME-24", text: "\\boxed{12}", answer: 12 });
  expect(lines("evaluations.jsonl")).toHaveLength(1);
  expect(await outside(line)).toBe(2);
  expect(await outside([...line.slice(0, 5), join(out, "run.json")])).toBe(2);
  expect(count).toBe(31);
  server.close();
  rmSync(out, { recursive: true });
});

describe("the command line", () => {
  test("takes the key from the environment, and has small defaults", () => {
    const line = "--endpoint http://localhost:8000/v1 --model big --out x --key-from KEY --set MiniAIME-25";
    expect(read(line, { KEY: "secret" })).toEqual({
      outside: {
        endpoint: "http://localhost:8000/v1",
        model: "big",
        key: "secret",
        temperature: 1,
        topP: 0.7,
        timeoutSeconds: 120,
      },
      samples: 4,
      atOnce: 4,
      sets: ["MiniAIME-25"],
      out: "x",
    });
  });

  test.each([
    ["--model m --out x", "--endpoint is missing"],
    ["--endpoint host --model m --out x", '--endpoint has "host"'],
    ["--endpoint http://h:99999/v1 --model m --out x", '--endpoint has "http://h:99999/v1"'],
    ["--endpoint http://h --out x", "--model is missing"],
    ["--endpoint http://h --model m", "--out is missing"],
    ["--endpoint http://h --model m --out x --key-from KEY", "KEY, but that environment variable is empty"],
    ["--endpoint http://h --model m --out x --samples 0", '--samples has "0"'],
    ["--endpoint http://h --model m --out x --set AIME", '--set has "AIME"'],
    ["--endpoint http://h --model m --out x --key k", "--key is not a flag"],
  ])("refuses %s by name", (line, message) => {
    expect(() => read(line)).toThrow(message);
  });
});
