/** One episode as a reader sees it: the policy's text, its code, and the interpreter's words on hatched ground. */
import type { EpisodeRecord, Segment } from "../core/episode";
import { escapeMarkup } from "./format";

const tags = /<\/?(code|interpreter|answer)>/g;

function drawSegment(segment: Segment, episode: EpisodeRecord): string {
  const text = segment.text.replaceAll(tags, "").trim();
  if (text === "" && segment.kind !== "interpreter") return "";
  const shown = escapeMarkup(text === "" ? "(nothing was printed)" : text);
  switch (segment.kind) {
    case "question":
      return `<p><strong>Problem.</strong> ${shown}</p>`;
    case "text":
      return `<p>${shown}</p>`;
    case "code":
      return `<pre class="code" aria-label="Code">${shown}</pre>`;
    case "interpreter": {
      const status = segment.turn === undefined ? "ok" : episode.turns[segment.turn].status;
      const error = status === "ok" ? "" : " error";
      return `<pre class="interpreter${error}" aria-label="Interpreter">${shown}</pre>`;
    }
    case "answer":
      return "";
    default:
      segment.kind satisfies never;
      return "";
  }
}

/** The episode as an HTML block, under `title`. */
export function drawEpisode(title: string, episode: EpisodeRecord): string {
  const answer = episode.answer === null ? "no answer" : `answer ${episode.answer}`;
  const verdict = episode.correct
    ? `<span class="right">✓ ${answer}: right</span>, reward +1`
    : `<span class="wrong">✗ ${answer}: wrong, the answer is ${episode.problem.answer}</span>, reward −1`;
  return [
    `<h3>${escapeMarkup(title)}</h3>`,
    `<p class="soft">Episode ${escapeMarkup(episode.id)}: ${escapeMarkup(episode.problem.family)}, level ${episode.problem.level}</p>`,
    '<div class="episode">',
    ...episode.segments.map((segment) => drawSegment(segment, episode)),
    `<p class="verdict">${verdict}</p>`,
    "</div>",
  ].join("\n");
}
