import { evaluationsToJsonl } from "../storage/export";
import { Button } from "../ui/Button";
import { useLab, useWords } from "./context";
import { download } from "./exports";

/** What was scored, to take home. */
export function MeasureFiles() {
  const { words } = useWords();
  const evaluations = useLab((state) => state.run.evaluations);
  return (
    <Button
      isDisabled={evaluations.length === 0}
      onPress={() => download("evaluations.jsonl", evaluationsToJsonl(evaluations), "application/jsonl")}
    >
      {words.measures.download}
    </Button>
  );
}
