/**
 * The lab: owns one run and everything it needs. It is the only room that changes state over time; all below it
 * are told what to do. Faults become values here, because errors lose their class on the way to the page.
 */
import { contradictionFault, refuseContradictions } from "../config/contradictions";
import { configSchema, type ConfigOverrides, type LabConfig } from "../config/schema";
import { describeIssue, differingKeys, flatten, settingOf, unflatten } from "../config/settings";
import type { TraceRecord } from "../core/cold-start";
import type { EpisodeRecord } from "../core/episode";
import { type LabEvent, noSandboxCounts, type RunState } from "../core/events";
import type { EvaluationReport } from "../core/evaluation";
import type { MetricRow } from "../core/metrics";
import { fail, FaultError, faultOf, succeed, type Result } from "../core/result";
import { curriculumOf } from "../tasks/curriculum";
import type { CheckpointFiles, ColdStartReport, LabApi, LabInfo, LabSnapshot, OwnSet, OwnTraces } from "./api";
import { EpisodeArchive } from "./archive";
import { OutsideInterview, type OutsideScore } from "./outside-model";
import { TraceSource, trainColdStart } from "./cold-start";
import { EventStream } from "./event-stream";
import { closedFault, goneFault, notFiniteFault, notOpenFault } from "./faults";
import { evaluate, type Evaluated, ownScoring, roomFor, type Scoring, scoringsAt } from "./evaluation";
import { readLedger } from "./ledger";
import { trainStep } from "./run";
import type { Bench } from "./write";
import { openWorkbench, type Workbench } from "./workbench";

/** What the lab needs of the place it runs in. */
export interface LabPlace {
  /** Address of the folder the page is served from, with a slash at the end. */
  base: string;
  isolated: boolean;
  now: () => number;
}

/** One bad step may be chance. */
const mostStuckSteps = 3;

export class Lab implements LabApi {
  readonly #place: LabPlace;
  readonly #events = new EventStream();
  readonly #archive = new EpisodeArchive();
  #workbench: Workbench | null = null;
  #traces: TraceSource | null = null;
  readonly #outside = new OutsideInterview();
  #state: RunState = "empty";
  #step = 0;
  #episodes = 0;
  #rows: MetricRow[] = [];
  #reports: EvaluationReport[] = [];
  /** The set that the reader loaded; it stays when the lab is opened anew. */
  #own: Scoring | null = null;
  #pausing = false;
  /** Steps in a row that no finite gradient came of. */
  #stuck = 0;
  /** The long work under way; others wait for its end. */
  #work: Promise<unknown> = Promise.resolve();
  #abort = new AbortController();

  constructor(place: LabPlace) {
    this.#place = place;
  }

