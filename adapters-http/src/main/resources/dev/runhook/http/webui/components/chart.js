/** Draws the delivery statistics of a webhook with uPlot, which is loaded with the first chart. */

import { LitElement, html, nothing } from "lit";
import { t } from "../text/messages.js";
import { duration } from "../text/time.js";

const OUTCOMES = ["delivered", "failed", "pending"];
const PERCENTILES = { p50: "p50Ms", p99: "p99Ms" };
/** Milliseconds that are whole numbers of a unit, about as far apart on a logarithmic axis. */
const TICKS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 30].map(seconds => seconds * 1000),
  ...[1, 2, 5, 10, 30].map(minutes => minutes * 60_000),
  ...[1, 2, 5, 12, 24, 72, 240].map(hours => hours * 3_600_000),
];
const MAX_TICKS = 6;
const loadUPlot = () => import("uplot").then(module => module.default);

/**
 * A chart of the intervals of the statistics.
 *
 * Properties: `stats`; `kind`, which is "counts" or "latency"; `select`, which is called with the interval that the
 * user clicks; or `onRange`, which is called with the first and the last interval that the user selects by dragging, by
 * a click or with the keyboard; and `height`.
 */
class Chart extends LitElement {
  static properties = { stats: { attribute: false }, kind: {}, height: {}, hovered: { state: true } };

  constructor() {
    super();
    this.height = 200;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch = new ResizeObserver(() => this.plot?.setSize({ width: this.querySelector("div").clientWidth, height: this.height }));
    this.watch.observe(this);
    this.themes = new MutationObserver(() => this.draw());
    this.themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.draw();
    this.scheme.addEventListener("change", this.onScheme);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch.disconnect();
    this.themes.disconnect();
    this.scheme.removeEventListener("change", this.onScheme);
    this.plot?.destroy();
    this.plot = null;
  }

  get names() {
    return this.kind === "counts" ? OUTCOMES : Object.keys(PERCENTILES);
  }

  render() {
    const item = this.stats.items[this.hovered];
    // uPlot hides clicks that it takes for the end of a drag
    const click = { handleEvent: event => this.onClick(event), capture: true };
    return html`
      ${this.onRange
        ? html`
            <div
              class="plot"
              role="slider"
              tabindex="0"
              aria-label=${t.health.selectTime}
              aria-valuemin="0"
              aria-valuemax=${this.stats.items.length - 1}
              aria-valuenow=${this.hovered ?? this.stats.items.length - 1}
              aria-valuetext=${item ? `${interval(item, this.stats)}: ${this.describe(item)}` : this.label()}
              @click=${click}
              @keydown=${event => this.onKey(event)}
            ></div>
          `
        : html`<div class="plot" role="img" aria-label=${this.label()} @click=${click}></div>`}
      <p class="legend">
        ${this.names.map(name => html`<span class=${name}><i></i><span>${t.health.series[name]}</span></span>`)}
        <output class="hovered">${item ? `${interval(item, this.stats)}: ${this.describe(item)}` : nothing}</output>
      </p>
    `;
  }

  describe(item) {
    return this.kind === "counts"
      ? t.health.counts(item)
      : item.p50Ms === null ? t.health.nothingDelivered : t.health.latency(duration(item.p50Ms), duration(item.p99Ms));
  }

  label() {
    if (this.kind !== "counts") return t.health.latencyTitle;
    const total = name => this.stats.items.reduce((sum, item) => sum + item[name], 0);
    return t.health.counts({ delivered: total("delivered"), failed: total("failed"), pending: total("pending") });
  }

  updated(changed) {
    if (!changed.has("stats")) return;
    if (this.plot) this.plot.setData(this.data());
    else this.draw();
  }

  /** Redraws the chart, because the colors of a plot do not change with the theme. */
  async draw() {
    const UPlot = await loadUPlot();
    if (!this.isConnected) return;
    this.plot?.destroy();
    this.plot = new UPlot(this.options(UPlot), this.data(), this.querySelector("div"));
  }

  data() {
    const { items } = this.stats;
    const times = items.map(item => Date.parse(item.start) / 1000);
    if (this.kind === "counts") return [times, ...stacks(items)];
    const atLeastOne = value => (value === null ? null : Math.max(1, value)); // a logarithmic axis has no zero
    return [times, ...Object.values(PERCENTILES).map(key => items.map(item => atLeastOne(item[key])))];
  }

