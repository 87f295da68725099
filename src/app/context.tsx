/** What every view needs: the words, the store, the commands and the episodes. */
import { createContext, type ReactNode, use, useMemo } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { en, type Words } from "../i18n/en";
import { zh } from "../i18n/zh";
import type { Language } from "../ui/format";
import type { BenchApi } from "./bench";
import type { Controller } from "./controller";
import type { EpisodeStore } from "./episode-store";
import { type PageState, type PageStore, usePage } from "./store";

export interface Page {
  store: PageStore;
  controller: Controller;
  episodes: EpisodeStore;
  bench: BenchApi;
}

const PageContext = createContext<Page | null>(null);

const dictionaries: Record<Language, Words> = { en, zh };

/** Gives `page` and the language to everything inside. */
export function PageProvider({ page, children }: { page: Page; children: ReactNode }) {
  const language = usePage(page.store, (state) => state.language);
  return (
    <PageContext value={page}>
      <I18nProvider locale={language === "zh" ? "zh-CN" : "en-US"}>{children}</I18nProvider>
    </PageContext>
  );
}

/** The page; throws outside of a PageProvider, which is a mistake in the program. */
export function usePageContext(): Page {
  const page = use(PageContext);
  if (!page) throw new Error("usePageContext() is called outside of PageProvider");
  return page;
}

/** A part of the page's state. */
export function useLab<T>(choose: (state: PageState) => T): T {
  return usePage(usePageContext().store, choose);
}

/** The words of the reader's language, and which that is. */
export function useWords(): { words: Words; language: Language } {
  const language = useLab((state) => state.language);
  return useMemo(() => ({ words: dictionaries[language], language }), [language]);
}
