import { useState } from "react";
import { Tab, TabList } from "react-aria-components/Tabs";
import { presetNames } from "../config/presets";
import { parseSetting, settingOf } from "../config/settings";
import { Button } from "../ui/Button";
import { Choice, Select } from "../ui/Choice";
import { useLab, usePageContext, useWords } from "./context";
import styles from "./Header.module.css";
import { views } from "./store";

/** The seed, as typed; it counts when the field is left. */
function Seed() {
  const { words } = useWords();
  const { controller } = usePageContext();
  const seed = useLab((state) => state.form.seed);
  const [draft, setDraft] = useState<string | null>(null);
  const setting = settingOf("seed");
  const value = setting && draft !== null ? parseSetting(setting, draft) : seed;
  const commit = (): void => {
    if (draft !== null && value !== undefined) void controller.set("seed", value);
    setDraft(null);
  };
  return (
    <label className={styles.label}>
      {words.header.seed}
      <input
        className={styles.seed}
        inputMode="numeric"
        value={draft ?? String(seed)}
        aria-invalid={value === undefined}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
        }}
      />
    </label>
  );
}

function CopyLink() {
  const { words } = useWords();
  const [text, setText] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      setText(words.header.linkCopied);
    } catch {
      setText(words.header.linkFailed);
    }
    setTimeout(() => setText(null), 2000);
  };
  return (
    <Button look="plain" onPress={() => void copy()}>
      <span aria-live="polite">{text ?? words.header.copyLink}</span>
    </Button>
  );
}

/** Where one is, what runs, and how one reads it. */
export function Header() {
  const { words, language } = useWords();
  const { store, controller } = usePageContext();
  const preset = useLab((state) => state.form.preset);
  const theme = useLab((state) => state.theme);
  return (
    <header className={styles.header}>
      <h1 className={styles.name} title={words.tagline}>
        {words.name}
      </h1>
      <TabList className={styles.tabs} aria-label={words.header.views}>
        {views.map((view) => (
          <Tab key={view} id={view} className={styles.tab}>
            {words.header[view]}
          </Tab>
        ))}
      </TabList>
      <Select
        label={words.header.preset}
        value={preset}
        options={presetNames.map((value) => ({ value, label: value }))}
        onChange={(value) => void controller.choosePreset(value)}
      />
      <Seed />
      <CopyLink />
      <Choice
        hideLabel
        label={words.header.language}
        value={language}
        options={[
          { value: "en", label: "en" },
          { value: "zh", label: "中文" },
        ]}
        onChange={(value) => store.setState({ language: value })}
      />
      <Choice
        hideLabel
        label={words.header.theme}
        value={theme}
        options={[
          { value: "light", label: words.header.light },
          { value: "dark", label: words.header.dark },
        ]}
        onChange={(value) => store.setState({ theme: value })}
      />
    </header>
  );
}
