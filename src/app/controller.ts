/** What the reader can do, as calls of the lab, with their outcome in the store. */
import { makeConfig, type PresetName, withSetting } from "../config/presets";
import type { LabConfig } from "../config/schema";
import { differingKeys, overrideOf, settingOf, type SettingValue } from "../config/settings";
import { snippetLimits } from "../config/snippet-limits";
import type { TraceRecord } from "../core/cold-start";
import type { EvaluationReport } from "../core/evaluation";
import type { Fault, Result } from "../core/result";
import type { CheckpointFiles, EpisodeLedger, LabApi } from "../session/api";
import { withConsoleRun } from "./console";
import { presentRun, withKept } from "./compare";
import type { EpisodeStore } from "./episode-store";
import { forgetRun } from "./run-view";
import type { PageStore } from "./store";

/** Settings of the form that the run under way does not have. */
export function waitingKeys(form: LabConfig, running: LabConfig | undefined): string[] {
  return running ? differingKeys(form, running) : [];
}

export class Controller {
  readonly #lab: LabApi;
  readonly #store: PageStore;
  readonly #episodes: EpisodeStore;
  /** The newest opening; those before it end early and are not waited for. */
  #opening: Promise<boolean> | null = null;
  /** Runs of this tab that were kept, for their names. */
  #kept = 0;

  constructor(lab: LabApi, store: PageStore, episodes: EpisodeStore) {
    this.#lab = lab;
    this.#store = store;
    this.#episodes = episodes;
  }

