/** The sandbox's page in a browser without a window, for scripts. */
import { type Browser, chromium, type Page } from "@playwright/test";
import { join } from "node:path";
import type { SnippetLimits, SnippetResult } from "../../../src/sandbox/sandbox";
import { chromiumArguments, ensureChromium } from "../chromium.mjs";
import { ensureSandboxHostBuilt, sandboxHost } from "../project.mjs";
import { serve } from "../server.mjs";

export interface HostOptions {
  /** Sentences for people: what is being built, what was mended. */
  say: (sentence: string) => void;
  /** Flags for the browser besides the usual ones. */
  flags?: string[];
}

/** The page with `window.sandboxHost`, and no sandbox open yet. Close it, whatever happens. */
export class Host {
  readonly page: Page;
  readonly browserVersion: string;
  readonly #browser: Browser;
  readonly #server: { url: string; close: () => Promise<void> };

  private constructor(browser: Browser, page: Page, server: Awaited<ReturnType<typeof serve>>, version: string) {
    this.#browser = browser;
    this.#server = server;
    this.page = page;
    this.browserVersion = version;
  }

  static async start({ say, flags = [] }: HostOptions): Promise<Host> {
    const found = ensureChromium(say);
    ensureSandboxHostBuilt(say);
    const server = await serve({ root: sandboxHost });
    const browser = await chromium.launch({ executablePath: found.file, args: [...chromiumArguments, ...flags] });
    const page = await browser.newPage();
    page.on("console", (message) => say(message.text()));
    page.on("pageerror", (error) => say(error.message));
    page.on("crash", () => say("The page ran out of memory or crashed."));
    const host = new Host(browser, page, server, found.version);
    await host.load();
    return host;
  }

  /** Loads the page, or loads it again. */
  async load(query = ""): Promise<void> {
    await this.page.goto(`${this.#server.url}/${join("e2e", "sandbox-host")}/index.html${query}`);
    await this.page.waitForFunction(() => window.sandboxHost !== undefined);
  }

  async open(workers: number, sympy = false): Promise<void> {
    await this.page.evaluate((wanted) => window.sandboxHost?.open(wanted.workers, wanted.sympy), { workers, sympy });
  }

  async run(code: string, limits: SnippetLimits): Promise<SnippetResult> {
    const result = await this.page.evaluate((request) => window.sandboxHost?.run(request.code, request.limits), {
      code,
      limits,
    });
    if (!result) throw new Error("The sandbox's page was lost. Run the command again.");
    return result;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}
