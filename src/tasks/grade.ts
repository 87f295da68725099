import type { Problem } from "./task";

/** Whether the answer that was read from an episode, or null if there was none, is the problem's. */
export function gradeAnswer(answer: number | null, problem: Pick<Problem, "answer">): boolean {
  return answer === problem.answer;
}
