/** The lab's worker: everything but the page. */
import * as Comlink from "comlink";
import { Lab } from "./lab";

const base = new URL(import.meta.env.BASE_URL, self.location.origin).href;

Comlink.expose(new Lab({ base, isolated: self.crossOriginIsolated, now: () => performance.now() }));
