import { h, s } from "./dom.js";
import { duration } from "./time.js";

/// Draws the delivery statistics of a webhook as SVG.

const HEIGHT = 180;
const LEFT = 44;
const BOTTOM = 20;
const TOP = 8;
const OUTCOMES = ["delivered", "failed", "pending"];

/// Redraws when the width changes, so that text keeps its size.
class Chart extends HTMLElement {
  connectedCallback() {
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this);
    this.draw();
  }

  disconnectedCallback() {
    this.watch.disconnect();
  }

  draw() {
    const width = Math.max(240, Math.round(this.clientWidth || 720));
    if (width === this.width) return;
    this.width = width;
    const plot = this.kind === "counts" ? counts(this.stats, width) : latency(this.stats, width);
    this.replaceChildren(plot.svg, legend(plot.names));
  }
}

customElements.define("rh-chart", Chart);

export function chart(stats, kind) {
  const element = document.createElement("rh-chart");
  Object.assign(element, { stats, kind });
  return element;
}

function frame({ items, totalWidth, max, label, format }) {
  const width = (totalWidth - LEFT) / items.length;
  const x = i => LEFT + i * width;
  const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / max);
  const lines = [0, max / 2, max].map(value => [
    s("line", { class: "axis", x1: LEFT, x2: totalWidth, y1: y(value), y2: y(value) }),
    s("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, format(value)),
  ]);
  const every = Math.ceil(items.length / Math.max(2, Math.min(6, Math.floor(totalWidth / 110))));
  const clock = { hour: "2-digit", minute: "2-digit" };
  const times = items.map((item, i) =>
    i % every === 0
      ? s("text", { x: x(i), y: HEIGHT - 4 }, new Date(item.start).toLocaleTimeString(undefined, clock))
      : null,
  );
  const svg = s("svg", { viewBox: `0 0 ${totalWidth} ${HEIGHT}`, role: "img", "aria-label": label }, lines, times);
  return { svg, x, y, width };
}

function counts({ items, step }, totalWidth) {
  const per = step === "PT1M" ? "minute" : "15 minutes";
  const max = ceiling(Math.max(...items.map(item => item.delivered + item.failed + item.pending), 1));
  const total = Object.fromEntries(OUTCOMES.map(name => [name, items.reduce((sum, item) => sum + item[name], 0)]));
  const label = `Deliveries: ${total.delivered} delivered, ${total.failed} failed, ${total.pending} pending`;
  const format = value => (Number.isInteger(value) ? value : "");
  const { svg, x, y, width } = frame({ items, totalWidth, max, label, format });
  items.forEach((item, i) => {
    let below = 0;
    for (const name of OUTCOMES) {
      if (item[name] === 0) continue;
      const bottom = y(below);
      below += item[name];
      const top = y(below);
      svg.append(
        s(
          "rect",
          { class: name, x: x(i) + 0.75, y: top, width: Math.max(1, width - 1.5), height: bottom - top },
          s("title", {}, `${new Date(item.start).toLocaleTimeString()}, ${per}: ${describe(item)}`),
        ),
      );
    }
  });
  return { svg, names: OUTCOMES.map(name => [name, `${name} ${total[name]}`]) };
}

function describe({ delivered, failed, pending }) {
  return `${delivered} delivered, ${failed} failed, ${pending} pending`;
}

function latency({ items }, totalWidth) {
  const max = ceiling(Math.max(...items.map(item => item.p99Ms ?? 0), 10));
  const label = "Delivery latency, median and p99";
  const { svg, x, y, width } = frame({ items, totalWidth, max, label, format: duration });
  for (const [name, field] of [["p99", "p99Ms"], ["p50", "p50Ms"]]) {
    let line = "";
    let alone = null;
    const flush = () => {
      if (alone) svg.append(s("circle", { class: `${name}dot`, cx: alone[0], cy: alone[1], r: 2.4 }));
      alone = null;
    };
    items.forEach((item, i) => {
      if (item[field] === null) {
        flush();
        line += " ";
        return;
      }
      const point = [x(i) + width / 2, y(item[field])];
      const starts = line === "" || line.endsWith(" ");
      line += `${starts ? "M" : "L"}${point[0].toFixed(1)},${point[1].toFixed(1)}`;
      alone = starts ? point : null;
    });
    flush();
    svg.append(s("path", { class: name, d: line.replace(/ +/g, " ") }));
  }
  return { svg, names: [["p50", "Median (p50)"], ["p99", "p99"]] };
}

function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value);
}

function legend(names) {
  const entries = names.map(([name, text]) => h("span", { class: name }, h("i"), h("span", {}, text)));
  return h("p", { class: "legend" }, entries);
}
