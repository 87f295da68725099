import { useState } from "react";
import { bare } from "../ui/blocks";
import { Button } from "../ui/Button";
import { formatValue } from "../ui/format";
import { Transcript } from "../ui/Transcript";
import styles from "./ConsoleView.module.css";
import { useLab, usePageContext, useWords } from "./context";

const firstCode = "import math\n\nfor n in range(1, 6):\n    print(n, math.factorial(n))\n";

function Outcome() {
  const { words, language } = useWords();
  const snippet = useLab((state) => state.snippet);
  if (!snippet) return <p className={styles.quiet}>{words.console.none}</p>;
  const text = bare(snippet.observation);
  const status = snippet.status === "ok" ? "ok" : "error";
  return (
    <>
      <Transcript question="" blocks={[{ kind: "interpreter", text, status }]} words={words.transcript} />
      <p className={styles.quiet}>
        {words.episodes.status}: {snippet.status} ·{" "}
        {words.console.took(formatValue(snippet.milliseconds, "milliseconds", language))}
      </p>
    </>
  );
}

/** The policy's own Python, for the reader's hands. */
export function ConsoleView() {
  const { words } = useWords();
  const { controller } = usePageContext();
  const isLoaded = useLab((state) => state.info !== null);
  const [code, setCode] = useState(firstCode);
  const [isRunning, setRunning] = useState(false);
  const run = async (): Promise<void> => {
    setRunning(true);
    await controller.runSnippet(code);
    setRunning(false);
  };
  return (
    <div className={styles.console}>
      <h2>{words.console.title}</h2>
      <p>{words.console.intro}</p>
      <label className={styles.label}>
        {words.console.code}
        <textarea
          className={styles.code}
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && isLoaded) void run();
          }}
        />
      </label>
      <div className={styles.row}>
        <Button look="primary" isDisabled={!isLoaded || isRunning} onPress={() => void run()}>
          {isRunning ? words.console.running : words.console.run}
        </Button>
        <span className={styles.quiet}>{isLoaded ? words.console.hint : words.console.notReady}</span>
      </div>
      <h3>{words.console.result}</h3>
      <div aria-live="polite">
        <Outcome />
      </div>
    </div>
  );
}
