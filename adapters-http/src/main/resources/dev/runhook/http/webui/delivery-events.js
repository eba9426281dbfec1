import { api, query } from "./api.js";

/// Follows a list of deliveries by server-sent events while the page is visible. If there is no stream, it polls
/// every few seconds.
export class DeliveryEvents {
  constructor({ path, filter, upsert, remove, onConnected, signal }) {
    Object.assign(this, { path, filter, upsert, remove, onConnected });
    const onVisibility = () => (document.visibilityState === "visible" ? this.open() : this.close());
    document.addEventListener("visibilitychange", onVisibility, { signal });
    signal.addEventListener("abort", () => this.close());
    this.open();
  }

  open() {
    this.close();
    this.source = new EventSource(api.url(`${this.path}/events${query(this.filter)}`));
    this.source.addEventListener("open", () => this.onConnected(true));
    this.source.addEventListener("delivery", event => this.upsert(JSON.parse(event.data)));
    this.source.addEventListener("removed", event => this.remove(JSON.parse(event.data).id));
    this.source.addEventListener("error", () => {
      this.onConnected(false);
      if (this.source.readyState === EventSource.CLOSED) this.poll();
    });
  }

  /// Used if there are too many streams or a proxy blocks them.
  poll() {
    this.close();
    let polls = 0;
    this.timer = setInterval(async () => {
      if (++polls % 10 === 0) {
        this.open();
        return;
      }
      try {
        const page = await api.get(this.path + query({ ...this.filter, limit: 50 }));
        page.items.toReversed().forEach(this.upsert);
      } catch {
        // the next poll may succeed
      }
    }, 3000);
  }

  close() {
    this.source?.close();
    clearInterval(this.timer);
  }
}
