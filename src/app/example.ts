/** The episode on the page before the first start: one of the cold start's own traces, as its writer writes it. */
import type { Block } from "../ui/blocks";

export const example: { problem: string; question: string; blocks: Block[] } = {
  problem: "power-remainder/2/10517",
  question: "What is 6^10 mod 45?",
  blocks: [
    { kind: "text", text: "Let me compute." },
    { kind: "code", text: "print(pow(6,10,45))" },
    { kind: "interpreter", text: "36", status: "ok" },
    { kind: "answer", text: "36" },
  ],
};
