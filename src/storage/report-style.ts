/** The report's style sheet: a page that prints as it reads, with no file beside it. */
export const reportStyle = `
:root { color-scheme: light; --ink: #1d2430; --soft: #5b6573; --line: #d9dee5; --blue: #1f5fbf; --green: #1a7f43; --red: #b3261e; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 64rem; color: var(--ink); background: #fff;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 0.4rem; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 0.6rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 0.4rem; }
p { margin: 0.4rem 0; max-width: 46rem; }
.lead { font-size: 1.1rem; }
.soft, figcaption { color: var(--soft); font-size: 0.875rem; }
.failed { border-left: 4px solid var(--red); padding: 0.4rem 0.8rem; background: #fdf1f0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1.5rem; }
figure { margin: 0; }
svg { width: 100%; height: auto; display: block; }
svg text { font-size: 11px; fill: var(--soft); }
svg .title { font-size: 13px; font-weight: 600; fill: var(--ink); }
svg .grid { stroke: var(--line); }
svg .mark { fill: #b45f06; }
svg .mark-line { stroke: #b45f06; stroke-dasharray: 1 3; }
table { border-collapse: collapse; margin: 0.6rem 0; }
th, td { text-align: left; padding: 0.25rem 1.2rem 0.25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; }
tr.changed td { font-weight: 600; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
.command { padding: 0.7rem 0.9rem; background: #f5f7fa; border: 1px solid var(--line); border-radius: 4px; }
.episode { border: 1px solid var(--line); border-radius: 6px; padding: 0.9rem 1.1rem; }
.episode > * + * { margin-top: 0.45rem; }
.code { border-left: 3px solid var(--blue); padding: 0.3rem 0.7rem; }
.interpreter { padding: 0.3rem 0.7rem; background: repeating-linear-gradient(135deg, #eceff3 0 6px, #e1e5eb 6px 8px); }
.interpreter.error { border-left: 3px solid var(--red); }
.verdict { font-weight: 600; }
.right { color: var(--green); }
.wrong { color: var(--red); }
@media print { body { padding: 0; max-width: none; } .episode, figure { break-inside: avoid; } }
`;
