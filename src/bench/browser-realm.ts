/** Realms of the browser: a worker each. */
import { wrap } from "comlink";
import type { SubjectHost } from "./host";
import type { Realm } from "./measure";

/** Starts a worker. What it is asked for rejects when the worker cannot start or dies. */
export function makeBrowserRealm(): Realm {
  const worker = new Worker(new URL("./subject.worker.ts", import.meta.url), { type: "module", name: "bench" });
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener("error", ({ message }) => reject(new Error(message || "The worker could not be started.")));
  });
  broken.catch(() => undefined); // It may break while nobody waits for it.
  const remote = wrap<SubjectHost>(worker);
  const alive = <T>(work: Promise<T>): Promise<T> => Promise.race([work, broken]);
  return {
    open: (name, backend, size) => alive(remote.open(name, backend, size)),
    losses: () => alive(remote.losses()),
    write: (rows, tokens) => alive(remote.write(rows, tokens)),
    score: (tokens) => alive(remote.score(tokens)),
    train: () => alive(remote.train()),
    decode: (rows, tokens) => alive(remote.decode(rows, tokens)),
    multiply: () => alive(remote.multiply()),
    footprint: () => alive(remote.footprint()),
    close: async () => {
      worker.terminate();
      return Promise.resolve();
    },
  };
}
