/**
 * Continuous batching around a slow tool: a fixed number of rows decode side by side, each at its own position. A
 * row that closes a code block waits while its snippet runs and the others go on; when the output comes its
 * tokens are fed to the row's own KV cache (nothing is computed twice); a row whose episode ended takes the next.
 */
import { type EpisodeRecord, type ProblemRecord, policyTokens } from "../core/episode";
import type { StreamPiece } from "../core/events";
import { letMessagesIn } from "../core/pause";
import { keyAt } from "../core/rng";
import type { Decoder, DecoderSettings, Policy, Written } from "../policy/policy";
import type { Sandbox, SnippetLimits } from "../sandbox/sandbox";
import { promptText } from "../text/grammar";
import type { Tokenizer } from "../text/tokenizer";
import { segmentsOf } from "../text/transcript";
import { acceptToken, insertObservation, openEpisode, type EpisodeLimits, type LiveEpisode } from "./episode";
import { judge } from "./reward";

export interface RolloutLimits extends EpisodeLimits {
  snippet: SnippetLimits;
}

/** One episode to write: `problem` answered once, named by its place in the run. */
export interface Assignment {
  problem: ProblemRecord;
  group: number;
  sample: number;
}

export interface RolloutRequest {
  policy: Pick<Policy, "makeDecoder">;
  sandbox: Sandbox;
  tokenizer: Tokenizer;
  purpose: EpisodeRecord["purpose"];
  seed: number;
  step: number;
  assignments: readonly Assignment[];
  limits: RolloutLimits;
  sampling: DecoderSettings["sampling"];
  /** Rows that decode at once; more assignments than rows take turns. */
  rows: number;
  /** Called for each token of the first assignment as it stands; the theatre. */
  onStream?: (piece: Omit<StreamPiece, "episode">) => void;
  /** Called when the first assignment begins and ends to wait for its snippet. */
  onWaiting?: (waiting: boolean) => void;
  /** Called once for each episode that ends. */
  onEpisode?: (done: number, total: number) => void;
  /** Looked at whenever rows have written something; an aborted rollout throws its reason. */
  signal?: AbortSignal;
}

export interface RolloutReport {
  /** In the order of the assignments; episodes lost to the sandbox are left out. */
  episodes: EpisodeRecord[];
  /** Episodes that the sandbox failed (invariant 6). */
  dropped: number;
  /** Tokens that rows wrote or read one at a time, and those of their prompts. */
  decodedTokens: number;
  promptTokens: number;
}

/** A row with the episode that sits in it. */
interface Seat {
  row: number;
  /** Place among the assignments. */
  index: number;
  assignment: Assignment;
  live: LiveEpisode;
  /** Tokens the theatre has seen. */
  streamed: number;
}

function nameOf(request: RolloutRequest, { group, sample }: Assignment): string {
  return `${request.purpose}/${request.step}/${group}/${sample}`;
}

function recordOf(request: RolloutRequest, { assignment, live }: Seat): EpisodeRecord {
  const { problem, group, sample } = assignment;
  const { ids, mask, logprobs, policyLogprobs, promptLength, turns, flags, afterOutput } = live;
  const { id, family, kind, level, question, answer } = problem;
  const sampled = policyTokens(mask);
  return {
    id: nameOf(request, assignment),
    purpose: request.purpose,
    step: request.step,
    group,
    sample,
    problem: { id, family, kind, level, question, answer },
    ids,
    promptLength,
    mask,
    logprobs,
    policyLogprobs,
    entropy: live.entropySum / Math.max(1, sampled),
    entropyAfterOutput: { tokens: afterOutput.tokens, mean: afterOutput.entropySum / Math.max(1, afterOutput.tokens) },
    turns,
    segments: segmentsOf(live, turns, request.tokenizer),
    flags,
    ...judge(live, turns, answer, request.tokenizer),
    advantage: 0,
    selfCorrection: false,
  };
}

/**
 * Writes all assigned episodes. The tokens of an episode depend on its name, the policy and its snippets' outcomes,
 * not on its row or its neighbours. Throws the signal's reason when aborted, and what the policy or the sandbox throw.
 */
export async function collect(request: RolloutRequest): Promise<RolloutReport> {
  const { special } = request.tokenizer;
  const rows = Math.min(request.rows, request.assignments.length);
  const decoder = request.policy.makeDecoder({
    rows,
    capacity: request.limits.maxTokens,
    sampling: request.sampling,
    stops: [special["<eos>"], special["</code>"]],
  });
  try {
    return await new Collector(request, decoder, rows).run();
  } finally {
    decoder.dispose();
  }
}

class Collector {
  readonly #request: RolloutRequest;
  readonly #decoder: Decoder;
  readonly #seats: (Seat | null)[];
  readonly #finished: (EpisodeRecord | null)[];
  readonly #report: RolloutReport = { episodes: [], dropped: 0, decodedTokens: 0, promptTokens: 0 };
  #next = 0;
  #done = 0;
  /** Wakes the loop when it has nothing to do but wait for a snippet. */
  #wake: () => void = () => undefined;
  #failures: unknown[] = [];
  #over = false;