  /** @returns {import("uplot").Options} */
  options(UPlot) {
    const style = getComputedStyle(this);
    const color = name => resolve(style, `--chart-${name}`);
    const axis = { stroke: resolve(style, "--quiet"), grid: { stroke: resolve(style, "--line"), width: 1 } };
    const isCounts = this.kind === "counts";
    const bars = UPlot.paths.bars({ size: [0.85, 60], align: 1 });
    const series = this.names.map(name => ({
      stroke: isCounts ? resolve(style, "--sheet") : color(name),
      fill: isCounts ? color(name) : undefined,
      width: isCounts ? 1 : 2,
      dash: name === "p99" ? [6, 4] : undefined,
      paths: isCounts ? bars : undefined,
      points: { show: !isCounts, size: 5 },
    }));
    const format = isCounts ? value => (Number.isInteger(value) ? value.toLocaleString() : "") : duration;
    /** @returns {[number, number]} */
    const latencyRange = (_, min, max) => (ticks => [ticks[0], ticks.at(-1)])(ticksAround(min, max));
    const latencyAxis = { splits: (_, __, min, max) => thinned(ticksAround(min, max)), filter: (_, splits) => splits };
    const countAxis = this.height < 100 ? { splits: (_, __, ___, max) => [0, Math.max(1, Math.floor(max / 1.05))] } : {};
    return {
      width: this.querySelector("div").clientWidth,
      height: this.height,
      padding: [8, 28, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: Boolean(this.onRange), y: false, setScale: false, dist: 4 },
        points: isCounts ? { show: false } : {},
      },
      scales: {
        // the bar of the last interval begins at the last time
        x: { range: (_, min) => [min, endOf(this.stats.items.at(-1), this.stats) / 1000] },
        y: isCounts ? { range: (_, __, max) => [0, Math.max(1, max * 1.05)] } : { distr: 3, range: latencyRange },
      },
      series: [{}, ...(isCounts ? series.toReversed() : series)],
      axes: [
        { ...axis, grid: { show: false }, size: 32, space: 70, values: (_, times) => times.map(clockOf) },
        { ...axis, size: 60, ...(isCounts ? countAxis : latencyAxis), values: (_, values) => values.map(format) },
      ],
      hooks: {
        setCursor: [plot => this.plot && this.hover(plot)],
        setSelect: [({ select: { left, width } }) => width > 0 && this.selectRange(left, left + width)],
      },
    };
  }

  hover({ cursor }) {
    const index = this.kind === "counts" ? this.indexAt(cursor.left) : cursor.idx;
    this.hovered = index ?? undefined;
  }

  onClick(event) {
    if (this.plot.select.width > 0) return; // the end of a drag
    const item = this.stats.items[this.indexAt(event.clientX - this.plot.over.getBoundingClientRect().left)];
    if (item && this.onRange) this.onRange(item, item);
    else if (item) this.select?.(item);
  }

  selectRange(left, right) {
    const { items } = this.stats;
    this.onRange(items[Math.max(0, this.indexAt(left))], items[this.indexAt(right)]);
    this.plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  /** The arrow keys move to another interval, with Shift from the one where Shift was pressed; Enter selects. */
  onKey(event) {
    const { items } = this.stats;
    const at = this.hovered ?? items.length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -items.length, End: items.length };
    if (event.key === "Enter" && items[at]) {
      const [first, last] = [this.anchor ?? at, at].sort((one, other) => one - other);
      this.onRange(items[first], items[last]);
    }
    if (!Object.hasOwn(steps, event.key)) return;
    event.preventDefault();
    this.anchor = event.shiftKey ? (this.anchor ?? at) : undefined;
    this.hovered = Math.min(Math.max(at + steps[event.key], 0), items.length - 1);
  }

  /** The interval at a position, which is not always the interval with the nearest start. */
  indexAt(left) {
    if (left < 0) return undefined;
    const time = this.plot.posToVal(left, "x") * 1000;
    return this.stats.items.findLastIndex(item => Date.parse(item.start) <= time);
  }
}

customElements.define("rh-chart", Chart);

/**
 * @param stats the statistics
 * @param {"counts" | "latency"} kind
 * @param {{ select?: Function, onRange?: Function, height?: number }} options the other properties of the chart
 */
export const chart = (stats, kind, { select, onRange, height = 200 } = {}) => html`
  <rh-chart
    .stats=${stats}
    kind=${kind}
    .select=${select}
    .onRange=${onRange}
    .height=${height}
    class=${select || onRange ? "clickable" : ""}
  ></rh-chart>
`;

/** The heights of the stacked bars. The highest is drawn first, and the others cover its lower part. */
export function stacks(items) {
  const upTo = count => item => OUTCOMES.slice(0, count).reduce((sum, name) => sum + item[name], 0);
  return [3, 2, 1].map(count => items.map(item => upTo(count)(item) || null));
}

/** The ticks from the last one that is not above the minimum to the first one that is not below the maximum. */
export function ticksAround(min, max) {
  const first = Math.max(0, TICKS.findLastIndex(tick => tick <= min));
  const end = TICKS.findIndex(tick => tick >= max && tick > TICKS[first]);
  return TICKS.slice(first, end === -1 ? undefined : end + 1);
}

/** Drops ticks until their labels do not overlap, and keeps the last one. */
export function thinned(ticks) {
  const step = Math.ceil(ticks.length / MAX_TICKS);
  return ticks.filter((_, i) => (ticks.length - 1 - i) % step === 0);
}

const clockOf = seconds => clock(seconds * 1000);
const clock = time => new Date(time).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });

/** The end of the interval, exclusive. */
export function endOf(item, { step }) {
  return Date.parse(item.start) + (step === "PT1M" ? 60_000 : 900_000);
}

export const interval = (item, stats) => `${clock(Date.parse(item.start))}–${clock(endOf(item, stats))}`;

/** The value of a custom property for the current theme: only a real property resolves `light-dark()`. */
function resolve(style, name) {
  const probe = document.createElement("i");
  probe.style.color = style.getPropertyValue(name);
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
