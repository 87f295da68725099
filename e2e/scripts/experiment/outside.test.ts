import { describe, expect, test } from "vitest";
import { readOutsideArguments } from "./outside";

const read = (line: string, environment: Record<string, string> = {}) =>
  readOutsideArguments(line.split(" ").filter(Boolean), environment);

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
