import { LitElement, html, nothing, svg } from "lit";
import { duration } from "./time.js";

/// Draws the delivery statistics of a webhook as SVG.

const HEIGHT = 180;
const LEFT = 44;
const BOTTOM = 20;
const TOP = 8;
const OUTCOMES = ["delivered", "failed", "pending"];
const CLOCK = { hour: "2-digit", minute: "2-digit" };

/// Properties: `stats`; `kind`, which is "counts" or "latency". Renders again when the width changes, so that text
/// keeps its size.
class Chart extends LitElement {
  static properties = { stats: { attribute: false }, kind: {}, width: { state: true } };

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch = new ResizeObserver(() => this.measure());
    this.watch.observe(this);
    this.measure();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch.disconnect();
  }

  measure() {
    this.width = Math.max(240, Math.round(this.clientWidth || 720));
  }

  render() {
    const { stats, width } = this;
    return this.kind === "counts" ? counts(stats, width) : latency(stats, width);
  }
}

customElements.define("rh-chart", Chart);

export const chart = (stats, kind) => html`<rh-chart .stats=${stats} kind=${kind}></rh-chart>`;

function scale({ items, totalWidth, max }) {
  const width = (totalWidth - LEFT) / items.length;
  return { width, x: i => LEFT + i * width, y: value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / max) };
}

function plot({ items, totalWidth, max, label, format, legend }, { x, y }, content) {
  const every = Math.ceil(items.length / Math.max(2, Math.min(6, Math.floor(totalWidth / 110))));
  const lines = [0, max / 2, max].map(value => svg`
    <line class="axis" x1=${LEFT} x2=${totalWidth} y1=${y(value)} y2=${y(value)}></line>
    <text x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${format(value)}</text>
  `);
  const times = items.map((item, i) =>
    i % every === 0
      ? svg`<text x=${x(i)} y=${HEIGHT - 4}>${new Date(item.start).toLocaleTimeString(undefined, CLOCK)}</text>`
      : nothing,
  );
  return html`
    <svg viewBox="0 0 ${totalWidth} ${HEIGHT}" role="img" aria-label=${label}>${lines}${times}${content}</svg>
    <p class="legend">
      ${legend.map(([name, text]) => html`<span class=${name}><i></i><span>${text}</span></span>`)}
    </p>
  `;
}

function counts({ items, step }, totalWidth) {
  const per = step === "PT1M" ? "minute" : "15 minutes";
  const max = ceiling(Math.max(...items.map(item => item.delivered + item.failed + item.pending), 1));
  const total = Object.fromEntries(OUTCOMES.map(name => [name, items.reduce((sum, item) => sum + item[name], 0)]));
  const scales = scale({ items, totalWidth, max });
  const { x, y, width } = scales;
  const bars = items.map((item, i) => {
    let below = 0;
    return OUTCOMES.filter(name => item[name] > 0).map(name => {
      const bottom = y(below);
      below += item[name];
      const top = y(below);
      const title = `${new Date(item.start).toLocaleTimeString()}, ${per}: ${describe(item)}`;
      return svg`
        <rect class=${name} x=${x(i) + 0.75} y=${top} width=${Math.max(1, width - 1.5)} height=${bottom - top}>
          <title>${title}</title>
        </rect>
      `;
    });
  });
  const legend = OUTCOMES.map(name => [name, `${name} ${total[name].toLocaleString()}`]);
  const format = value => (Number.isInteger(value) ? value : "");
  return plot({ items, totalWidth, max, label: `Deliveries: ${describe(total)}`, format, legend }, scales, bars);
}

function describe({ delivered, failed, pending }) {
  return `${delivered} delivered, ${failed} failed, ${pending} pending`;
}

function latency({ items }, totalWidth) {
  const max = ceiling(Math.max(...items.map(item => item.p99Ms ?? 0), 10));
  const scales = scale({ items, totalWidth, max });
  const lines = [["p99", "p99Ms"], ["p50", "p50Ms"]].map(([name, field]) => line(items, name, field, scales));
  const legend = [["p50", "Median (p50)"], ["p99", "p99"]];
  const label = "Delivery latency, median and p99";
  return plot({ items, totalWidth, max, label, format: duration, legend }, scales, lines);
}

/// A line with gaps where there is no value. A value between two gaps is a dot.
function line(items, name, field, { x, y, width }) {
  const segments = [];
  let segment = null;
  items.forEach((item, i) => {
    if (item[field] === null) segment = null;
    else if (segment) segment.push([x(i) + width / 2, y(item[field])]);
    else segments.push((segment = [[x(i) + width / 2, y(item[field])]]));
  });
  const dots = segments.filter(each => each.length === 1).map(([[cx, cy]]) => svg`
    <circle class="${name}dot" cx=${cx} cy=${cy} r="2.4"></circle>
  `);
  const path = segments.map(each => "M" + each.map(point => point.map(n => n.toFixed(1)).join()).join("L")).join("");
  return svg`${dots}<path class=${name} d=${path}></path>`;
}

function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value);
}
