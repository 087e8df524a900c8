// What visitors see and do goes back to the server, in batches: after half a second, when
// twenty have gathered, or when the page is hidden.
import type { Api, ShopEvent } from "./api";

const kBatch = 20;
const kWaitMs = 500;

function kept(storage: Storage, name: string): string {
  let value = storage.getItem(name);
  if (!value) {
    value = crypto.getRandomValues(new Uint32Array(4)).reduce((text, word) => text + word.toString(36), "");
    storage.setItem(name, value);
  }
  return value;
}

export class EventSender {
  private waiting: ShopEvent[] = [];
  private timer = 0;
  // Searches carry the same ids, so that what was looked at counts in the next one.
  readonly user = kept(localStorage, "handsel-user");
  readonly session = kept(sessionStorage, "handsel-session");

  constructor(private readonly api: Api) {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.flush();
    });
  }

  add(event: ShopEvent): void {
    const id = crypto.getRandomValues(new Uint32Array(3)).join("-");
    this.waiting.push({ id, time_ms: Date.now(), user_id: this.user, session_id: this.session, ...event });
    if (this.waiting.length >= kBatch) this.flush();
    else if (!this.timer) this.timer = window.setTimeout(() => this.flush(), kWaitMs);
  }

  flush(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (this.waiting.length === 0) return;
    const batch = this.waiting;
    this.waiting = [];
    // An event has an id and counts once, so one more try does no harm.
    this.api.send(batch).catch(() => this.api.send(batch).catch((error: Error) => console.warn("events:", error.message)));
  }
}
