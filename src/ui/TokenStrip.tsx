import { memo, useEffect, useRef } from "react";

interface TokenStripProps {
  /** Natural-log probability of each token after the prompt. */
  logprobs: readonly number[];
  /** 1 where the policy wrote the token. */
  mask: readonly number[];
  label: string;
  /** Colours are read when it changes. */
  theme: string;
}

const height = 56;
const widest = 12;

function draw(canvas: HTMLCanvasElement, logprobs: readonly number[], mask: readonly number[]): void {
  const context = canvas.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  if (!context) return;
  const ratio = window.devicePixelRatio;
  const width = canvas.clientWidth;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.scale(ratio, ratio);
  const bar = Math.min(widest, width / Math.max(1, logprobs.length));
  context.fillStyle = style.getPropertyValue("--hatch");
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 1) continue;
    for (let y = i % 2; y < height; y += 4) context.fillRect(i * bar, y, Math.max(1, bar), 1);
  }
  context.fillStyle = style.getPropertyValue("--blue");
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const tall = Math.max(1, Math.exp(logprobs[i]) * height);
    context.fillRect(i * bar, height - tall, Math.max(1, bar - 1), tall);
  }
}

/** One bar a token: how probable the policy held what it wrote. Doubt shows as gaps. */
export const TokenStrip = memo(function TokenStrip({ logprobs, mask, label, theme }: TokenStripProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => draw(element, logprobs, mask));
    observer.observe(element);
    return () => observer.disconnect();
  }, [logprobs, mask, theme]);
  return (
    <figure>
      <canvas ref={canvas} aria-hidden style={{ width: "100%", height, display: "block" }} />
      <figcaption className="visually-hidden">{label}</figcaption>
    </figure>
  );
});
