/**
 * One episode while it is being written: which tokens stand, which are still to be fed to the policy, and whether
 * it writes, waits for its snippet, or has ended. Token ids in, token ids out: what was sampled is never
 * tokenised again (method, section 3, invariant 1).
 */
import { type EpisodeFlags, tokensAfterOutput, type Turn } from "../core/episode";
import { FaultError } from "../core/result";
import type { SnippetResult } from "../sandbox/sandbox";
import { observationFrame, outputText, programIn } from "../text/grammar";
import type { Tokenizer } from "../text/tokenizer";
import { closedCodeBlock, readAnswer } from "../text/transcript";

export interface EpisodeLimits {
  /** `off`: a closed code block is text like any other, and nothing is run. */
  tool: "on" | "off";
  /** Snippets that are run; the policy asking for one more ends the episode. */
  maxSnippets: number;
  /** Prompt and inserted tokens included. */
  maxTokens: number;
  /** Characters of output that the policy reads. */
  outputCharacters: number;
}

export interface LiveEpisode {
  readonly ids: number[];
  readonly mask: number[];
  readonly logprobs: number[];
  readonly policyLogprobs: number[];
  readonly promptLength: number;
  readonly turns: Turn[];
  readonly flags: EpisodeFlags;
  /** Sum of the sampling entropies. */
  entropySum: number;
  /** The same over the first tokens after each output, and how many those are. */
  readonly afterOutput: { tokens: number; entropySum: number };
  state: "writing" | "waiting" | "ended";
}

/** An episode of which only the prompt stands. Throws a FaultError if the prompt leaves no room to answer. */
export function openEpisode(prompt: readonly number[], limits: EpisodeLimits): LiveEpisode {
  if (prompt.length >= limits.maxTokens) {
    throw new FaultError({
      at: "config",
      code: "contradiction",
      message: `rollout.maxTokens is ${limits.maxTokens}, expected more than the ${prompt.length} tokens of a problem alone.`,
      hint: 'Raise rollout.maxTokens ("tokens an episode"); what was recorded is kept.',
    });
  }
  return {
    ids: [...prompt],
    mask: prompt.map(() => 0),
    logprobs: prompt.map(() => 0),
    policyLogprobs: prompt.map(() => 0),
    promptLength: prompt.length,
    turns: [],
    flags: { truncated: false, void: false, timeout: false, maxTurns: false, sandboxFailure: false },
    entropySum: 0,
    afterOutput: { tokens: 0, entropySum: 0 },
    state: "writing",
  };
}

function append(episode: LiveEpisode, id: number, mask: 0 | 1, logprob: number, policyLogprob: number): void {
  episode.ids.push(id);
  episode.mask.push(mask);
  episode.logprobs.push(logprob);
  episode.policyLogprobs.push(policyLogprob);
}

/** Ends the episode; a last turn with neither a complete code block nor an answer makes it void (SimpleTIR). */
function end(episode: LiveEpisode, tokenizer: Tokenizer): void {
  episode.state = "ended";
  const { maxTurns, sandboxFailure } = episode.flags;
  const last = episode.turns.at(-1);
  const endsInBlock = last !== undefined && !episode.mask.slice(last.observationSpan[0]).includes(1);
  const excused = endsInBlock || maxTurns || sandboxFailure;
  episode.flags.void = !excused && readAnswer(episode, tokenizer) === null;
}

/**
 * Appends a sampled token. Returns the program to run if the token closes a code block: the episode then waits
 * until `insertObservation`; otherwise null.
 */
export function acceptToken(
  episode: LiveEpisode,
  draw: { token: number; logprob: number; policyLogprob: number; entropy: number },
  limits: EpisodeLimits,
  tokenizer: Tokenizer,
): string | null {
  const last = episode.turns.at(-1);
  if (last && episode.ids.length < last.observationSpan[1] + tokensAfterOutput) {
    episode.afterOutput.tokens++;
    episode.afterOutput.entropySum += draw.entropy;
  }
  append(episode, draw.token, 1, draw.logprob, draw.policyLogprob);
  episode.entropySum += draw.entropy;
  if (draw.token === tokenizer.special["<eos>"]) {
    end(episode, tokenizer);
    return null;
  }
  if (draw.token === tokenizer.special["</code>"] && limits.tool === "on") {
    const block = closedCodeBlock(episode, tokenizer);
    if (block && episode.turns.length >= limits.maxSnippets) {
      episode.flags.maxTurns = true;
      end(episode, tokenizer);
      return null;
    }
    if (block) {
      episode.state = "waiting";
      return programIn(block.text);
    }
  }
  if (episode.ids.length >= limits.maxTokens) {
    episode.flags.truncated = true;
    end(episode, tokenizer);
  }
  return null;
}

/**
 * Appends a snippet's outcome as forced tokens (mask 0) and lets the episode go on. Only the observation is
 * tokenised. An observation that does not fit the token limit is cut there and ends the episode. A sandbox that
 * failed ends it too: that is not the policy's fault (invariant 6).
 */
export function insertObservation(
  episode: LiveEpisode,
  program: string,
  result: SnippetResult,
  limits: EpisodeLimits,
  tokenizer: Tokenizer,
): void {
  const codeSpan = closedCodeBlock(episode, tokenizer)?.span;
  if (episode.state !== "waiting" || !codeSpan) {
    throw new Error("an observation arrived for an episode that does not wait for one");
  }
  const start = episode.ids.length;
  const output = outputText(result, limits.outputCharacters);
  if (result.status === "crash") {
    episode.flags.sandboxFailure = true;
    end(episode, tokenizer);
  } else {
    if (result.status === "timeout") episode.flags.timeout = true;
    const inserted = [
      ...tokenizer.encode(observationFrame.before),
      ...tokenizer.encodeAsPlainText(output),
      ...tokenizer.encode(observationFrame.after),
    ];
    for (const id of inserted.slice(0, limits.maxTokens - start)) append(episode, id, 0, 0, 0);
    episode.state = "writing";
  }
  episode.turns.push({
    code: program,
    status: result.status,
    stdout: result.stdout,
    error: result.error,
    observation: observationFrame.before + output + observationFrame.after,
    milliseconds: result.milliseconds,
    codeSpan,
    observationSpan: [start, episode.ids.length],
  });
  if (episode.state === "writing" && episode.ids.length >= limits.maxTokens) {
    episode.flags.truncated = true;
    end(episode, tokenizer);
  }
}
