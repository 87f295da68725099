/** The browser's half of `npm run golden`: fetches the files that the script serves, compares, leaves the outcome. */
import type { BackendInfo } from "../../src/core/events";
import { faultOf } from "../../src/core/result";
import type { GoldenReport } from "../../src/policy/golden";
import { backendNames, chooseBackend } from "../../src/tensor/device";
import { compare } from "./compare";

export interface BrowserOutcome {
  backend?: BackendInfo;
  report?: GoldenReport;
  /** What went wrong, for people, where something did. */
  fault?: string;
}

declare global {
  /** There once the comparison has ended. */
  var goldenOutcome: BrowserOutcome | undefined;
}

async function check(): Promise<BrowserOutcome> {
  try {
    const wanted = new URLSearchParams(location.search).get("backend");
    const backend = await chooseBackend(backendNames.find((name) => name === wanted) ?? "auto");
    const weights = await fetch("/golden.safetensors");
    const bytes = weights.ok ? new Uint8Array(await weights.arrayBuffer()) : null;
    const json: unknown = await (await fetch("/golden.json")).json();
    return { backend: backend.info, report: await compare(backend, bytes, json) };
  } catch (error) {
    const { message, hint } = faultOf(error, "policy");
    return { fault: `${message} ${hint}` };
  }
}

globalThis.goldenOutcome = await check();
