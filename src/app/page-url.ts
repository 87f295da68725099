/** The page's own part of the address: which view, which language, which theme. */
import { type pageKeys, urlFromConfig } from "../config/url";
import type { LabConfig } from "../config/schema";
import type { Language } from "../ui/format";
import { type Theme, type View, views } from "./store";

export interface PageUrl {
  view: View;
  language: Language;
  theme: Theme;
  autostart: boolean;
  problems: string[];
}

const allowed = {
  view: views,
  lang: ["en", "zh"],
  theme: ["light", "dark"],
  autostart: ["0", "1"],
} as const satisfies Record<(typeof pageKeys)[number], readonly string[]>;

function read<K extends keyof typeof allowed>(
  parameters: URLSearchParams,
  key: K,
  fallback: (typeof allowed)[K][number],
  problems: string[],
): (typeof allowed)[K][number] {
  const text = parameters.get(key);
  if (text === null) return fallback;
  const choices: readonly (typeof allowed)[K][number][] = allowed[key];
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  const remedy = `remove it from the address to use ${fallback}`;
  problems.push(`${key} is ${text || "empty"}, expected one of ${choices.join(", ")}; ${remedy}`);
  return fallback;
}

/** What the browser itself prefers. */
export interface Preference {
  language: Language;
  theme: Theme;
}

/** Reads the page's keys; whatever is not said follows the browser. */
export function readPageUrl(search: string, preference: Preference): PageUrl {
  const parameters = new URLSearchParams(search);
  const problems: string[] = [];
  return {
    view: read(parameters, "view", "lab", problems),
    language: read(parameters, "lang", preference.language, problems),
    theme: read(parameters, "theme", preference.theme, problems),
    autostart: read(parameters, "autostart", "0", problems) === "1",
    problems,
  };
}

/** The whole address after "?": the configuration, then what the page shows where the browser would not choose it. */
export function writePageUrl(
  config: LabConfig,
  page: { view: View; language: Language; theme: Theme },
  preference: Preference,
): string {
  const parameters = new URLSearchParams(urlFromConfig(config));
  if (page.view !== "lab") parameters.set("view", page.view);
  if (page.language !== preference.language) parameters.set("lang", page.language);
  if (page.theme !== preference.theme) parameters.set("theme", page.theme);
  const query = parameters.toString();
  return query ? `?${query}` : "";
}
