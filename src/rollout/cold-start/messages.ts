/**
 * Traces as chat messages, in the layout of verl's multi-turn SFT sets and of the public ReTool-SFT: a question, then
 * the assistant's text with the snippet as a tool call, the interpreter's output as a message of the role `tool` (so
 * that it is not learned from), and so on to the answer. One JSON line each.
 */
import { z } from "zod";
import { interpreterTool, type Message } from "../../core/cold-start";
import { FaultError } from "../../core/result";
import { boxedAnswer, codeBlock, observationFrame, observationText, programIn } from "../../text/grammar";
import type { Trace, TracePiece } from "./trace";

const call = z.object({
  type: z.literal("function"),
  function: z.object({ name: z.literal(interpreterTool), arguments: z.object({ code: z.string() }) }),
});

const message = z.discriminatedUnion("role", [
  // The policy is given no system prompt: a public set's is passed over.
  z.object({ role: z.literal("system"), content: z.string() }),
  z.object({ role: z.literal("user"), content: z.string().min(1) }),
  z.object({
    role: z.literal("assistant"),
    content: z.string().default(""),
    // A list of several calls would run them side by side; here they follow one another.
    tool_calls: z.array(call).max(1).nullish(),
  }),
  z.object({ role: z.literal("tool"), content: z.string() }),
]);

const row = z.object({ messages: z.array(message) });

/** What a trace needs to be written down. */
type Told = { problem: { question: string }; pieces: readonly TracePiece[] };

const end = "<eos>";

/** The trace as messages. */
export function messagesOf({ problem, pieces }: Told): Message[] {
  const messages: Message[] = [{ role: "user", content: problem.question }];
  let said = "";
  for (const { text, source } of pieces) {
    if (source === "interpreter") {
      const output = text.slice(observationFrame.before.length, -observationFrame.after.length);
      messages.push({ role: "tool", content: output });
    } else if (text.startsWith("<code>")) {
      const code = programIn(text.slice("<code>".length, -"</code>".length));
      messages.push({
        role: "assistant",
        content: said,
        tool_calls: [{ type: "function", function: { name: interpreterTool, arguments: { code } } }],
      });
      said = "";
    } else said += text;
  }
  messages.push({ role: "assistant", content: said.endsWith(end) ? said.slice(0, -end.length) : said });
  return messages;
}

function refuse(line: number, what: string): never {
  throw new FaultError({
    at: "config",
    code: "traces",
    message: `Line ${line}: ${what}.`,
    hint: "Every line is a JSON object with messages: user, then assistant and tool by turns, the last with the answer; Save traces writes an example.",
  });
}

const roles = (messages: readonly Message[]): string => messages.map(({ role }) => role).join(", ");

/** The answer of the last message, or a refusal that says what is wrong with it. */
function answerIn(content: string, line: number): number {
  const tagged = /<answer>([^]*)<\/answer>\s*$/.exec(content)?.[1];
  if (tagged === undefined || !tagged.includes("\\boxed{"))
    return refuse(line, "the last message does not end with <answer>\\boxed{...}</answer>");
  return boxedAnswer(tagged) ?? refuse(line, `the answer, ${tagged.trim()}, is no whole number`);
}

/** The messages as a trace. `refuse` says what is wrong with them. */
function traceOf(messages: readonly Message[], line: number): Trace {
  const [question, ...turns] = messages;
  if (question?.role !== "user")
    return refuse(line, `the messages begin with ${roles(messages) || "nothing"}, not user`);
  const pieces: TracePiece[] = [];
  const programs: string[] = [];
  turns.forEach((turn, place) => {
    const isLast = place === turns.length - 1;
    const called = turn.role === "assistant" ? turn.tool_calls?.at(0)?.function.arguments.code : undefined;
    const expected = turns[place - 1]?.role === "assistant" ? "tool" : "assistant";
    if (turn.role !== expected || (turn.role === "assistant" && isLast === (called !== undefined)))
      refuse(
        line,
        `the roles are ${roles(messages)}; after the user's, snippet and tool follow by turns, and the answer ends it`,
      );
    if (turn.role === "tool") pieces.push({ text: observationText(turn.content), source: "interpreter" });
    else if (turn.content !== "") pieces.push({ text: isLast ? turn.content + end : turn.content, source: "policy" });
    if (called === undefined) return;
    pieces.push({ text: codeBlock(called), source: "policy" });
    programs.push(called);
  });
  const answer = answerIn(turns.at(-1)?.content ?? "", line);
  const style = programs.length === 0 ? "worked" : programs.length === 1 ? "oneBlock" : "twoBlocks";
  return { problem: { question: question.content, answer, family: "own" }, style, pieces, programs };
}

/** A trace of a file, and where it stands there, from 1 on. */
export interface FiledTrace {
  line: number;
  trace: Trace;
}

/** The traces of a file of JSON lines; blank lines are skipped. Throws a FaultError that names the line that is wrong. */
export function parseTraces(text: string): FiledTrace[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const traces = lines.flatMap((line, place) => {
    if (line.trim() === "") return [];
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      refuse(place + 1, "this is not JSON");
    }
    const parsed = row.safeParse(value);
    if (parsed.success) {
      const messages = parsed.data.messages.flatMap((one) => (one.role === "system" ? [] : [one]));
      return [{ line: place + 1, trace: traceOf(messages, place + 1) }];
    }
    const { path, message: what } = parsed.error.issues[0];
    return refuse(place + 1, `${path.join(".") || "it"}: ${what}`);
  });
  return traces.length > 0 ? traces : refuse(1, "there is no trace in this file");
}
