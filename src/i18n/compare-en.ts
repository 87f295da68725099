/** The words of the comparison of runs, in English. */
const unfair = {
  steps: "They did not train for equally many steps.",
  samples: "They were not evaluated with the same samples, temperature and top-p.",
  backend: "They ran on different backends, whose rounding differs.",
  seeds: "They were not run with the same seeds.",
  "one-seed": "One seed says little: run three, and read the interval.",
};

import { plural } from "./plural";

export const compareEn = {
  title: "Runs beside one another",
  what: "The run that is open, those that were reset in this tab, and runs from files. Runs that differ in nothing but the seed are drawn as one: the line is their mean, the band goes from the least to the greatest.",
  empty:
    "There is nothing to compare yet. Start a run, or load one; the example shows ReTool beside its text-only twin.",
  load: "Load runs …",
  loadFolder: "Load a folder …",
  loadHint:
    "run.json, metrics.jsonl and evaluations.jsonl, as npm run experiment leaves them; a folder may hold many runs.",
  example: "Show the example",
  exampleMissing: "The example is not part of this copy of the lab.",
  exampleMissingHint: "Load runs of your own, or build the lab from its repository.",
  present: "this run",
  seeds: (seeds: string, count: number) => `${count === 1 ? "seed" : "seeds"} ${seeds}`,
  shown: (name: string) => `show ${name}`,
  remove: "Remove",
  same: "They have the same configuration.",
  differ: (what: string) => `They differ in: ${what}.`,
  more: (count: number) => `and ${count} more`,
  unfair,
  table: "Where they stand",
  run: "run",
  byCode: (set: string) => `${set}, by code`,
  codeRatio: "code ratio",
  steps: "steps",
  episodes: "episodes",
  corrections: "self-corrections",
  first: (step: number) => `first in step ${step}`,
  none: "not measured",
  leftOut: "families left out",
  interval: "95 % intervals by bootstrap over problems and seeds",
  saveTable: "Save table (.csv)",
  saveChart: (title: string) => `Save ${title} (.svg)`,
  step: "step",
  outside: "An outside model",
  outsideWhat:
    "The paper compares with o1-preview. A model behind an OpenAI-compatible address can be asked the same 30 problems here, in text, without the lab's tool. It is off unless the lab was started with that address:",
  outsideCommand: "npm start -- --endpoint https://host/v1",
  outsideLeaves: (host: string) =>
    `The problems will be sent to ${host}. The key stays in this tab's memory and is written nowhere.`,
  outsideModel: "model",
  outsideKey: "key",
  outsideSamples: "samples a problem",
  outsideAsk: "Ask it",
  outsideStop: "Stop",
  outsideRow: (model: string, problems: number) => `${model}, ${plural(problems, "problem", "problems")}`,
  outsideProgress: (done: number, total: number) => `${done} of ${total} answers`,
  outsideFound: (model: string, accuracy: string, problems: number, samples: number) =>
    `${model}: accuracy ${accuracy} on ${problems} problems of MiniAIME-24, ${samples} answers in all.`,
};
