/**
 * An outside model to compare with, as the paper does with o1-preview (table 1): any endpoint that speaks OpenAI's chat
 * completions. It is asked in text, without the lab's sandbox, and its answers are read as the policy's are.
 * The problems leave the machine; the key is kept in memory alone.
 */
import { reportEvaluation, type Answered } from "../analysis/evaluation-report";
import type { ProblemRecord } from "../core/episode";
import type { EvaluationReport, EvaluationSetting } from "../core/evaluation";
import { type Fault, FaultError } from "../core/result";
import { benchmarks } from "../tasks/benchmarks";
import { boxedAnswer } from "../text/grammar";
import { closedFault } from "./faults";
import { z } from "zod";

export interface OutsideModel {
  /** Up to and with the version: "https://host/v1". */
  endpoint: string;
  model: string;
  /** Null where the endpoint asks for none. */
  key: string | null;
  temperature: number;
  topP: number;
  /** A request that takes longer is given up. */
  timeoutSeconds: number;
}

/** The paper's protocol without its tool (method, section 2). */
export function outsidePrompt(question: string): string {
  return [
    "Solve the following problem step by step.",
    "The last part of your response should be in the following format:",
    "<answer>\n\\boxed{'The final answer goes here.'}\n</answer>",
    `*user question:*\n${question}`,
    "Remember to place the final answer in the last part using the format:",
    "<answer>\n\\boxed{'The final answer goes here.'}\n</answer>",
  ].join("\n\n");
}

/** The answer in an outside model's words: its last box, in answers' tags where there are any; null for no whole number. */
export function outsideAnswer(text: string): number | null {
  const tagged = [...text.matchAll(/<answer>([^]*?)<\/answer>/g)].map(([, content]) => content);
  return boxedAnswer(tagged.length > 0 ? tagged.join("\n") : text);
}

const completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
});

/** Attempts at one request, and how long the first wait between two is. */
const attempts = 5;
const firstWaitSeconds = 1;
const longestWaitSeconds = 60;

function refuse(code: string, message: string, hint: string): never {
  throw new FaultError({ at: "network", code, message, hint });
}

/** What the endpoint's refusal means, in words. */
function refusal({ endpoint, model }: OutsideModel, status: number): never {
  if (status === 401 || status === 403)
    return refuse("key", `${endpoint} does not accept the key (${status}).`, "Give a key that may use this model.");
  if (status === 404)
    return refuse(
      "model",
      `${endpoint} knows no model "${model}" (404).`,
      "Check the model's name, and that the endpoint ends with its version, such as /v1.",
    );
  if (status === 429)
    return refuse(
      "busy",
      `${endpoint} still says that it is asked too often (429).`,
      "Wait, or ask for fewer samples; what was answered is kept.",
    );
  return refuse(
    "refused",
    `${endpoint} answered with status ${status}.`,
    "Look at the endpoint's own log; what was answered is kept.",
  );
}

const isPassing = (status: number): boolean => status === 429 || status >= 500;

