/** The page as someone uses it: by roles, labels and words, and by `window.lab` for what is not drawn. */
import { expect, type Locator, type Page } from "@playwright/test";
import type { EpisodeRecord } from "../../src/core/episode";
import type { RunState } from "../../src/core/events";
import type { MetricRow } from "../../src/core/metrics";
import { en } from "../../src/i18n/en";
import type { LabSnapshot } from "../../src/session/api";

export type View = "lab" | "episodes" | "compare" | "traces" | "console" | "bench";

export interface NamedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export class LabPage {
  readonly page: Page;
  readonly #base: string;

  /** `base` is the address of the folder that is served, with a slash at the end. */
  constructor(page: Page, base: string) {
    this.page = page;
    this.#base = base;
  }

  /** Opens the page without waiting for the lab. */
  async visit(settings: Record<string, string | number> = {}): Promise<void> {
    const query = new URLSearchParams(Object.entries(settings).map(([key, value]) => [key, String(value)]));
    await this.page.goto(`${this.#base}?${query.toString()}`);
  }

  /** Opens the page and waits until the policy and Python are loaded. */
  async open(settings: Record<string, string | number> = {}): Promise<void> {
    await this.visit(settings);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect.poll(() => this.page.evaluate(() => "lab" in window)).toBe(true);
    await this.reaches("ready");
  }

  /** Waits until the run is in that state. */
  async reaches(state: RunState, timeout = 120_000): Promise<void> {
    await expect.poll(async () => (await this.snapshot()).state, { timeout }).toBe(state);
  }

  /** Waits until that step is done. */
  async reachesStep(step: number, timeout = 120_000): Promise<void> {
    await expect.poll(async () => (await this.snapshot()).step, { timeout }).toBeGreaterThanOrEqual(step);
  }

  snapshot(): Promise<LabSnapshot> {
    return this.page.evaluate(() => window.lab.snapshot());
  }

  /** The numbers of a step; the step has to be done. */
  async row(step: number): Promise<MetricRow> {
    const { metrics } = await this.snapshot();
    const row = metrics.find((candidate) => candidate.step === step);
    if (!row) throw new Error(`There is no step ${step}; the steps are ${metrics.map((other) => other.step).join()}.`);
    return row;
  }

  episodes(filter: { step?: number; purpose?: EpisodeRecord["purpose"] } = {}): Promise<EpisodeRecord[]> {
    return this.page.evaluate((wanted) => window.lab.episodes(wanted), filter);
  }

  killSandboxWorker(): Promise<void> {
    return this.page.evaluate(() => window.lab.killSandboxWorker());
  }

  sabotageGpu(how: "lose" | "exhaust"): Promise<void> {
    return this.page.evaluate((wanted) => window.lab.sabotageGpu(wanted), how);
  }

  /** Start, pause and the others, wherever the page shows them. */
  button(name: "start" | "resume" | "pause" | "step" | "reset"): Locator {
    const end = new RegExp(`(^|\\W)${en.controls[name]}$`);
    return this.page.getByRole("main").getByRole("button", { name: end }).first();
  }

  async press(name: "start" | "resume" | "pause" | "step" | "reset"): Promise<void> {
    await this.button(name).click();
  }

  /** One RL step by its button. */
  async oneStep(): Promise<void> {
    const { step } = await this.snapshot();
    await this.press("step");
    await this.reachesStep(step + 1);
    await this.reaches("paused");
  }

  async goTo(view: View): Promise<void> {
    const tab = this.page.getByRole("tab", { name: en.header[view], exact: true });
    await tab.click();
    await expect(tab).toHaveAttribute("aria-selected", "true");
  }

  /** What went wrong, as the page says it. */
  get fault(): Locator {
    return this.page.getByRole("alert", { name: en.fault.title });
  }

  get notices(): Locator {
    return this.page.getByRole("region", { name: en.notices.title });
  }

  /** Runs a snippet in the console; returns what the policy would see. */
  async runInConsole(code: string): Promise<string> {
    const { page } = this;
    await page.getByRole("textbox", { name: en.console.code }).fill(code);
    const button = page.getByRole("button", { name: en.console.run, exact: true });
    await button.click();
    // While the snippet runs, the button says so.
    await expect(button).toBeEnabled();
    return (await page.getByRole("figure", { name: en.console.observation }).innerText()).trim();
  }

  /** Gives files to "Load a checkpoint". */
  async loadCheckpoint(files: NamedFile[]): Promise<void> {
    const button = this.page.getByRole("button", { name: en.controls.loadCheckpoint });
    if (!(await button.isVisible())) await this.page.getByText(en.controls.files, { exact: true }).click();
    const chooser = this.page.waitForEvent("filechooser");
    await button.click();
    await (await chooser).setFiles(files);
  }

  /** The three files of the present policy. */
  async checkpoint(): Promise<Map<string, Buffer>> {
    const files = await this.page.evaluate(async () => {
      const saved = await window.lab.checkpoint();
      if (!saved.ok) throw new Error(saved.fault.message);
      return Object.entries(saved.value).map(([name, bytes]): [string, number[]] => [name, [...bytes]]);
    });
    return new Map(files.map(([name, bytes]) => [name, Buffer.from(bytes)]));
  }
}
