/** Events on their way to the page, gathered so that a burst of tokens costs one message and not hundreds. */
import type { LabEvent } from "../core/events";

/** Twenty batches a second are as much as a page can show. */
const millisecondsBetweenBatches = 50;

export class EventStream {
  #listeners: ((events: LabEvent[]) => void)[] = [];
  #waiting: LabEvent[] = [];
  #scheduled = false;

  subscribe(listener: (events: LabEvent[]) => void): void {
    this.#listeners.push(listener);
  }

  emit(event: LabEvent): void {
    if (this.#listeners.length === 0) return;
    // The counts change several times a snippet; only what they are in the end is worth a place.
    if (event.type === "sandbox") this.#waiting = this.#waiting.filter(({ type }) => type !== "sandbox");
    this.#waiting.push(event);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => this.#flush(), millisecondsBetweenBatches);
  }

  #flush(): void {
    this.#scheduled = false;
    const events = this.#waiting;
    this.#waiting = [];
    for (const listener of this.#listeners) listener(events);
  }
}
