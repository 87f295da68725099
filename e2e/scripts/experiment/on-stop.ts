/** Calls `stop` at each Ctrl-C, or when the system asks the process to end. Returns what lets go of both. */
export function onStop(stop: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}
