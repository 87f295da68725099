/** The episode on the page before the first start: a trace in the form in which the cold start shows episodes. */
import type { Block } from "../ui/blocks";

export const example: { question: string; blocks: Block[]; answer: number } = {
  question: "Find the remainder when 6^10 is divided by 45.",
  blocks: [
    { kind: "text", text: "The power is large. Let me compute it." },
    { kind: "code", text: "print(pow(6, 10, 45))" },
    { kind: "interpreter", text: "36", status: "ok" },
    { kind: "text", text: "The program prints 36." },
  ],
  answer: 36,
};