  constructor(request: RolloutRequest, decoder: Decoder, rows: number) {
    this.#request = request;
    this.#decoder = decoder;
    this.#seats = Array.from({ length: rows }, () => null);
    this.#finished = request.assignments.map(() => null);
  }

  async run(): Promise<RolloutReport> {
    const { signal } = this.#request;
    const wake = (): void => this.#wake();
    signal?.addEventListener("abort", wake);
    try {
      return await this.#writeAll();
    } finally {
      this.#over = true;
      signal?.removeEventListener("abort", wake);
    }
  }

  async #writeAll(): Promise<RolloutReport> {
    const { assignments, signal } = this.#request;
    while (this.#done < assignments.length) {
      signal?.throwIfAborted();
      if (this.#failures.length > 0) throw this.#failures[0];
      await this.#seatNext();
      if (this.#seats.some((seat) => seat?.live.state === "writing")) await this.#decode();
      else if (this.#seats.some((seat) => seat !== null)) await this.#aSnippet();
    }
    return { ...this.#report, episodes: this.#finished.filter((episode) => episode !== null) };
  }

  /** Gives every free row the next assignment. */
  async #seatNext(): Promise<void> {
    const { assignments, limits, tokenizer, purpose, seed, step } = this.#request;
    const fresh: Seat[] = [];
    this.#seats.forEach((seat, row) => {
      if (seat || this.#next >= assignments.length) return;
      const index = this.#next++;
      const assignment = assignments[index];
      const live = openEpisode(tokenizer.encode(promptText(assignment.problem.question)), limits);
      fresh.push((this.#seats[row] = { assignment, index, row, live, streamed: 0 }));
      this.#report.promptTokens += live.promptLength;
    });
    if (fresh.length === 0) return;
    const stream = purpose === "train" ? 0 : 1;
    await this.#decoder.begin(
      fresh.map(({ row, live, assignment: { group, sample } }) => ({
        row,
        prompt: live.ids,
        key: keyAt(seed, stream, step, group, sample),
      })),
    );
  }

  /** Every writing row goes on, by one token or by as many as the decoder takes at a time. */
  async #decode(): Promise<void> {
    for (const written of await this.#decoder.advance()) {
      const seat = this.#seats[written.row];
      if (seat) this.#take(seat, written);
    }
    await letMessagesIn();
  }

  #take(seat: Seat, written: Written): void {
    const { limits, tokenizer } = this.#request;
    const { live } = seat;
    this.#report.decodedTokens += written.tokens.length + written.readLogprobs.length;
    let program: string | null = null;
    for (const [i, token] of written.tokens.entries()) {
      const { logprobs, policyLogprobs, entropies } = written;
      const draw = { token, logprob: logprobs[i], policyLogprob: policyLogprobs[i], entropy: entropies[i] };
      program = acceptToken(live, draw, limits, tokenizer);
    }
    this.#stream(seat);
    if (program !== null) this.#runSnippet(seat, program).catch((error: unknown) => this.#fail(error));
    else if (live.state === "ended") this.#leave(seat);
    // A closing tag that closes nothing is a token like any other.
    else if (written.tokens.at(-1) === tokenizer.special["</code>"]) this.#decoder.resume(seat.row, []);
  }

  async #runSnippet(seat: Seat, program: string): Promise<void> {
    const { sandbox, limits, tokenizer, onWaiting, signal } = this.#request;
    if (seat.index === 0) onWaiting?.(true);
    const result = await sandbox.run(program, limits.snippet, signal);
    // The rollout was given up meanwhile, and its decoder with it.
    if (this.#over) return;
    const before = seat.live.ids.length;
    insertObservation(seat.live, program, result, limits, tokenizer);
    if (seat.index === 0) onWaiting?.(false);
    this.#stream(seat);
    if (seat.live.state === "ended") this.#leave(seat);
    else this.#decoder.resume(seat.row, seat.live.ids.slice(before));
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failures.push(error);
    this.#wake();
  }

  async #aSnippet(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  #leave(seat: Seat): void {
    const { assignments, onEpisode } = this.#request;
    if (seat.live.flags.sandboxFailure) this.#report.dropped++;
    else this.#finished[seat.index] = recordOf(this.#request, seat);
    this.#seats[seat.row] = null;
    this.#decoder.release(seat.row);
    this.#done++;
    onEpisode?.(this.#done, assignments.length);
  }

  /** Hands the theatre what is new of the first assignment. */
  #stream(seat: Seat): void {
    const { onStream, tokenizer } = this.#request;
    if (seat.index !== 0 || !onStream) return;
    const { ids, mask, logprobs, promptLength } = seat.live;
    for (; seat.streamed < ids.length; seat.streamed++) {
      const index = seat.streamed;
      const source = index < promptLength ? "question" : mask[index] === 1 ? "policy" : "interpreter";
      const probability = mask[index] === 1 ? Math.exp(logprobs[index]) : 1;
      onStream({ index, text: tokenizer.decode([ids[index]]), source, probability });
    }
  }
}
