import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type { ProblemRecord } from "../core/episode";
import {
  askOutside,
  type OutsideModel,
  outsideAnswer,
  type OutsideReply,
  outsidePrompt,
  scoreOutside,
} from "./outside-model";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

interface Asked {
  path: string;
  key: string;
  body: { model: string; temperature: number; top_p: number; messages: { role: string; content: string }[] };
}

/** A real endpoint on this machine; `respond` is told what was asked, and how often. */
async function endpoint(
  respond: (asked: Asked, count: number, response: ServerResponse) => void,
): Promise<OutsideModel> {
  let count = 0;
  const read = async (request: IncomingMessage): Promise<Asked> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Asked["body"];
    return { path: request.url ?? "", key: request.headers.authorization ?? "", body };
  };
  server = createServer((request, response) => {
    void read(request).then((asked) => respond(asked, ++count, response));
  });
  const address = await new Promise<ReturnType<Server["address"]>>((resolve) => {
    server?.listen(0, "127.0.0.1", () => resolve(server?.address() ?? null));
  });
  const port = typeof address === "object" ? address?.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}/v1/`,
    model: "big",
    key: "secret",
    temperature: 1,
    topP: 0.7,
    timeoutSeconds: 5,
  };
}

const say = (response: ServerResponse, content: string | null): void => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ choices: [{ message: { role: "assistant", content } }] }));
};

const status = (response: ServerResponse, code: number, headers: Record<string, string> = {}): void => {
  response.writeHead(code, headers);
  response.end("<html>no</html>");
};

const { signal } = new AbortController();

const problem = (id: string, answer: number): ProblemRecord => ({
  id,
  family: "gcd",
  kind: "number-theory",
  level: 1,
  question: `Say ${answer}.`,
  answer,
});

const setting = { step: 0, set: "MiniAIME-24", title: "MiniAIME-24", seed: 0, temperature: 1, topP: 0.7 } as const;

test("asks as OpenAI's chat completions are asked, with the paper's prompt, and reads the answer", async () => {
  const seen: Asked[] = [];
  const outside = await endpoint((asked, _count, response) => {
    seen.push(asked);
    say(response, "Well.\n<answer>\n\\boxed{042}\n</answer>");
  });
  const text = await askOutside(outside, "What is 6 times 7?", signal);
  expect(outsideAnswer(text)).toBe(42);
  expect(seen).toEqual([
    {
      path: "/v1/chat/completions",
      key: "Bearer secret",
      body: {
        model: "big",
        temperature: 1,
        top_p: 0.7,
        messages: [{ role: "user", content: outsidePrompt("What is 6 times 7?") }],
      },
    },
  ]);
  expect(outsidePrompt("What is 6 times 7?")).toContain("*user question:*\nWhat is 6 times 7?");
});

test.each([
  ["So it is \\boxed{7}, no, \\boxed{8}.", 8],
  ["\\boxed{1} <answer>\\boxed{2}</answer> \\boxed{3}", 2],
  ["<answer>\\boxed{x}</answer>", null],
  ["", null],
])("reads %j as %j", (text, answer) => {
  expect(outsideAnswer(text)).toBe(answer);
});

test("asks again where the endpoint says that it will pass", async () => {
  const outside = await endpoint((_asked, count, response) => {
    if (count === 1) status(response, 500, { "retry-after": "0" });
    else if (count === 2) status(response, 429, { "retry-after": "0" });
    else say(response, "\\boxed{5}");
  });
  expect(outsideAnswer(await askOutside(outside, "?", signal))).toBe(5);
});

test("asks once more where a connection is lost on the way", async () => {
  const outside = await endpoint((_asked, count, response) => {
    if (count === 1) response.destroy();
    else say(response, "\\boxed{6}");
  });
  expect(outsideAnswer(await askOutside(outside, "?", signal))).toBe(6);
});

describe("says what is wrong", () => {
  test.each<[string, (response: ServerResponse) => void, string]>([
    ["a key that is refused", (response) => status(response, 401), "does not accept the key (401)"],
    ["a model that is not there", (response) => status(response, 404), 'knows no model "big" (404)'],
    [
      "being asked too often for ever",
      (response) => status(response, 429, { "retry-after": "0" }),
      "asked too often (429)",
    ],
    ["another status", (response) => status(response, 418), "answered with status 418"],
    ["HTML in place of JSON", (response) => response.end("<html>hello</html>"), "not as OpenAI's chat completions do"],
    ["JSON of another form", (response) => response.end('{"choices": []}'), "not as OpenAI's chat completions do"],
  ])("%s", async (_name, respond, message) => {
    const outside = await endpoint((_asked, _count, response) => respond(response));
    await expect(askOutside(outside, "?", signal)).rejects.toThrow(message);
  });

  test("an endpoint that hangs, and one that is not there", async () => {
    const hanging = await endpoint(() => undefined);
    await expect(askOutside({ ...hanging, timeoutSeconds: 0.05 }, "?", signal)).rejects.toThrow(
      "did not answer within 0.05 s",
    );
    const gone = { ...hanging, endpoint: "http://127.0.0.1:9/v1" };
    await expect(askOutside(gone, "?", signal)).rejects.toThrow("http://127.0.0.1:9/v1 cannot be reached.");
  });

  test("an endpoint that begins an answer and never ends it", async () => {
    let begun: () => void = () => undefined;
    const stuck = await endpoint((_asked, _count, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"choices": [', () => begun());
    });
    let answers = 0;
    begun = () => void answers++;
    await expect(askOutside({ ...stuck, timeoutSeconds: 1 }, "?", signal)).rejects.toThrow("did not answer within 1 s");
    expect(answers).toBe(2); // it is asked once more, and both had begun when they were given up
    const stop = new AbortController();
    const answering = new Promise<void>((resolve) => (begun = resolve));
    const asked = askOutside(stuck, "?", stop.signal);
    await answering;
    stop.abort(new Error("stopped by hand"));
    await expect(asked).rejects.toThrow("stopped by hand");
  });

  test("an answer without content is a wrong answer, not an error", async () => {
    const outside = await endpoint((_asked, _count, response) => say(response, null));
    expect(outsideAnswer(await askOutside(outside, "?", signal))).toBeNull();
  });
});

describe("a score", () => {
  const request = (samples: number) => ({
    problems: [problem("a", 3), problem("b", 4)],
    samples,
    atOnce: 2,
    setting,
    signal,
    onAnswer: () => undefined,
  });

  test("is the share of right samples, problem by problem", async () => {
    const outside = await endpoint((asked, _count, response) => {
      say(response, asked.body.messages[0].content.includes("Say 3.") ? "\\boxed{3}" : "\\boxed{3}, I think");
    });
    const replies: OutsideReply[] = [];
    const { report, fault } = await scoreOutside(outside, { ...request(4), onReply: (one) => replies.push(one) });
    expect(fault).toBeNull();
    expect(replies.filter(({ correct }) => correct)).toHaveLength(4);
    expect(replies).toContainEqual({ problem: "b", text: "\\boxed{3}, I think", answer: 3, correct: false });
    expect(report?.all.accuracy.mean).toBe(0.5);
    expect(report?.problems.map(({ id, samples, right, byCode }) => [id, samples, right, byCode])).toEqual([
      ["a", 4, 4, 0],
      ["b", 4, 0, 0],
    ]);
  });

  test("keeps what was answered when the endpoint fails on the way", async () => {
    const outside = await endpoint((asked, _count, response) => {
      if (asked.body.messages[0].content.includes("Say 3.")) say(response, "\\boxed{3}");
      else status(response, 401);
    });
    const { report, fault } = await scoreOutside(outside, { ...request(2), atOnce: 1 });
    expect(fault?.code).toBe("key");
    expect(report?.problems.map(({ id }) => id)).toEqual(["a"]);
  });
});
