import { expect, test } from "vitest";
import { makeConfig } from "../config/presets";
import { readPageUrl, writePageUrl } from "./page-url";

const preference = { language: "en", theme: "light" } as const;

test("what the address does not say follows the browser", () => {
  const page = readPageUrl("", { language: "zh", theme: "dark" });
  expect(page).toEqual({ view: "lab", language: "zh", theme: "dark", autostart: false, problems: [] });
});

test("the page's keys go there and back, after the configuration's", () => {
  const page = { view: "episodes", language: "zh", theme: "dark" } as const;
  const query = writePageUrl(makeConfig("spark", { seed: 5 }), page, preference);
  expect(query).toBe("?seed=5&view=episodes&lang=zh&theme=dark");
  expect(readPageUrl(query, preference)).toMatchObject(page);
});

test("a value that the page does not know is reported", () => {
  expect(readPageUrl("?theme=sepia", preference).problems).toEqual([
    "theme is sepia, expected one of light, dark; remove it from the address to use light",
  ]);
});
