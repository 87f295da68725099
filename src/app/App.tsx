import { useEffect } from "react";
import { TabPanel, Tabs } from "react-aria-components/Tabs";
import styles from "./App.module.css";
import { BenchView } from "./BenchView";
import { CompareView } from "./CompareView";
import { ConsoleView } from "./ConsoleView";
import { useLab, usePageContext, useWords } from "./context";
import { EpisodesView } from "./EpisodesView";
import { Header } from "./Header";
import { LabView } from "./LabView";
import { type Preference, writePageUrl } from "./page-url";
import { Messages } from "./Status";
import { views } from "./store";
import { TracesView } from "./TracesView";
import { ViewBoundary } from "./ViewBoundary";

/** Keeps the address, the document's language and its theme equal to what is shown. */
function useDocument(preference: Preference): void {
  const { language } = useWords();
  const theme = useLab((state) => state.theme);
  const view = useLab((state) => state.view);
  const form = useLab((state) => state.form);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.documentElement.dataset["theme"] = theme;
    const query = writePageUrl(form, { view, language, theme }, preference);
    window.history.replaceState(null, "", `${window.location.pathname}${query}${window.location.hash}`);
  }, [language, theme, view, form, preference]);
}

/** The whole page. */
export function App({ preference }: { preference: Preference }) {
  const { words } = useWords();
  const { store } = usePageContext();
  const view = useLab((state) => state.view);
  useDocument(preference);
  return (
    <Tabs
      className={styles.app}
      selectedKey={view}
      onSelectionChange={(key) => {
        const chosen = views.find((name) => name === key);
        if (chosen) store.setState({ view: chosen });
      }}
    >
      <a className={styles.skip} href="#main">
        {words.skip}
      </a>
      <Header />
      <Messages />
      <main id="main" className={styles.main} tabIndex={-1}>
        <TabPanel id="lab" style={{ height: "100%" }}>
          <ViewBoundary title={words.fault.view} hint={words.fault.viewHint}>
            <LabView />
          </ViewBoundary>
        </TabPanel>
        <TabPanel id="episodes" style={{ height: "100%" }}>
          <ViewBoundary title={words.fault.view} hint={words.fault.viewHint}>
            <EpisodesView />
          </ViewBoundary>
        </TabPanel>
        <TabPanel id="compare">
          <ViewBoundary title={words.fault.view} hint={words.fault.viewHint}>
            <CompareView />
          </ViewBoundary>
        </TabPanel>
        <TabPanel id="traces">
          <ViewBoundary title={words.fault.view} hint={words.fault.viewHint}>
            <TracesView />
          </ViewBoundary>
        </TabPanel>
        <TabPanel id="bench">
          <ViewBoundary title={words.fault.view} hint={words.fault.viewHint}>
            <BenchView />
          </ViewBoundary>
        </TabPanel>
        <TabPanel id="console">
          <ViewBoundary title={words.fault.view} hint={words.fault.viewHint}>
            <ConsoleView />
          </ViewBoundary>
        </TabPanel>
      </main>
    </Tabs>
  );
}
