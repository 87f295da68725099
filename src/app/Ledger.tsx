import { useState } from "react";
import type { EpisodeRecord } from "../core/episode";
import type { EpisodeLedger } from "../session/api";
import { Button } from "../ui/Button";
import { formatValue } from "../ui/format";
import { ScrollTable } from "../ui/ScrollTable";
import { usePageContext, useWords } from "./context";
import styles from "./Ledger.module.css";

/** A token as it stands in the text; white space is made visible. */
function shown(text: string): string {
  return text.replaceAll("\n", "⏎").replaceAll(" ", "␣");
}

/** The rest reads 0 %. */
const isLikely = ({ logprob }: { logprob: number }): boolean => logprob > Math.log(0.01);

function Rows({ ledger }: { ledger: EpisodeLedger }) {
  const { words, language } = useWords();
  const share = (logprob: number): string => formatValue(Math.exp(logprob), "share", language);
  return (
    <ScrollTable label={words.ledger.title} align="left" className={styles.tokens}>
      <thead>
        <tr>
          <th scope="col">{words.ledger.token}</th>
          <th scope="col">{words.ledger.probability}</th>
          <th scope="col">{words.episodes.entropy}</th>
          <th scope="col">{words.ledger.likeliest}</th>
        </tr>
      </thead>
      <tbody>
        {ledger.tokens.map(({ text, source, logprob, entropy, top }, place) => (
          <tr key={`${String(place)} ${text}`} data-source={source}>
            <th scope="row">{shown(text)}</th>
            <td>{share(logprob)}</td>
            <td>{formatValue(entropy, "nats", language)}</td>
            <td>
              {top.filter(isLikely).map((other) => (
                <span key={`${String(other.logprob)} ${other.text}`} className={styles.other}>
                  {shown(other.text)} <small>{share(other.logprob)}</small>
                </span>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

/** Asks the policy, as it is now, about every token of an episode; nothing is computed before someone asks. */
export function Ledger({ episode }: { episode: EpisodeRecord }) {
  const { words } = useWords();
  const { controller } = usePageContext();
  const [answer, setAnswer] = useState<{ episode: string; ledger: EpisodeLedger | null } | null>(null);
  const [isAsking, setAsking] = useState(false);
  const ask = async (): Promise<void> => {
    setAsking(true);
    setAnswer({ episode: episode.id, ledger: await controller.ledger(episode.id) });
    setAsking(false);
  };
  const own = answer?.episode === episode.id ? answer.ledger : null;
  return (
    <section className={styles.ledger} aria-label={words.ledger.title}>
      <h3>{words.ledger.title}</h3>
      <p className={styles.note}>{own ? words.ledger.after(own.step) : words.ledger.what}</p>
      {own ? <Rows ledger={own} /> : null}
      <div>
        <Button isDisabled={isAsking} onPress={() => void ask()}>
          {isAsking ? words.ledger.asking : own ? words.ledger.again : words.ledger.ask}
        </Button>
      </div>
    </section>
  );
}
