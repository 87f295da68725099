import { FileTrigger } from "react-aria-components/FileTrigger";
import { expectation, flatten, parseSetting, type Setting, settingOf, settings } from "../config/settings";
import { type LearnPart, learnPartOf } from "../config/learn-settings";
import { makeConfig } from "../config/presets";
import { Button } from "../ui/Button";
import { SettingField } from "../ui/SettingField";
import styles from "./Controls.module.css";
import { useLab, usePageContext, useWords } from "./context";
import { waitingKeys } from "./controller";
import { download, episodesJsonl, metricsCsv } from "./exports";
import { MeasureFiles } from "./MeasureFiles";
import { RunButtons } from "./RunButtons";

/** What one changes most; everything else is under "more". */
const firstKeys = [
  "learn.learningRate",
  "rollout.temperature",
  "rollout.groupSize",
  "rollout.problems",
  "steps",
] as const;

/** Where they are in the header, they are not repeated here. */
const headerKeys = ["preset", "seed"];

/** A number as one would type it: 4e-4 stays readable. */
const written = (value: string | number): string =>
  typeof value === "number" && value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);

function Field({ setting, showHint }: { setting: Setting; showHint?: boolean }) {
  const { words, language } = useWords();
  const { controller } = usePageContext();
  const form = useLab((state) => state.form);
  const running = useLab((state) => state.info?.config);
  const { key } = setting;
  const commit = (text: string): string | null => {
    const value = parseSetting(setting, text);
    if (value === undefined) return words.controls.invalid(text, expectation(setting));
    void controller.set(key, value);
    return null;
  };
  const initial = written(flatten(makeConfig(form.preset))[key]);
  const when = setting.live ? words.controls.liveNote : words.controls.resetNote;
  const why = language === "en" ? `${setting.why} · ` : "";
  return (
    <SettingField
      label={setting.label[language]}
      unit={setting.unit}
      hint={`${why}${words.controls.default(initial)} · ${when}`}
      value={written(flatten(form)[key])}
      choices={setting.choices}
      isText={setting.kind === "names"}
      isWaiting={waitingKeys(form, running).includes(key)}
      showHint={showHint}
      onCommit={commit}
    />
  );
}

const groupOf = (key: string): string => (key.includes(".") ? key.slice(0, key.indexOf(".")) : "");

/** Learning has more settings than the rest together: its kinds open one by one. */
const partOf = (key: string): LearnPart | null =>
  groupOf(key) === "learn" ? learnPartOf(key.slice("learn.".length)) : null;

const Fields = ({ of }: { of: readonly Setting[] }) => (
  <div className={styles.fields}>
    {of.map((setting) => (
      <Field key={setting.key} setting={setting} showHint />
    ))}
  </div>
);

function LearnParts({ of }: { of: readonly Setting[] }) {
  const { words } = useWords();
  return (Object.keys(words.learnParts) as LearnPart[]).map((part) => (
    <details key={part} className={styles.part}>
      <summary>{words.learnParts[part]}</summary>
      <Fields of={of.filter(({ key }) => partOf(key) === part)} />
    </details>
  ));
}

function MoreSettings() {
  const { words } = useWords();
  const first: readonly string[] = firstKeys;
  const rest = settings.filter(({ key }) => !first.includes(key) && !headerKeys.includes(key));
  return (
    <details className={styles.more}>
      <summary>{words.controls.more}</summary>
      {Object.entries(words.groups).map(([group, title]) => (
        <fieldset key={group} className={styles.group}>
          <legend>{title}</legend>
          <Fields of={rest.filter(({ key }) => groupOf(key) === group && partOf(key) === null)} />
          {group === "learn" && <LearnParts of={rest} />}
        </fieldset>
      ))}
    </details>
  );
}

/** Says which of the form's settings the run under way does not have. */
function Waiting() {
  const { words, language } = useWords();
  const form = useLab((state) => state.form);
  const running = useLab((state) => state.info?.config);
  const step = useLab((state) => state.run.step);
  const waiting = waitingKeys(form, running);
  if (waiting.length === 0 || step === 0) return null;
  const labels = waiting.map((key) => settingOf(key)?.label[language] ?? key);
  return (
    <output className={styles.badge}>{words.controls.waiting(labels.join(language === "zh" ? "、" : ", "))}</output>
  );
}

async function readFiles(list: FileList): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const entries = [...list].map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function Files() {
  const { words } = useWords();
  const { controller, episodes, store } = usePageContext();
  const isOpen = useLab((state) => state.info !== null);
  const isBusy = useLab((state) => state.run.state === "running" || state.run.state === "loading");
  const step = useLab((state) => state.run.step);
  const load = async (list: FileList): Promise<void> => {
    await controller.loadCheckpoint([...list].map((file) => file.name).join(", "), await readFiles(list));
  };
  const saveCheckpoint = async (): Promise<void> => {
    const files = await controller.checkpoint();
    for (const [name, bytes] of Object.entries(files ?? {})) download(name, bytes, "application/octet-stream");
  };
  return (
    <details className={styles.more}>
      <summary>{words.controls.files}</summary>
      <div className={styles.files}>
        <Button
          isDisabled={step === 0}
          onPress={() => download("metrics.csv", metricsCsv(store.getState().run.rows), "text/csv")}
        >
          {words.controls.metricsCsv}
        </Button>
        <Button
          isDisabled={step === 0}
          onPress={() => download("episodes.jsonl", episodesJsonl(episodes.all()), "application/jsonl")}
        >
          {words.controls.episodesJsonl}
        </Button>
        <MeasureFiles />
        <Button isDisabled={!isOpen || isBusy} onPress={() => void saveCheckpoint()}>
          {words.controls.checkpoint}
        </Button>
        <FileTrigger
          allowsMultiple
          onSelect={(list) => {
            if (list) void load(list);
          }}
        >
          <Button isDisabled={!isOpen || isBusy} onPress={() => undefined}>
            {words.controls.loadCheckpoint}
          </Button>
        </FileTrigger>
        <p className={styles.note}>{words.controls.loadHint}</p>
        <Button isDisabled={!isOpen || isBusy} onPress={() => void controller.evaluate()}>
          {words.controls.evaluate}
        </Button>
        <Button isDisabled={!isOpen || isBusy} onPress={() => void controller.coldStart()}>
          {words.controls.coldStart}
        </Button>
        <p className={styles.note}>{words.controls.coldStartHint}</p>
      </div>
    </details>
  );
}

/** The left column: go, stop, change. */
export function Controls({ hasBegun }: { hasBegun: boolean }) {
  const { words } = useWords();
  return (
    <>
      <RunButtons hasBegun={hasBegun} />
      <Waiting />
      <section className={styles.fields} aria-label={words.controls.settings}>
        {firstKeys.map((key) => {
          const setting = settingOf(key);
          return setting ? <Field key={key} setting={setting} /> : null;
        })}
      </section>
      <MoreSettings />
      <Files />
    </>
  );
}
