/** Finds a Chromium with WebGPU; the flags that give it a software adapter where there is no GPU. */
import { execFileSync } from "node:child_process";

/** Flags for a headless Chromium that has WebGPU (SwiftShader) and makes no connections of its own. */
export const chromiumArguments = [
  "--headless=new",
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

/** CHROMIUM (or CHROME_BIN), then the system's, then Playwright's own; undefined where there is none. */
export function findChromium() {
  const named = process.env.CHROMIUM ?? process.env.CHROME_BIN;
  if (named) return named;
  for (const name of ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { stdio: ["ignore", "pipe", "ignore"] })
        .toString()
        .trim();
    } catch {
      // Not this one; try the next.
    }
  }
  return undefined;
}
