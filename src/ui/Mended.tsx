/** The bent arrow: from a snippet that failed to the one that mended it. The same in lists, curves and transcripts. */
export function Mended({ size = 14 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden focusable="false">
      <path d="M4 2v6a3 3 0 0 0 3 3h6M10 8l3 3-3 3" fill="none" stroke="currentColor" strokeWidth="1.8" />
    </svg>
  );
}
