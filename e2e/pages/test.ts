/**
 * What every spec begins with: the built page on two servers of our own, one with all headers and one without
 * cross-origin isolation, and a page on which nothing may go wrong unseen.
 */
import { test as base } from "@playwright/test";
import { securityHeaders } from "../scripts/headers.mjs";
import { dist, ensureBuilt } from "../scripts/project.mjs";
import { serve } from "../scripts/server.mjs";
import { LabPage } from "./lab-page";

export { expect } from "@playwright/test";

interface Sites {
  /** As `npm start` serves it. */
  isolated: string;
  /** Without COOP and COEP, as a server serves it whose headers one cannot set. */
  plain: string;
}

export const test = base.extend<{ lab: LabPage; clean: undefined }, { sites: Sites }>({
  sites: [
    // Playwright wants to see a pattern here, even an empty one.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      ensureBuilt(console.log);
      const servers = await Promise.all([
        serve({ root: dist }),
        serve({ root: dist, headersFor: () => securityHeaders }),
      ]);
      await use({ isolated: `${servers[0].url}/`, plain: `${servers[1].url}/` });
      await Promise.all(servers.map((server) => server.close()));
    },
    { scope: "worker" },
  ],

  lab: async ({ page, sites }, use) => {
    await use(new LabPage(page, sites.isolated));
  },

  /** No test passes whose page asked another origin for anything, broke the policy of its headers, or threw. */
  clean: [
    async ({ page }, use) => {
      const faults: string[] = [];
      const check = (url: string): void => {
        if (/^(blob|data):/.test(url)) return;
        if (new URL(url).hostname !== "localhost") faults.push(`asked for ${url}`);
      };
      page.context().on("request", (request) => check(request.url()));
      page.on("websocket", (socket) => faults.push(`opened ${socket.url()}`));
      page.on("pageerror", (error) => faults.push(error.stack ?? error.message));
      page.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) faults.push(message.text());
      });
      await use(undefined);
      base.expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});