  /** Loads what the form asks for. Resolves to false where that failed; the fault is in the store. */
  async open(): Promise<boolean> {
    const mine = this.#openNow();
    this.#opening = mine;
    const opened = await mine;
    if (this.#opening === mine) this.#opening = null;
    return opened;
  }

  async start(): Promise<void> {
    await this.#whenReady(() => this.#lab.start());
  }

  async step(): Promise<void> {
    await this.#whenReady(() => this.#lab.step());
  }

  async evaluate(): Promise<void> {
    await this.#whenReady(() => this.#lab.evaluate());
  }

  /** Makes a cold start in place of the policy that is there; what the run had is dropped. */
  async coldStart(): Promise<void> {
    if (this.#store.getState().coldStarting !== "no") return;
    this.#keep();
    this.#store.setState({ coldStarting: "making", view: "lab" });
    this.#forget();
    await this.#whenReady(() => this.#lab.coldStart());
    await this.#lookAgain();
    this.#store.setState({ coldStarting: "no" });
  }

  /** Leaves a cold start that is being made; the policy then has random weights. */
  async stopColdStart(): Promise<void> {
    this.#store.setState({ coldStarting: "stopping" });
    this.#settle(await this.#lab.reset());
  }

  async pause(): Promise<void> {
    this.#store.setState({ pausing: true });
    await this.#lab.pause();
    this.#store.setState({ pausing: false });
  }

  /** Back to the start; with the form's settings, where they differ from the run's. */
  async reset(): Promise<void> {
    const { form, info } = this.#store.getState();
    if (!info || waitingKeys(form, info.config).length > 0) return void (await this.open());
    this.#keep();
    if (this.#settle(await this.#lab.reset())) this.#forget();
  }

  /** Puts a value, which the setting accepts, into the form; a live one also into the run. */
  async set(key: string, value: SettingValue): Promise<void> {
    const { form, info } = this.#store.getState();
    this.#store.setState({ form: withSetting(form, key, value) });
    if (!info || this.#opening || !settingOf(key)?.live) return;
    const config = this.#settle(await this.#lab.change(overrideOf(key, value)));
    if (config) this.#store.setState({ info: { ...info, config } });
  }

  /** Takes a preset's settings; the seed and the backend are the reader's and stay. */
  async choosePreset(preset: PresetName): Promise<void> {
    const { form, run } = this.#store.getState();
    this.#store.setState({ form: makeConfig(preset, { seed: form.seed, backend: form.backend }) });
    if (run.step === 0 && run.state !== "running") await this.open();
  }

  async loadCheckpoint(name: string, files: CheckpointFiles): Promise<void> {
    this.#keep();
    const info = this.#settle(await this.#lab.loadCheckpoint(name, files));
    if (!info) return;
    this.#store.setState({ info, form: info.config });
    this.#forget();
  }

  /** Takes a set of the reader's own; it is scored with the others from then on. */
  async loadBenchmark(title: string, text: string): Promise<void> {
    const ownSet = this.#settle(await this.#lab.loadBenchmark(title, text));
    if (ownSet) this.#store.setState({ ownSet });
  }

  /** Takes traces of the reader's own; the next cold start learns from them, until the lab is opened anew. */
  async loadTraces(title: string, text: string): Promise<void> {
    const ownTraces = this.#settle(await this.#lab.loadTraces(title, text));
    if (ownTraces) this.#store.setState({ ownTraces });
  }

  /** The cold start's traces from one number on; null where they cannot be made. */
  async traces(first: number, count: number): Promise<readonly TraceRecord[] | null> {
    return this.#settle(await this.#lab.traces(first, count));
  }

  async checkpoint(): Promise<CheckpointFiles | null> {
    return this.#settle(await this.#lab.checkpoint());
  }

  /** What the present policy thinks of an episode; null where it cannot say. */
  async ledger(episode: string): Promise<EpisodeLedger | null> {
    return this.#settle(await this.#lab.ledger(episode));
  }

  /** Runs the console's snippet as chosen there and, where that differs from the run, as in the run as well. */
  async runConsole(): Promise<void> {
    const { console: before, info } = this.#store.getState();
    if (before.isRunning || !info) return;
    this.#store.setState({ console: { ...before, isRunning: true } });
    const { code, limits, sympy } = before;
    const asPolicy = this.#lab.runSnippet(code);
    const own =
      limits === null && sympy === null ? asPolicy : this.#lab.runSnippet(code, limits ?? {}, sympy ?? undefined);
    const [result, policyResult] = [this.#settle(await own), this.#settle(await asPolicy)];
    this.#store.setState(({ console }) => ({
      console:
        result && policyResult
          ? withConsoleRun(console, {
              code,
              limits: limits ?? snippetLimits(info.config),
              sympy: sympy ?? info.config.sandbox.sympy,
              result,
              policyResult,
            })
          : { ...console, isRunning: false },
    }));
  }

  /** Scores an outside model; what ended it early goes where every fault goes. */
  async scoreOutside(...request: Parameters<LabApi["scoreOutside"]>): Promise<EvaluationReport | null> {
    const { report, fault } = await this.#lab.scoreOutside(...request);
    if (fault && fault.code !== "stopped") this.fault(fault);
    return report;
  }

  async stopOutside(): Promise<void> {
    await this.#lab.stopOutside();
  }

  fault(fault: Fault | null): void {
    this.#store.setState(({ run }) => ({ run: { ...run, fault } }));
  }

  /** The numbers of what was trained stay among the runs to compare; called before anything takes them away. */
  #keep(): void {
    const { run, info, compared } = this.#store.getState();
    const present = run.step > 0 ? presentRun({ run, info }, "") : null;
    if (present) this.#store.setState({ compared: withKept(compared, present, ++this.#kept) });
  }

  /** Another policy has another name and size. */
  async #lookAgain(): Promise<void> {
    const { info } = await this.#lab.snapshot();
    this.#store.setState({ info });
  }

  async #openNow(): Promise<boolean> {
    this.#keep();
    this.fault(null);
    const info = this.#settle(await this.#lab.open(this.#store.getState().form));
    if (!info) return false;
    this.#store.setState({ info, ownTraces: null });
    this.#forget();
    return true;
  }

  async #whenReady(work: () => Promise<Result<unknown>>): Promise<void> {
    if (this.#store.getState().starting) return;
    this.#store.setState({ starting: true });
    const result = (await this.#ready()) ? work() : null;
    this.#store.setState({ starting: false });
    if (result) this.#settle(await result);
  }

  async #ready(): Promise<boolean> {
    let opened = true;
    for (let mine = this.#opening; mine !== null; mine = this.#opening === mine ? null : this.#opening) {
      opened = await mine;
    }
    if (!opened) return false;
    const { info, form, run } = this.#store.getState();
    // Before the first step there is nothing to lose, so the form is simply taken.
    const isTaken = waitingKeys(form, info?.config).length === 0 || run.step > 0;
    return info !== null && isTaken ? true : this.open();
  }

  /** The value, or null with the fault in the store; being told to stop is no failure. */
  #settle<T>(result: Result<T>): T | null {
    if (result.ok) return result.value;
    if (result.fault.code !== "stopped") this.fault(result.fault);
    return null;
  }

  #forget(): void {
    this.#store.setState(({ run }) => ({ run: forgetRun(run, this.#episodes), selected: null }));
  }
}