/** Waits, and ends early where `signal` says so. */
function wait(seconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error("stopped"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, 1000 * seconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** What an endpoint said. */
interface Reply {
  ok: boolean;
  status: number;
  /** Seconds that it asks to be left alone for; null where it does not say. */
  retryAfter: number | null;
  /** Null where it is no JSON. */
  body: unknown;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** One request, to the end of its answer. Throws a FaultError where that does not come, and the signal's reason. */
async function post(outside: OutsideModel, question: string, signal: AbortSignal): Promise<Reply> {
  const { endpoint, model, key, temperature, topP, timeoutSeconds } = outside;
  try {
    const response = await fetch(`${endpoint.replace(/\/+$/, "")}/chat/completions`, {
      method: "POST",
      signal: AbortSignal.any([signal, AbortSignal.timeout(1000 * timeoutSeconds)]),
      headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
      body: JSON.stringify({
        model,
        messages: [{ role: "user", content: outsidePrompt(question) }],
        temperature,
        top_p: topP,
      }),
    });
    const told = response.headers.get("retry-after");
    const text = await response.text();
    return {
      ok: response.ok,
      status: response.status,
      retryAfter: told === null ? null : Number(told),
      body: jsonOrNull(text),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === "TimeoutError")
      return refuse(
        "timeout",
        `${endpoint} did not answer within ${timeoutSeconds} s.`,
        "Try again later, or allow more seconds; what was answered is kept.",
      );
    return refuse(
      "unreachable",
      `${endpoint} cannot be reached.`,
      "Check the address and the network; what was answered is kept.",
    );
  }
}

/** One request, and one more where nothing came back: of hundreds one may be lost on the way. */
async function postTwice(outside: OutsideModel, question: string, signal: AbortSignal): Promise<Reply> {
  try {
    return await post(outside, question, signal);
  } catch {
    signal.throwIfAborted();
    await wait(firstWaitSeconds, signal);
    return post(outside, question, signal);
  }
}

/** Asks once, and again where the endpoint says that it will pass. Throws a FaultError that says what is wrong. */
export async function askOutside(outside: OutsideModel, question: string, signal: AbortSignal): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const { ok, status, retryAfter, body } = await postTwice(outside, question, signal);
    if (isPassing(status) && attempt < attempts) {
      const told = retryAfter !== null && retryAfter >= 0 ? retryAfter : firstWaitSeconds * 2 ** (attempt - 1);
      await wait(Math.min(longestWaitSeconds, told), signal);
      continue;
    }
    if (!ok) return refusal(outside, status);
    const parsed = completion.safeParse(body);
    if (!parsed.success)
      return refuse(
        "form",
        `${outside.endpoint} answered, but not as OpenAI's chat completions do.`,
        "Check that the endpoint is the one for chat completions.",
      );
    return parsed.data.choices[0].message.content ?? "";
  }
}

export interface OutsideScore {
  /** Of what was answered; null where nothing was. */
  report: EvaluationReport | null;
  /** What ended it early; null where all was asked. */
  fault: Fault | null;
}

/** What an outside model said of a problem, and what was read of it. */
export interface OutsideReply {
  problem: string;
  text: string;
  answer: number | null;
  correct: boolean;
}

export interface OutsideRequest {
  problems: readonly ProblemRecord[];
  samples: number;
  /** Requests under way at once. */
  atOnce: number;
  setting: EvaluationSetting;
  signal: AbortSignal;
  onAnswer: (done: number, total: number) => void;
  /** Told of each answer as it was given. */
  onReply?: (reply: OutsideReply) => void;
}

/**
 * Asks each problem `samples` times and scores what comes. Whatever ends it, what was answered is scored: the problems
 * that have all their samples.
 */
export async function scoreOutside(outside: OutsideModel, request: OutsideRequest): Promise<OutsideScore> {
  const { problems, samples, atOnce, setting, signal, onAnswer, onReply } = request;
  const asked = problems.flatMap((problem) => Array.from({ length: samples }, () => problem));
  const answered: Answered[] = [];
  let next = 0;
  const faults: FaultError[] = [];
  const work = async (): Promise<void> => {
    while (next < asked.length && faults.length === 0) {
      const problem = asked[next++];
      const text = await askOutside(outside, problem.question, signal);
      const answer = outsideAnswer(text);
      const correct = answer === problem.answer;
      answered.push({ problem, correct, correctByCode: false, turns: [] });
      onReply?.({ problem: problem.id, text, answer, correct });
      onAnswer(answered.length, asked.length);
    }
  };
  await Promise.all(
    Array.from({ length: atOnce }, () =>
      work().catch((error: unknown) => {
        if (!(error instanceof FaultError)) throw error;
        faults.push(error);
      }),
    ),
  );
  const whole = problems.filter(({ id }) => answered.filter(({ problem }) => problem.id === id).length === samples);
  const kept = whole.flatMap(({ id }) => answered.filter(({ problem }) => problem.id === id));
  return { report: kept.length > 0 ? reportEvaluation(setting, kept) : null, fault: faults.at(0)?.fault ?? null };
}

/** Questions under way at once. */
const interviewAtOnce = 4;

/** Asks an outside model MiniAIME-24's problems; one such interview at a time, which may be stopped. */
export class OutsideInterview {
  #asking: AbortController | null = null;

  /** @param onAnswer how many of how many answers are there */
  score(outside: OutsideModel, samples: number, onAnswer: OutsideRequest["onAnswer"]): Promise<OutsideScore> {
    this.stop();
    const { signal } = (this.#asking = new AbortController());
    const { temperature, topP, model: title } = outside;
    const setting = { step: 0, set: "MiniAIME-24", title, seed: 0, temperature, topP } as const;
    const problems = benchmarks["MiniAIME-24"];
    return scoreOutside(outside, { samples, atOnce: interviewAtOnce, setting, signal, onAnswer, problems });
  }

  stop(): void {
    this.#asking?.abort(new FaultError(closedFault));
  }
}
