import { html, nothing } from "lit";
import { api, query } from "../../api/api.js";
import { now } from "../../api/clock.js";
import { filterParameters } from "../../api/query.js";
import { sumOf } from "../../api/stats.js";
import { t } from "../../text/messages.js";
import { chart, endOf } from "../chart.js";
import { View } from "../view.js";

const HOUR_MS = 3_600_000;
const HEIGHT = 64;

/**
 * How many deliveries of a list were created when, by what became of them: in the last hour if the filter is limited
 * to it, or else in the last day. The user selects a time by dragging, by a click on a bar or with the arrow keys.
 *
 * Properties: `path` of the statistics in the API; `scope`, the part of the filter that they have too; `params.query`,
 * the filter of the list; `onRange`, which is called with the start and the end of the time as ISO 8601.
 */
class Histogram extends View {
  interval = 15_000;

  get window() {
    const { from } = filterParameters(this.params.query);
    return from && Date.parse(from) >= now() - HOUR_MS - 60_000 ? "hour" : "day";
  }

  get request() {
    return this.path + query({ ...this.scope, window: this.window });
  }

  async receive() {
    const { request } = this;
    this.requested = request;
    const stats = await this.find(request);
    return request === this.requested ? { stats } : {};
  }

  /** The list shows a filter that the API refuses. */
  async find(request) {
    try {
      return await api.get(request, this.signal);
    } catch (problem) {
      if (problem.status !== 400) throw problem;
      return null;
    }
  }

  updated() {
    if (this.requested && this.requested !== this.request) this.reload();
  }

  render() {
    const { stats, window } = this;
    if (!stats) return html`<div class="plot"></div>`;
    const isEmpty = ["delivered", "failed", "pending"].every(name => sumOf(stats, name) === 0);
    return html`
      <figure class="card">
        ${isEmpty
          ? html`<p class="quiet plot">${t.health.empty[window]}</p>`
          : chart(stats, "counts", {
              height: HEIGHT,
              onRange: (first, last) =>
                this.onRange(first.start, new Date(endOf(last, stats)).toISOString()),
            })}
        ${stats.truncated ? html`<figcaption class="quiet small">${t.health.tooMany}</figcaption>` : nothing}
      </figure>
    `;
  }
}

customElements.define("rh-histogram", Histogram);
