import { useEffect, useState } from "react";
import type { EvaluationReport } from "../core/evaluation";
import { Button } from "../ui/Button";
import { said, withScore } from "./compare";
import styles from "./CompareView.module.css";
import { usePageContext, useWords } from "./context";

/** As the paper samples. */
const sampling = { temperature: 1, topP: 0.7, timeoutSeconds: 120 };

const mostSamples = 32;

/** The address that the lab was started with; null where it was started without one. */
function useEndpoint(): string | null {
  const [endpoint, setEndpoint] = useState<string | null>(null);
  useEffect(() => {
    const look = async (): Promise<void> => {
      const response = await fetch(new URL("outside.json", document.baseURI)).catch(() => null);
      if (!response?.ok || response.headers.get("content-type")?.includes("json") !== true) return;
      const told: unknown = await response.json();
      if (typeof told === "object" && told !== null && "endpoint" in told && typeof told.endpoint === "string")
        setEndpoint(told.endpoint);
    };
    void look();
  }, []);
  return endpoint;
}

function Found({ report }: { report: EvaluationReport }) {
  const { words, language } = useWords();
  const { accuracy, problems, samples } = report.all;
  return <p>{words.compare.outsideFound(report.title, said(accuracy, words.compare, language), problems, samples)}</p>;
}

function Ask({ endpoint }: { endpoint: string }) {
  const { words } = useWords();
  const { compare } = words;
  const { controller, store } = usePageContext();
  const [model, setModel] = useState("");
  const [key, setKey] = useState("");
  const [samples, setSamples] = useState("1");
  const [progress, setProgress] = useState<readonly [done: number, total: number] | null>(null);
  const [report, setReport] = useState<EvaluationReport | null>(null);
  const count = Number(samples);
  const canAsk = model !== "" && Number.isInteger(count) && count >= 1 && count <= mostSamples;
  const ask = async (): Promise<void> => {
    setProgress([0, 0]);
    const outside = { endpoint, model, key: key === "" ? null : key, ...sampling };
    const found = await controller.scoreOutside(outside, count, (done, total) => setProgress([done, total]));
    setReport(found);
    if (found) store.setState(({ outsideScores }) => ({ outsideScores: withScore(outsideScores, found) }));
    setProgress(null);
  };
  return (
    <>
      <p className={styles.unfair}>{compare.outsideLeaves(new URL(endpoint).host)}</p>
      <div className={styles.buttons}>
        <label>
          {compare.outsideModel}{" "}
          <input value={model} autoComplete="off" onChange={(event) => setModel(event.target.value)} />
        </label>
        <label>
          {compare.outsideKey}{" "}
          <input type="password" value={key} autoComplete="off" onChange={(event) => setKey(event.target.value)} />
        </label>
        <label>
          {compare.outsideSamples}{" "}
          <input inputMode="numeric" size={3} value={samples} onChange={(event) => setSamples(event.target.value)} />
        </label>
        {progress ? (
          <Button onPress={() => void controller.stopOutside()}>{compare.outsideStop}</Button>
        ) : (
          <Button isDisabled={!canAsk} onPress={() => void ask()}>
            {compare.outsideAsk}
          </Button>
        )}
      </div>
      <output className={styles.quiet}>{progress ? compare.outsideProgress(...progress) : null}</output>
      {report ? <Found report={report} /> : null}
    </>
  );
}

/** A model from elsewhere on the same problems, as the paper compares with o1-preview; off unless it was named. */
export function OutsideModel() {
  const { words } = useWords();
  const endpoint = useEndpoint();
  return (
    <section className={styles.groups} aria-label={words.compare.outside}>
      <h3>{words.compare.outside}</h3>
      <p className={styles.what}>{words.compare.outsideWhat}</p>
      {endpoint ? <Ask endpoint={endpoint} /> : <code>{words.compare.outsideCommand}</code>}
    </section>
  );
}
