import { h, s } from "./dom.js";
import { duration } from "./time.js";

/// A chart of one webhook's figures, drawn by hand.

const HEIGHT = 180;
const LEFT = 44;
const BOTTOM = 20;
const TOP = 8;
const OUTCOMES = ["delivered", "failed", "pending"];

/// Drawn for the width that there is, so that words have the size of words.
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
    const plot = this.kind === "counts" ? counts(this.figures, width) : latency(this.figures, width);
    this.replaceChildren(plot.svg, legend(plot.names));
  }
}

customElements.define("rh-chart", Chart);

export function chart(figures, kind) {
  const element = document.createElement("rh-chart");
  Object.assign(element, { figures, kind });
  return element;
}

function frame({ items, whole, most, label, format }) {
  const width = (whole - LEFT) / items.length;
  const x = i => LEFT + i * width;
  const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most);
  const lines = [0, most / 2, most].map(value => [
    s("line", { class: "axis", x1: LEFT, x2: whole, y1: y(value), y2: y(value) }),
    s("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, format(value)),
  ]);
  const every = Math.ceil(items.length / Math.max(2, Math.min(6, Math.floor(whole / 110))));
  const times = items.map((item, i) =>
    i % every === 0
      ? s("text", { x: x(i), y: HEIGHT - 4 }, new Date(item.start).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" }))
      : null,
  );
  const svg = s("svg", { viewBox: `0 0 ${whole} ${HEIGHT}`, role: "img", "aria-label": label }, lines, times);
  return { svg, x, y, width };
}

function counts({ items, step }, whole) {
  const most = ceiling(Math.max(...items.map(item => item.delivered + item.failed + item.pending), 1));
  const total = Object.fromEntries(OUTCOMES.map(name => [name, items.reduce((sum, item) => sum + item[name], 0)]));
  const label = `Deliveries: ${total.delivered} delivered, ${total.failed} failed, ${total.pending} pending`;
  const { svg, x, y, width } = frame({ items, whole, most, label, format: value => (Number.isInteger(value) ? value : "") });
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
          s("title", {}, `${new Date(item.start).toLocaleTimeString()}: ${item.delivered} delivered, ${item.failed} failed, ${item.pending} pending in ${step === "PT1M" ? "a minute" : "a quarter of an hour"}`),
        ),
      );
    }
  });
  return { svg, names: OUTCOMES.map(name => [name, `${name} ${total[name]}`]) };
}

function latency({ items }, whole) {
  const most = ceiling(Math.max(...items.map(item => item.p99Ms ?? 0), 10));
  const { svg, x, y, width } = frame({ items, whole, most, label: "Time from transition to delivery, p50 and p99", format: duration });
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
  return { svg, names: [["p50", "p50: half is faster"], ["p99", "p99: 99 of 100 are faster"]] };
}

function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value);
}

function legend(names) {
  return h("p", { class: "legend" }, names.map(([name, text]) => h("span", { class: name }, h("i"), h("span", {}, text))));
}
