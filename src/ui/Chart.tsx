import { useEffect, useRef } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Words } from "../i18n/en";
import { Button } from "./Button";
import styles from "./Chart.module.css";
import { type ChartDrawing, chartOptions, type Curve } from "./chart-options";
import { formatValue } from "./format";

export interface ChartProps extends ChartDrawing {
  title: string;
  steps: readonly number[];
  curves: readonly Curve[];
  /** The definition in plain words, and what the paper's curve does. */
  definition?: string;
  paper?: string;
  formula: string;
  healthy: string;
  /** Colours are read when it changes. */
  theme: string;
  words: Words["charts"];
  measures: Words["measures"];
  onSave: (picture: Blob) => void;
}

/** A chart never draws more often than this, however fast rows arrive. */
const redrawMilliseconds = 500;

const dataOf = (steps: readonly number[], curves: readonly Curve[]): uPlot.AlignedData => [
  [...steps],
  ...curves.map((curve) => [...curve.values]),
];

/** A plot in `box` that follows its size; it is made with the first data, and drawn at most twice a second. */
function mountPlot(box: HTMLElement) {
  let plot: uPlot | undefined;
  let latest: ChartProps;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const resize = (): void => {
    if (box.clientWidth > 0 && box.clientHeight > 0) {
      plot?.setSize({ width: box.clientWidth, height: box.clientHeight });
    }
  };
  const observer = new ResizeObserver(resize);
  observer.observe(box);
  const make = (): uPlot => {
    const size = { width: Math.max(40, box.clientWidth), height: Math.max(40, box.clientHeight) };
    const data = dataOf(latest.steps, latest.curves);
    return new uPlot(
      chartOptions(size, latest.curves, () => latest),
      data,
      box,
    );
  };
  return {
    canvas: () => plot?.ctx.canvas,
    update: (props: ChartProps): void => {
      latest = props;
      // Axes without a step to show would be of no use.
      if (props.steps.length > 0) plot ??= make();
      timer ??= setTimeout(() => {
        timer = undefined;
        plot?.setData(dataOf(latest.steps, latest.curves));
      }, redrawMilliseconds);
    },
    end: (): void => {
      clearTimeout(timer);
      observer.disconnect();
      plot?.destroy();
    },
  };
}

/** The plot on the theme's paper, as a picture to take home. */
function pictureOf(canvas: HTMLCanvasElement, title: string, done: (picture: Blob) => void): void {
  const ground = document.createElement("canvas");
  const head = 28 * uPlot.pxRatio;
  ground.width = canvas.width;
  ground.height = canvas.height + head;
  const context = ground.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(document.documentElement);
  context.fillStyle = style.getPropertyValue("--surface");
  context.fillRect(0, 0, ground.width, ground.height);
  context.fillStyle = style.getPropertyValue("--ink");
  context.font = `${14 * uPlot.pxRatio}px system-ui, sans-serif`;
  context.fillText(title, 10 * uPlot.pxRatio, 19 * uPlot.pxRatio);
  context.drawImage(canvas, 0, head);
  ground.toBlob((picture) => {
    if (picture) done(picture);
  });
}

/** What the curve is, how it is computed, what is good, and what it did in the paper. */
function Meaning({ definition, formula, healthy, paper, words, measures }: ChartProps) {
  const lines = [
    { term: measures.definition, text: definition },
    { term: words.formula, text: formula },
    { term: words.good, text: healthy },
    { term: measures.paper, text: paper },
  ];
  return (
    <dl>
      {lines.map(({ term, text }) =>
        text === undefined ? null : (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** A hover tells, a press keeps it open and offers the picture. */
function Help({ props, onSave }: { props: ChartProps; onSave: () => void }) {
  const { title, words } = props;
  return (
    <DialogTrigger>
      <TooltipTrigger delay={150} closeDelay={0}>
        <AriaButton className={styles.help} aria-label={`${title}: ${words.good}, ${words.formula}`}>
          ?
        </AriaButton>
        <Tooltip className={styles.popover} placement="bottom end">
          <Meaning {...props} />
        </Tooltip>
      </TooltipTrigger>
      <Popover className={styles.popover} placement="bottom end">
        <Dialog aria-label={title}>
          <Meaning {...props} />
          <Button onPress={onSave}>{words.savePicture}</Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** The last measured value of a curve and its step. */
function lastOf(steps: readonly number[], values: readonly (number | null)[]): { step: number; value: number } | null {
  const place = values.findLastIndex((value) => value !== null);
  const value = values[place] ?? null;
  return value === null ? null : { step: steps[place], value };
}

/** One small chart: its name, its last value, the curve on a canvas, and a sentence for those who do not see it. */
export function Chart(props: ChartProps) {
  // What a plot is made with cannot be changed later, so another theme or language gets another plot.
  return <ThemedChart key={`${props.theme} ${props.language}`} {...props} />;
}

function ThemedChart(props: ChartProps) {
  const { title, steps, curves, unit, language, start, words, onSave } = props;
  const box = useRef<HTMLDivElement>(null);
  const mounted = useRef<ReturnType<typeof mountPlot>>(null);
  useEffect(() => {
    if (!box.current) return undefined;
    const plot = mountPlot(box.current);
    mounted.current = plot;
    return plot.end;
  }, []);
  useEffect(() => {
    mounted.current?.update(props);
  });
  const last = lastOf(steps, curves[0].values);
  const sentences = curves.map(({ label, values }) => {
    const found = lastOf(steps, values);
    const name = curves.length > 1 ? `${title}, ${label}` : title;
    return found ? words.now(name, formatValue(found.value, unit, language), found.step) : "";
  });
  const now = last ? sentences.filter(Boolean).join("; ") : words.none;
  const began = start === null ? "" : `, ${words.coldStart(formatValue(start, unit, language))}`;
  const save = (): void => {
    const canvas = mounted.current?.canvas();
    if (canvas) pictureOf(canvas, title, onSave);
  };
  return (
    <figure className={styles.chart} aria-label={title}>
      <div className={styles.head}>
        <h3 className={styles.title} title={title}>
          {title}
        </h3>
        {curves.length > 1 ? (
          <span className={styles.legend} aria-hidden>
            {curves.map((curve) => (
              <span key={curve.label} className={styles[curve.color]}>
                {curve.label}
              </span>
            ))}
          </span>
        ) : null}
        <span className={styles.value} aria-hidden>
          {last && curves.length === 1 ? formatValue(last.value, unit, language) : ""}
        </span>
        <Help props={props} onSave={save} />
      </div>
      <div className={styles.body} aria-hidden>
        <div ref={box} className={styles.plot} />
        {last ? null : <div className={styles.none}>{words.none}</div>}
      </div>
      <figcaption className="visually-hidden">{`${now}${began}`}</figcaption>
    </figure>
  );
}