  open(config: LabConfig): Promise<Result<LabInfo>> {
    this.#abort.abort(new FaultError(closedFault));
    return this.#exclusive(async () => {
      this.#abort = new AbortController();
      this.#workbench?.close();
      this.#workbench = null;
      this.#clear();
      refuseContradictions(config);
      curriculumOf(config);
      this.#enter("loading");
      this.#workbench = await openWorkbench(config, this.#place, (event) => this.#events.emit(event));
      this.#traces = new TraceSource(this.#workbench);
      this.#enter("ready");
      return this.#workbench.info;
    });
  }

  start(): Promise<Result<LabSnapshot>> {
    return this.#exclusive(async () => {
      const { config: opened } = this.#opened();
      // The number of steps may be changed meanwhile.
      const isDone = (): boolean => this.#step >= (this.#workbench?.config ?? opened).steps;
      this.#pausing = false;
      this.#enter("running");
      await this.#firstEvaluation();
      while (!this.#pausing && !isDone()) await this.#oneStep();
      this.#enter(isDone() ? "finished" : "paused");
      return this.snapshot();
    });
  }

  async pause(): Promise<LabSnapshot> {
    this.#pausing = true;
    await this.#work;
    return this.snapshot();
  }

  step(): Promise<Result<LabSnapshot>> {
    return this.#exclusive(async () => {
      this.#opened();
      this.#enter("running");
      await this.#firstEvaluation();
      await this.#oneStep();
      this.#enter("paused");
      return this.snapshot();
    });
  }

  async reset(): Promise<Result<LabSnapshot>> {
    this.#abort.abort(new FaultError(closedFault));
    return this.#exclusive(async () => {
      this.#abort = new AbortController();
      this.#opened().restore();
      this.#clear();
      this.#enter("ready");
      return this.snapshot();
    });
  }

  async change(overrides: ConfigOverrides): Promise<Result<LabConfig>> {
    if (!this.#workbench) return fail(notOpenFault);
    const wanted = configSchema.safeParse(unflatten({ ...flatten(this.#workbench.config), ...flatten(overrides) }));
    if (!wanted.success) {
      const [message, hint] = describeIssue(wanted.error.issues[0]);
      return fail({ at: "config", code: "out-of-range", message, hint });
    }
    const contradiction = contradictionFault(wanted.data);
    if (contradiction) return fail(contradiction);
    const fixed = differingKeys(this.#workbench.config, wanted.data).filter((key) => !settingOf(key)?.live);
    if (fixed.length > 0) {
      const message = `${fixed.join(", ")} cannot change while a run goes on.`;
      return fail({ at: "config", code: "not-live", message, hint: "Open the lab again with the new setting." });
    }
    this.#workbench.config = wanted.data;
    return succeed(wanted.data);
  }

  evaluate(samples?: number): Promise<Result<MetricRow>> {
    return this.#exclusive(async () => {
      const before = this.#state;
      const { config } = this.#opened();
      await this.#evaluateNow(samples ?? config.evaluation.samples, scoringsAt(null, config, this.#own));
      this.#enter(before === "running" ? "paused" : before);
      return this.#rowOf(this.#step);
    });
  }

  coldStart(): Promise<Result<ColdStartReport>> {
    return this.#exclusive(async () => {
      const workbench = this.#opened();
      const { config } = workbench;
      this.#enter("running");
      const { signal } = this.#abort;
      const emit = (event: LabEvent): void => this.#events.emit(event);
      const data = await this.#source().data(signal, emit);
      const trained = await this.#surviving(async () => {
        workbench.randomise();
        this.#clear();
        const found = await trainColdStart(workbench, data, signal, emit);
        await workbench.keepAsStart(`cold-start made here, seed ${config.seed}`);
        return found;
      });
      await this.#evaluateNow(config.evaluation.samples, scoringsAt(0, config, this.#own));
      this.#enter("ready");
      return { ...trained, evaluation: this.#rowOf(0) };
    });
  }

  async traces(first: number, count: number): Promise<Result<TraceRecord[]>> {
    try {
      return succeed(await this.#source().show(first, count));
    } catch (error) {
      return fail(faultOf(error, "sandbox"));
    }
  }

  scoreOutside(...request: Parameters<LabApi["scoreOutside"]>): Promise<OutsideScore> {
    return this.#outside.score(...request);
  }

  async stopOutside(): Promise<void> {
    this.#outside.stop();
    return Promise.resolve();
  }

  loadTraces(title: string, text: string): Promise<Result<OwnTraces>> {
    return this.#exclusive(() => this.#source().load(title, text));
  }

  loadCheckpoint(name: string, files: CheckpointFiles): Promise<Result<LabInfo>> {
    return this.#exclusive(async () => {
      this.#opened().load(name, files);
      this.#clear();
      this.#enter("ready");
      return this.#opened().info;
    });
  }

  loadBenchmark(title: string, text: string): Promise<Result<OwnSet>> {
    return this.#exclusive(async () => {
      const { tokenizer, config } = this.#opened();
      const own = ownScoring(title, text);
      roomFor(own, tokenizer, config.rollout.maxTokens);
      this.#own = own;
      return Promise.resolve({ title, problems: own.problems.length });
    });
  }

  checkpoint(): Promise<Result<CheckpointFiles>> {
    return this.#exclusive(() => this.#surviving(() => this.#opened().save()));
  }

  async snapshot(): Promise<LabSnapshot> {
    return Promise.resolve({
      state: this.#state,
      step: this.#step,
      episodes: this.#episodes,
      info: this.#workbench?.info ?? null,
      metrics: this.#rows,
      evaluations: this.#reports,
      sandbox: this.#workbench?.counts() ?? noSandboxCounts,
    });
  }

  async episodes(filter: Parameters<LabApi["episodes"]>[0] = {}): Promise<EpisodeRecord[]> {
    return Promise.resolve(this.#archive.find(filter));
  }

  async ledger(episode: string): ReturnType<LabApi["ledger"]> {
    const record = this.#archive.get(episode);
    if (!this.#workbench) return fail(notOpenFault);
    if (!record) return fail(goneFault);
    try {
      const { policy, tokenizer } = this.#workbench;
      return succeed({ step: this.#step, tokens: await readLedger(policy, tokenizer, record) });
    } catch (error) {
      return fail(faultOf(error, "policy"));
    }
  }

  async runSnippet(...request: Parameters<LabApi["runSnippet"]>): ReturnType<LabApi["runSnippet"]> {
    if (!this.#workbench) return fail(notOpenFault);
    try {
      return succeed(await this.#workbench.runSnippet(...request));
    } catch (error) {
      return fail(faultOf(error, "sandbox"));
    }
  }

  async subscribe(listener: (events: LabEvent[]) => void): Promise<void> {
    this.#events.subscribe(listener);
    return Promise.resolve();
  }

  async killSandboxWorker(): Promise<void> {
    this.#workbench?.sandbox.killWorker();
    return Promise.resolve();
  }

  async sabotageGpu(how: "lose" | "exhaust"): Promise<void> {
    this.#workbench?.sabotage(how);
    return Promise.resolve();
  }

  #bench(workbench: Workbench): Bench {
    const { config, models, tokenizer, sandbox } = workbench;
    const emit = (event: LabEvent): void => this.#events.emit(event);
    return { config, models, tokenizer, sandbox, emit, signal: this.#abort.signal, now: this.#place.now };
  }

  async #oneStep(): Promise<void> {
    const workbench = this.#opened();
    const { row, episodes, stuck } = await this.#surviving(async () => {
      await workbench.fit();
      const done = await trainStep(this.#bench(workbench), this.#step + 1, this.#episodes);
      await workbench.keepSafe();
      return done;
    });
    this.#step = row.step;
    this.#episodes = row.episodes;
    this.#archive.add("train", episodes);
    this.#events.emit({ type: "episodes", step: row.step, purpose: "train", episodes });
    this.#record(row);
    this.#stuck = stuck ? this.#stuck + 1 : 0;
    if (this.#stuck >= mostStuckSteps) throw new FaultError(notFiniteFault);
    this.#events.emit({ type: "sandbox", counts: workbench.counts() });
    const { every, samples } = workbench.config.evaluation;
    if (every > 0 && (this.#step % every === 0 || this.#step === workbench.config.steps)) {
      await this.#evaluateNow(samples, scoringsAt(this.#step, workbench.config, this.#own));
    }
    this.#events.emit({ type: "state", state: this.#state, step: this.#step });
  }

  /**
   * Does `work`. Where the backend fails under it, the policy is set up again as it was after the last finished step,
   * and the work begins anew: its random numbers are keyed, so it goes as it would have gone.
   */
  async #surviving<T>(work: () => Promise<T>): Promise<T> {
    const workbench = this.#opened();
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const fault = faultOf(error, "policy");
        if (fault.at !== "backend" || workbench.info.backend.name !== "webgpu") throw error;
        await workbench.recover(fault, attempt);
      }
    }
  }

  /** The cold start's own score, before anything is learned: what every curve begins with. */
  async #firstEvaluation(): Promise<void> {
    const { config } = this.#opened();
    const { every, samples } = config.evaluation;
    if (this.#step > 0 || every === 0 || this.#rowOf(0).values.accuracy !== undefined) return;
    await this.#evaluateNow(samples, scoringsAt(0, config, this.#own));
  }

  async #evaluateNow(samples: number, scorings: readonly Scoring[]): Promise<void> {
    const all: Evaluated[] = [];
    for (const scoring of scorings) {
      const evaluated = await this.#surviving(() => this.#evaluateSet(scoring, samples));
      if (evaluated) all.push(evaluated);
    }
    const isNew = ({ step, set }: EvaluationReport): boolean =>
      !all.some(({ report }) => report.step === step && report.set === set);
    this.#reports = [...this.#reports.filter(isNew), ...all.map(({ report }) => report)];
    this.#archive.add(
      "evaluation",
      all.flatMap(({ episodes }) => episodes),
    );
    const row = this.#rowOf(this.#step);
    const values = all.reduce((found, one) => ({ ...found, ...one.values }), row.values);
    this.#record({ ...row, values });
  }

  async #evaluateSet(scoring: Scoring, samples: number): Promise<Evaluated | null> {
    const workbench = this.#opened();
    await workbench.fit(roomFor(scoring, workbench.tokenizer, workbench.config.rollout.maxTokens));
    return evaluate(this.#bench(workbench), this.#step, samples, scoring);
  }

  #rowOf(step: number): MetricRow {
    return this.#rows.find((row) => row.step === step) ?? { step, episodes: this.#episodes, values: {} };
  }

  #record(row: MetricRow): void {
    this.#rows = [...this.#rows.filter(({ step }) => step !== row.step), row];
    this.#events.emit({ type: "metrics", row });
  }

  #opened(): Workbench {
    if (!this.#workbench) throw new FaultError(notOpenFault);
    return this.#workbench;
  }

  #source(): TraceSource {
    if (!this.#traces) throw new FaultError(notOpenFault);
    return this.#traces;
  }

  #enter(state: RunState): void {
    this.#state = state;
    this.#events.emit({ type: "state", state, step: this.#step });
  }

  #clear(): void {
    this.#step = 0;
    this.#episodes = 0;
    this.#stuck = 0;
    this.#rows = [];
    this.#reports = [];
    this.#archive.clear();
  }

  /** Runs `work` after the work before it; a fault ends it with the run's data kept. */
  #exclusive<T>(work: () => Promise<T>): Promise<Result<T>> {
    const result = this.#work.then(async (): Promise<Result<T>> => {
      try {
        return succeed(await work());
      } catch (error) {
        const fault = faultOf(error, "policy");
        // Being told to stop is no failure.
        if (fault.code !== closedFault.code) {
          if (this.#state === "running" || this.#state === "loading") this.#enter("failed");
          this.#events.emit({ type: "fault", fault });
        }
        return fail(fault);
      }
    });
    this.#work = result;
    return result;
  }
}
