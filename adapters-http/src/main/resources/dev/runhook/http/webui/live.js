import { api, query } from "./api.js";

/// A list that changes before one's eyes: server-sent events while somebody looks, and a look every
/// few seconds where there is no stream to be had.
export class Live {
  constructor({ path, filter, upsert, gone, state, signal }) {
    Object.assign(this, { path, filter, upsert, gone, state });
    this.seen = () => (document.visibilityState === "visible" ? this.open() : this.close());
    document.addEventListener("visibilitychange", this.seen, { signal });
    signal.addEventListener("abort", () => this.close());
    this.open();
  }

  open() {
    this.close();
    this.source = new EventSource(api.address(`${this.path}/events${query(this.filter)}`));
    this.source.addEventListener("open", () => this.state(true));
    this.source.addEventListener("delivery", event => this.upsert(JSON.parse(event.data)));
    this.source.addEventListener("removed", event => this.gone(JSON.parse(event.data).id));
    this.source.addEventListener("error", () => {
      this.state(false);
      if (this.source.readyState === EventSource.CLOSED) this.look();
    });
  }

  /// There are too many streams, or something between does not let them through.
  look() {
    this.close();
    let rounds = 0;
    this.timer = setInterval(async () => {
      if (++rounds % 10 === 0) {
        this.open();
        return;
      }
      try {
        const page = await api.get(this.path + query({ ...this.filter, limit: 50 }));
        page.items.toReversed().forEach(this.upsert);
      } catch {
        // the next look may do
      }
    }, 3000);
  }

  close() {
    this.source?.close();
    clearInterval(this.timer);
  }
}
