/** What the lab notes about this machine from visit to visit, in the browser's cache: it may be cleared at any time. */
import type { Notebook } from "../tensor/device";

const cacheName = "retool-lab-notes";

/** Notes by name; nothing is kept where the browser allows none (a private window, a page without a secure origin). */
export const notebook: Notebook = {
  read: async (name) => {
    try {
      const found = await (await caches.open(cacheName)).match(addressOf(name));
      return found ? await found.text() : null;
    } catch {
      return null;
    }
  },
  write: async (name, text) => {
    try {
      await (await caches.open(cacheName)).put(addressOf(name), new Response(text));
    } catch {
      // The next visit measures again.
    }
  },
};

/** A cache is addressed like a site; nothing is ever fetched from there. */
function addressOf(name: string): string {
  return new URL(`notes/${encodeURIComponent(name)}`, self.location.origin).href;
}
