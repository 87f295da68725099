/** Starts the page: reads the address, connects the lab, draws. */
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { makeBench } from "./app/bench";
import { PageProvider } from "./app/context";
import { Controller } from "./app/controller";
import { EpisodeStore } from "./app/episode-store";
import { connectLab } from "./app/lab";
import { type Preference, readPageUrl } from "./app/page-url";
import { makeIntake, makePageStore } from "./app/store";
import { missingFeatures, Unsupported } from "./app/Unsupported";
import { configFromUrl } from "./config/url";
import { en } from "./i18n/en";
import { zh } from "./i18n/zh";
import "./ui/theme.css";

function browserPreference(): Preference {
  return {
    language: navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en",
    theme: window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  };
}

async function startPage(root: HTMLElement): Promise<void> {
  const { search } = window.location;
  const preference = browserPreference();
  const page = readPageUrl(search, preference);
  const { config, problems } = configFromUrl(search);
  const missing = missingFeatures(window);
  if (missing.length > 0) {
    document.documentElement.dataset["theme"] = page.theme;
    createRoot(root).render(<Unsupported missing={missing} words={(page.language === "zh" ? zh : en).unsupported} />);
    return;
  }
  const store = makePageStore({ ...page, form: config, problems: [...problems, ...page.problems] });
  const episodes = new EpisodeStore();
  const lab = connectLab((message) => {
    const words = (store.getState().language === "zh" ? zh : en).fault;
    const fault = {
      at: "backend",
      code: "worker",
      message: `${words.worker} ${message}`,
      hint: words.workerHint,
    } as const;
    store.setState(({ run }) => ({ run: { ...run, state: "failed", fault } }));
  });
  window.lab = lab;
  const bench = makeBench(store);
  window.bench = bench;
  const controller = new Controller(lab, store, episodes);
  createRoot(root).render(
    <PageProvider page={{ store, controller, episodes, bench }}>
      <App preference={preference} />
    </PageProvider>,
  );
  await lab.subscribe(makeIntake(store, episodes));
  // What a start waits for is loaded while the reader reads.
  const opening = controller.open();
  if (page.autostart) await controller.start();
  await opening;
}

const root = document.getElementById("root");
if (root) void startPage(root);
