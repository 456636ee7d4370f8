// The interactive figure, the question and the curve to draw, drawn by the browser.
// One module for two hosts: anywidget in a notebook, host.mjs on the website. Both
// call render({ model, el }); the model's "state" holds everything that is shown,
// words included, and its "position" says where the controls stand.

const STYLE = `
.lrlib{--text:#1d2530;--muted:#56606d;--faint:#e3e7ec;--line:#c3cad3;--surface:#fff;--soft:#f4f6f9;
--accent:#0072b2;--accent-text:#fff;--good:#00734f;--bad:#b04300;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#b5548c;--c4:#a87400;--c5:#3a93cc;--ball:#d55e00;
--z0:86,180,233;--z1:0,158,115;--z2:240,200,40;--z3:213,94,0;
container-type:inline-size;box-sizing:border-box;color:var(--text);background:var(--surface);border:1px solid var(--line);
border-radius:12px;padding:16px 18px;margin:4px 0;font-size:16px;line-height:1.45;color-scheme:light;text-align:left}
.lrlib[data-dark]{--text:#e6eaf0;--muted:#a7b0bc;--faint:#2b323c;--line:#3d4652;--surface:#171c23;--soft:#212833;
--accent:#62b6ec;--accent-text:#0d1319;--good:#4fd1a5;--bad:#ff9a55;
--c0:#62b6ec;--c1:#ff9147;--c2:#3fcf9f;--c3:#e79ac6;--c4:#f0cf4a;--c5:#a9d7f5;--ball:#ff9147;color-scheme:dark}
.lrlib *,.lrlib ::before{box-sizing:border-box}
.lrlib p,.lrlib fieldset,.lrlib legend,.lrlib label{margin:0;padding:0;border:0;min-width:0;font-size:inherit}
.lrlib .lrlib-title{font-size:1.1em;font-weight:650;line-height:1.3;flex:1 1 200px}
.lrlib-hidden{position:absolute!important;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.lrlib-controls{display:grid;gap:6px 24px;grid-template-columns:1fr;align-items:start}
.lrlib-control{display:grid;grid-template-columns:1fr auto;column-gap:12px;align-items:baseline}
.lrlib .lrlib-control>legend{float:left}
.lrlib-control output{font-weight:650;font-size:1.05em;font-variant-numeric:tabular-nums;color:var(--accent)}
.lrlib-control input[type=range]{grid-column:1/-1;width:100%;height:26px;margin:3px 0 0;accent-color:var(--accent);cursor:pointer}
.lrlib .lrlib-toggle{display:flex;flex-wrap:wrap;gap:2px 18px;align-items:center;min-height:44px}
.lrlib-toggle>div{display:flex;flex-wrap:wrap;gap:2px 18px}
.lrlib-toggle label{display:inline-flex;gap:7px;align-items:center;min-height:28px;cursor:pointer}
.lrlib .lrlib-list{grid-template-columns:auto 1fr;align-items:center;min-height:44px}
.lrlib select{font:inherit;color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:4px 10px;min-height:36px;min-width:0;width:100%}
.lrlib input[type=radio]{accent-color:var(--accent);width:17px;height:17px;margin:0;flex:none}
.lrlib :focus-visible{outline:3px solid var(--accent);outline-offset:1px;border-radius:6px}
.lrlib .lrlib-verdict{align-items:center;margin:10px 0 14px;padding:9px 14px;background:var(--soft);border-left:4px solid var(--accent);
border-radius:4px 8px 8px 4px;font-size:1.06em;font-weight:600;line-height:1.4;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.lrlib [data-longest]{display:grid}
[data-longest]::before{content:attr(data-longest);visibility:hidden}
[data-longest]::before,[data-longest]>span{grid-area:1/1}
.lrlib-panels{display:grid;gap:16px 22px;grid-template-columns:minmax(0,1fr)}
.lrlib-panel{min-width:0;display:grid;grid-template-rows:subgrid;grid-row:span 2;row-gap:4px}
.lrlib .lrlib-panel>p{font-weight:600;font-size:.95em}
.lrlib canvas{display:block;width:100%;height:250px}
.lrlib-drag{cursor:ew-resize;touch-action:pan-y}
.lrlib-scroll{overflow-x:auto}
.lrlib .lrlib-hint{color:var(--muted);font-size:.88em;margin-bottom:8px}
.lrlib-drawing{position:relative}
.lrlib-drawing~canvas{margin-top:10px}
.lrlib-drawing canvas{cursor:crosshair;touch-action:pan-y pinch-zoom}
.lrlib-drawing input{position:absolute;inset:20px auto 40px;width:10px;margin:0 -5px;writing-mode:vertical-lr;direction:rtl;opacity:0;pointer-events:none}
.lrlib .lrlib-seen{margin:10px 0 8px;font-weight:600}
.lrlib .lrlib-values{display:grid;grid-template-columns:repeat(auto-fit,minmax(90px,1fr));gap:8px 16px;margin:0}
.lrlib .lrlib-values dt{color:var(--muted);font-size:.82em;font-weight:400;margin:0}
.lrlib .lrlib-values>div{display:flex;flex-direction:column;justify-content:space-between}
.lrlib dl.lrlib-values>div>dd{margin:0;font-weight:650;font-variant-numeric:tabular-nums;white-space:nowrap}
.lrlib table{border-collapse:collapse;width:100%;margin:0;font-size:.92em;font-variant-numeric:tabular-nums;color:inherit;background:none}
.lrlib th,.lrlib td{padding:5px 8px;text-align:right;border:0;border-bottom:1px solid var(--faint);background:none;color:inherit}
.lrlib tr>:first-child{text-align:left;padding-left:0}
.lrlib tbody th{font-weight:400}
.lrlib thead th{color:var(--muted);font-weight:600;border-bottom-color:var(--line)}
.lrlib button{font:inherit;font-weight:600;cursor:pointer;border:1px solid var(--line);border-radius:8px;padding:5px 14px;min-height:36px;background:var(--soft);color:var(--text)}
.lrlib button:hover{border-color:var(--accent)}
.lrlib-head{display:flex;flex-wrap:wrap;justify-content:space-between;gap:6px 12px;align-items:flex-start;margin-bottom:10px}
.lrlib-head>div{display:flex;gap:6px}
.lrlib-play::before{content:"▶ "/""}
.lrlib .lrlib-head button{font-size:.85em;padding:2px 10px;min-height:28px;color:var(--muted)}
.lrlib-choice legend{float:left;width:100%;font-weight:650;font-size:1.06em;margin-bottom:8px!important}
.lrlib-option{clear:both;display:flex;gap:10px;align-items:baseline;padding:7px 10px!important;margin:0 -10px!important;border-radius:8px;cursor:pointer}
.lrlib-option input{position:relative;top:3px}
.lrlib-option:hover{background:var(--soft)}
.lrlib-option[data-mark]{background:var(--soft);font-weight:600}
.lrlib-option[data-mark]::after{content:attr(data-mark);margin-left:auto;font-weight:700}
.lrlib-choice button{margin-top:8px}
.lrlib-choice .lrlib-primary{background:var(--accent);border-color:var(--accent);color:var(--accent-text)}
.lrlib-choice [role=status]:not(:empty){margin-top:12px;padding:9px 14px;background:var(--soft);border-left:4px solid var(--accent);border-radius:4px 8px 8px 4px}
.lrlib-choice [data-outcome=right]{border-color:var(--good)!important}
.lrlib-choice [data-outcome=wrong]{border-color:var(--bad)!important}
[data-outcome=right] strong{color:var(--good)}
[data-outcome=wrong] strong{color:var(--bad)}
@container (min-width:560px){
.lrlib-controls{grid-template-columns:1fr 1fr}.lrlib-controls>:last-child:nth-child(odd){grid-column:1/-1}
.lrlib-panels{grid-template-columns:repeat(2,minmax(0,1fr))}.lrlib-panels>:last-child:nth-child(odd){grid-column:1/-1}}
@media (forced-colors:active){.lrlib,.lrlib[data-dark]{--text:CanvasText;--muted:CanvasText;--faint:GrayText;--line:GrayText;--surface:Canvas;--soft:Canvas;
--accent:Highlight;--accent-text:HighlightText;--good:CanvasText;--bad:CanvasText;--ball:Highlight;
--c0:CanvasText;--c1:CanvasText;--c2:CanvasText;--c3:CanvasText;--c4:CanvasText;--c5:CanvasText}}
`;

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2]];
const LEVELS = 65533;
const MOST_BUTTONS = 6; // of a toggle with more values, a list is shown
const ANNOUNCE_AFTER = 400; // ms without a change before a screen reader is told
const NEAR = 30; // px from the curve within which a finger draws and does not scroll
const PLAY_STEP = 250, PLAY_ALL = 3000; // ms that playing a path takes, at most

// ---- data: the other half of codec.py ------------------------------------------

function levelsOf(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const half = bytes.length / 2;
  const levels = new Uint16Array(half);
  for (let i = 0, last = 0; i < half; i++) {
    const zigzag = bytes[i] | (bytes[half + i] << 8);
    levels[i] = last += (zigzag >> 1) ^ -(zigzag & 1);
  }
  return levels;
}

function decode(array) {
  const values = Float64Array.from(levelsOf(array.data), (level) => {
    if (level >= LEVELS) return [NaN, Infinity, -Infinity][level - LEVELS];
    const fraction = level / (LEVELS - 1);
    return array.low * (1 - fraction) + array.high * fraction;
  });
  return { shape: array.shape, values };
}

function decodeStrings({ strings, index }) {
  return { shape: index.shape, values: Array.from(levelsOf(index.whole), (i) => strings[i]) };
}

// The part of an array that belongs to a position; an axis of size 1 does not depend
// on its control.
function pick(array, position) {
  let start = 0;
  position.forEach((at, axis) => {
    start = start * array.shape[axis] + (array.shape[axis] === 1 ? 0 : at);
  });
  const size = array.shape.slice(position.length).reduce((a, b) => a * b, 1);
  return array.values.slice(start * size, (start + 1) * size);
}

// The machine's states along a drawn curve, from before the first report on, and what
// each report did: [sentence, better, cut].
function walked({ first, next, event, events }, position) {
  const grid = first.shape.length;
  const states = [...pick(first, position.slice(0, grid))];
  const done = position.slice(grid).map((level) => {
    const at = [states.at(-1), level];
    states.push(pick(next, at)[0]);
    return events[pick(event, at)[0]];
  });
  return { states, done };
}

// ---- numbers and axes -----------------------------------------------------------

function written(value) {
  const size = Math.abs(value);
  const text = size && (size < 0.00099 || size > 99999)
    ? value.toExponential().replace("e+", "e")
    : String(+value.toPrecision(6));
  return text.replace(/^-/, "−");
}

// [position in the axis's own space, label] for each tick.
function ticksOf({ range: [low, high], scale, integer }, room) {
  const found = [];
  const inside = (at) => at >= low - 1e-9 && at <= high + 1e-9;
  if (scale === "log") {
    const decades = high - low;
    const stride = Math.max(1, Math.ceil(decades / room));
    const factors = decades * 3 < room ? [1, 2, 5] : decades * 2 < room ? [1, 3] : [1];
    for (let decade = Math.ceil(low - 1); decade <= high; decade++) {
      if (decade % stride) continue;
      for (const factor of factors) {
        const at = decade + Math.log10(factor);
        if (inside(at)) found.push([at, written(+`${factor}e${decade}`)]);
      }
    }
    return found;
  }
  const rough = Math.max((high - low) / room, integer ? 1 : 0);
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((n) => n * unit >= rough);
  for (let n = Math.ceil(low / step - 1e-9); inside(n * step); n++) {
    found.push([n * step, written(n * step)]);
  }
  return found;
}

// ---- drawing --------------------------------------------------------------------

const mapping = ([low, high], from, to) => (at) => {
  // What lies far outside stays drawable: canvas has no infinite pixels.
  const fraction = (at - low) / (high - low);
  return from + Math.min(5, Math.max(-4, fraction)) * (to - from);
};

// A chart's frame: names of axes and lines, grid, ticks; gives the mapping from axis
// space to pixels.
function frame(view, { x, y, equal, gutter, series = [] }) {
  const { context: c, width, height, colour } = view;
  const top = nameLines(view, series, y.label ? c.measureText(y.label).width + 16 : 0) + (x.labels ? 42 : 17);
  const bottom = 40;
  const yRoom = (height - top - bottom) / 38; // ticks need less room above each other
  const yTicks = ticksOf(y, yRoom);
  const left = gutter ?? 10 + Math.max(...yTicks.map(([, text]) => c.measureText(text).width), 8);
  const box = { left, top, right: width - 10, bottom: height - bottom };
  let [xRange, yRange] = [x.range, y.range];
  if (equal) [xRange, yRange] = squared(xRange, yRange, box);
  const X = mapping(xRange, box.left, box.right);
  const Y = mapping(yRange, box.bottom, box.top);
  c.lineWidth = 1;
  c.strokeStyle = colour("faint");
  c.fillStyle = colour("muted");
  c.textBaseline = "middle";
  c.textAlign = "right";
  for (const [at, text] of ticksOf({ ...y, range: yRange }, yRoom)) {
    const pixel = Math.round(Y(at)) + 0.5;
    stroke(c, [[box.left, pixel], [box.right, pixel]]);
    c.fillText(text, box.left - 6, pixel);
  }
  c.textAlign = "left";
  c.fillText(y.label, 0, 9);
  c.textBaseline = "top";
  if (!x.labels) {
    let free = -Infinity;
    for (const [at, text] of ticksOf({ ...x, range: xRange }, (box.right - box.left) / 55)) {
      const pixel = Math.round(X(at)) + 0.5;
      stroke(c, [[pixel, box.top], [pixel, box.bottom]]);
      const half = c.measureText(text).width / 2;
      const middle = Math.min(pixel, width - half);
      if (middle - half < free) continue; // never one label over another
      c.textAlign = "center";
      c.fillText(text, middle, box.bottom + 6);
      free = middle + half + 6;
    }
    c.textAlign = "right";
    c.fillText(x.label, box.right, box.bottom + 23);
  }
  c.strokeStyle = colour("line");
  stroke(c, [[box.left + 0.5, box.top], [box.left + 0.5, box.bottom + 0.5], [box.right, box.bottom + 0.5]]);
  return { ...view, box, X, Y, xRange, yRange, several: series.length > 1 };
}

function squared(xRange, yRange, box) {
  const unit = Math.max(
    (xRange[1] - xRange[0]) / (box.right - box.left),
    (yRange[1] - yRange[0]) / (box.bottom - box.top),
  );
  const around = ([low, high], pixels) => {
    const half = (unit * pixels) / 2;
    return [(low + high) / 2 - half, (low + high) / 2 + half];
  };
  return [around(xRange, box.right - box.left), around(yRange, box.bottom - box.top)];
}

function stroke(c, points) {
  c.beginPath();
  let drawing = false;
  for (const [x, y] of points) {
    if (Number.isNaN(x) || Number.isNaN(y)) drawing = false;
    else if (drawing) c.lineTo(x, y);
    else { c.moveTo(x, y); drawing = true; }
  }
  c.stroke();
}

function dot(c, x, y, radius) {
  c.beginPath();
  c.arc(x, y, radius, 0, 2 * Math.PI);
  c.fill();
}

function inside(chart, draw) {
  const { context: c, box } = chart;
  c.save();
  c.beginPath();
  c.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  c.clip();
  draw();
  c.restore();
}

// A text that stays readable on top of lines.
function halo(chart, text, x, y, colour, align = "left", room = undefined) {
  const c = chart.context;
  c.textAlign = align;
  c.textBaseline = "middle";
  c.lineWidth = 4;
  c.lineJoin = "round";
  c.setLineDash([]);
  c.strokeStyle = chart.colour("surface");
  c.strokeText(text, x, y, room);
  c.fillStyle = colour;
  c.fillText(text, x, y, room);
}

// A triangle with its tip at (x, y), pointing along (dx, dy).
function triangle({ context: c }, x, y, dx, dy, size, colour) {
  c.fillStyle = colour;
  c.beginPath();
  c.moveTo(x, y);
  c.lineTo(x - size * (dx + 0.6 * dy), y - size * (dy + 0.6 * dx));
  c.lineTo(x - size * (dx - 0.6 * dy), y - size * (dy - 0.6 * dx));
  c.fill();
}

// An arrow, and, below the chart, what it means.
function arrow(chart, x, y, dx, dy, colour) {
  const { context: c, box, words } = chart;
  triangle(chart, x, y, dx, dy, 11, colour);
  if (chart.explained) return;
  chart.explained = true;
  const level = box.bottom + 29;
  triangle(chart, 5 + 4 * dx, level + 4 * dy, dx, dy, 8, chart.several ? chart.colour("muted") : colour);
  c.textAlign = "left";
  c.textBaseline = "middle";
  c.fillStyle = chart.colour("muted");
  c.fillText(words.off_chart, 14, level);
}

// An arrow where the line from one pixel to another leaves the chart.
function leaves(chart, from, to, colour) {
  const { box } = chart;
  const limit = (start, end, low, high) =>
    end < low ? (low - start) / (end - start) : end > high ? (high - start) / (end - start) : 2;
  const across = limit(from[0], to[0], box.left, box.right);
  const along = limit(from[1], to[1], box.top, box.bottom);
  const part = Math.min(across, along);
  if (part < 0 || part > 1) return;
  const [x, y] = [0, 1].map((axis) => from[axis] + part * (to[axis] - from[axis]));
  const [dx, dy] = along <= across ? [0, Math.sign(to[1] - from[1])] : [Math.sign(to[0] - from[0]), 0];
  arrow(chart, x, y, dx, dy, colour);
}

function drawReferences(chart, references, position) {
  const { context: c, box, X, Y, colour } = chart;
  for (const { axis, label, value } of references) {
    const at = pick(value, position)[0];
    c.strokeStyle = colour("text");
    c.lineWidth = 1.25;
    c.setLineDash([5, 4]);
    if (axis === "y") {
      const y = Y(at);
      if (!(y >= box.top && y <= box.bottom)) continue;
      stroke(c, [[box.left, y], [box.right, y]]);
      halo(chart, label, box.right - 4, y < box.top + 16 ? y + 9 : y - 9, colour("text"), "right");
    } else {
      const x = X(at);
      if (!(x >= box.left && x <= box.right)) continue;
      stroke(c, [[x, box.top], [x, box.bottom]]);
      const left = x + 6 + c.measureText(label).width > box.right;
      halo(chart, label, x + (left ? -5 : 5), box.bottom - 11, colour("text"), left ? "right" : "left");
    }
    c.setLineDash([]);
  }
}

function drawZones(chart, zones, position) {
  const { context: c, box, X, colour } = chart;
  const spans = zones.map(({ label, start, end }) => {
    const within = (at) => Math.min(box.right, Math.max(box.left, X(pick(at, position)[0])));
    return { label, from: within(start), to: within(end) };
  });
  spans.forEach(({ from, to }, index) => {
    if (!(to > from)) return;
    c.fillStyle = `rgba(${colour(`z${index % 4}`)},.13)`;
    c.fillRect(from, box.top, to - from, box.bottom - box.top);
    c.strokeStyle = colour("line");
    c.lineWidth = 1;
    if (from > box.left + 1) stroke(c, [[from, box.top], [from, box.bottom]]);
  });
  return spans;
}

// Above the curves, upright where the zone is too narrow for its name.
function nameZones(chart, spans) {
  const { context: c, box, colour } = chart;
  for (const { label, from, to } of spans) {
    const turned = c.measureText(label).width + 6 > to - from;
    if (turned && to - from < 14) continue;
    c.save();
    c.translate((from + to) / 2, box.top + (turned ? 6 : 10));
    if (turned) c.rotate(Math.PI / 2);
    halo(chart, label, 0, 0, colour("muted"), turned ? "left" : "center");
    c.restore();
  }
}

const PAINTERS = {
  lines(view, panel, position) {
    const { context: c, colour } = view;
    const chart = frame(view, panel);
    const { box, X, Y } = chart;
    const zones = drawZones(chart, panel.zones, position);
    const at = panel.cursor?.map((array) => pick(array, position)[0]);
    if (at) {
      c.strokeStyle = colour("ball");
      c.lineWidth = 1.5;
      inside(chart, () => stroke(c, [[X(at[0]), box.top], [X(at[0]), box.bottom]]));
    }
    const xs = Array.from(panel.positions.values, X);
    const curves = panel.series.map(({ values }) => Array.from(pick(values, position), Y));
    const dense = (box.right - box.left) / xs.length;
    inside(chart, () => curves.forEach((ys, index) => {
      c.strokeStyle = c.fillStyle = colour(`c${index % 6}`);
      c.lineWidth = 2.25;
      c.lineJoin = "round";
      c.setLineDash(DASHES[index % 6]);
      stroke(c, xs.map((x, i) => [x, ys[i]]));
      c.setLineDash([]);
      if (dense > 5) xs.forEach((x, i) => ys[i] === ys[i] && dot(c, x, ys[i], dense > 9 ? 2.8 : 2.2));
    }));
    nameZones(chart, zones);
    drawReferences(chart, panel.references, position);
    if (at) drawCursor(chart, at, xs, curves);
    const out = (y) => y < box.top - 0.5 || y > box.bottom + 0.5;
    curves.forEach((ys, index) => {
      const first = ys.findIndex((y, i) => out(y) && (i === 0 || !out(ys[i - 1])));
      if (first < 0) return;
      const before = first && ys[first - 1] === ys[first - 1]
        ? [xs[first - 1], ys[first - 1]]
        : [xs[first], (box.top + box.bottom) / 2];
      leaves(chart, before, [xs[first], ys[first]], colour(`c${index % 6}`));
    });
    return chart;
  },

  plane(view, panel, position, shown) {
    const chart = frame(view, panel);
    const { context: c, colour, box, X, Y } = chart;
    const points = (pair) => {
      const [x, y] = pair.map((array) => pick(array, position));
      return Array.from(x, (at, i) => [X(at), Y(y[i])]);
    };
    const path = points(panel.path).slice(0, shown).filter(([x, y]) => x === x && y === y);
    const out = ([x, y]) => x < box.left || x > box.right || y < box.top || y > box.bottom;
    const last = path.length - 1;
    const gone = path.findIndex(out);
    inside(chart, () => {
      c.strokeStyle = colour("muted");
      c.lineWidth = panel.background.length > 2 ? 1 : 2;
      panel.background.forEach((curve) => stroke(c, points(curve)));
      c.strokeStyle = c.fillStyle = colour("c0");
      c.lineWidth = 1.75;
      c.globalAlpha = 0.6;
      stroke(c, path);
      path.forEach(([x, y], i) => {
        c.globalAlpha = 0.35 + (0.5 * i) / Math.max(1, last);
        dot(c, x, y, 3.2);
      });
      c.globalAlpha = 1;
    });
    if (!path.length) return chart;
    if (!out(path[0])) ring(chart, path[0], 5.5, colour("c0"), colour("surface"));
    if (gone > 0) leaves(chart, path[gone - 1], path[gone], colour("ball"));
    if (!out(path[last])) ring(chart, path[last], 8, colour("surface"), colour("ball"));
    return chart;
  },

  bars(view, panel, position) {
    const { context: c, colour } = view;
    const chart = frame(view, { x: { labels: panel.labels, range: [0, panel.labels.length] }, y: panel.y });
    const { box, X, Y } = chart;
    const texts = pick(panel.texts, position);
    const foot = panel.y.scale === "log" ? box.bottom : Math.min(box.bottom, Math.max(box.top, Y(0)));
    const room = X(1) - X(0);
    const heads = Array.from(pick(panel.values, position), Y);
    heads.forEach((head, i) => {
      const middle = X(i + 0.5);
      const end = Math.min(box.bottom, Math.max(box.top, head));
      c.fillStyle = colour("c0");
      if (head === head) c.fillRect(middle - room * 0.31, Math.min(foot, end), room * 0.62, Math.abs(foot - end));
      c.textAlign = "center";
      c.textBaseline = "top";
      c.fillStyle = colour("text");
      c.fillText(panel.labels[i], middle, box.bottom + 7, room - 4);
    });
    drawReferences(chart, panel.references, position);
    heads.forEach((head, i) => {
      const middle = X(i + 0.5);
      let [at, text] = [head <= foot ? head - 9 : head + 9, texts[i]];
      if (head !== head) [at, text] = [foot - 12, view.words.no_value];
      if (head < box.top - 0.5) {
        arrow(chart, middle, box.top - 13, 0, -1, colour("ball"));
        at = box.top - 21;
      } else if (head > box.bottom + 0.5) {
        arrow(chart, middle, box.bottom, 0, 1, colour("ball"));
        at = box.bottom - 20;
      }
      halo(chart, text, middle, at, colour("text"), "center", room);
    });
    return chart;
  },

  drawn(view, panel, run) {
    const chart = frame(view, panel);
    const { context: c, X, Y, colour } = chart;
    markReports(chart, run);
    steps(chart, run.best.slice(1), 1, panel.series[1].style);
    const points = run.metric.map((value, i) => [X(i + 1), Y(value)]);
    const size = Math.min(5.5, (X(1) - X(0)) * 0.42);
    c.strokeStyle = colour("c0");
    stroke(c, points);
    points.forEach((at, i) => {
      if (i === run.focus) ring(chart, at, size + 6, colour("accent"), colour("surface"));
      ring(chart, at, size, colour("c0"), colour(run.done[i][1] ? "c0" : "surface"));
    });
    return chart;
  },

  counters({ context: c, width, height, colour }, { rows, x, gutter }, { quantities, states, seen }) {
    const X = mapping(x.range, gutter, width - 10), cell = X(1) - X(0) - 1.5;
    const row = height / rows.length;
    c.textBaseline = "middle";
    c.strokeStyle = colour("text");
    c.lineWidth = 1.5;
    rows.forEach((index, at) => {
      const { name, texts } = quantities[index];
      c.textAlign = "left";
      c.fillStyle = colour("muted");
      c.fillText(name, 0, at * row + 9);
      c.textAlign = "center";
      states.slice(1).forEach((state, i) => {
        const text = texts.values[state];
        const field = [X(i + 1) - cell / 2, at * row + 18, cell, row - 21];
        c.fillStyle = text === "0" ? colour("soft") : `rgba(${colour("z0")},.4)`;
        c.fillRect(...field);
        if (i === seen) c.strokeRect(...field);
        c.fillStyle = colour("text");
        c.fillText(text, X(i + 1), at * row + 28, cell);
      });
    });
  },

  rate(view, panel, run) {
    const chart = frame(view, panel);
    markReports(chart, run);
    panel.series.forEach(({ values, style }) => steps(chart, values ? [...values.values] : run.rate, 0, style));
    return chart;
  },
};

// A line of steps: value `i` holds from `start + i` to the next.
function steps(chart, values, start, index) {
  const { context: c, X, Y, colour } = chart;
  c.strokeStyle = colour(`c${index}`);
  c.lineWidth = 2.25;
  c.setLineDash(DASHES[index]);
  inside(chart, () => stroke(c, values.flatMap((value, i) => [start + i, start + i + 1].map((x) => [X(x), Y(value)]))));
  c.setLineDash([]);
}

function markReports(chart, { done, seen }) {
  const { context: c, box, X, colour } = chart;
  done.forEach(([, , cut], i) => {
    const x = X(i + 1);
    c.lineWidth = 1.5;
    c.fillStyle = colour("line");
    if (i === seen) c.fillRect(x - 2.5, box.top, 5, box.bottom - box.top);
    if (!cut) return;
    c.strokeStyle = colour("ball");
    c.setLineDash(DASHES[2]);
    stroke(c, [[x, box.top], [x, box.bottom]]);
    c.setLineDash([]);
    triangle(chart, x, box.top + 9, 0, 1, 10, colour("ball"));
  });
}

function ring(chart, [x, y], radius, edge, fill) {
  const c = chart.context;
  c.fillStyle = edge;
  dot(c, x, y, radius);
  c.fillStyle = fill;
  dot(c, x, y, radius - 2);
}

// The names of several lines, each beside a piece of its line, in rows from `start` on;
// gives the height that they take.
function nameLines({ context: c, width, colour }, series, start) {
  let x = start, y = 9;
  if (series.length > 1) series.forEach(({ name, style }, at) => {
    const index = style ?? at;
    const size = 30 + c.measureText(name).width;
    if (x + size > width && x > 0) [x, y] = [0, y + 18];
    c.strokeStyle = colour(`c${index % 6}`);
    c.lineWidth = 2.25;
    c.setLineDash(DASHES[index % 6]);
    stroke(c, [[x, y], [x + 22, y]]);
    c.setLineDash([]);
    c.textAlign = "left";
    c.textBaseline = "middle";
    c.fillStyle = colour("text");
    c.fillText(name, x + 28, y, width - x - 28);
    x += size + 14;
  });
  return y;
}

// The ball: at a point, or on each curve above an x.
function drawCursor(chart, at, xs, curves) {
  const { box, X, Y, colour } = chart;
  const x = X(at[0]);
  if (!(x >= box.left - 0.5 && x <= box.right + 0.5)) return;
  const heights = at.length > 1 ? [Y(at[1])] : curves.map((ys) => ys[nearest(xs, x)]);
  for (const y of heights) {
    if (y !== y) continue;
    if (y < box.top - 0.5 || y > box.bottom + 0.5) leaves(chart, [x, (box.top + box.bottom) / 2], [x, y], colour("ball"));
    else ring(chart, [x, y], 8, colour("surface"), colour("ball"));
  }
}

// ---- the page -------------------------------------------------------------------

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const name = () => `lrlib-${Math.random().toString(36).slice(2)}`;

// The site says so on <html>, JupyterLab and VS Code on <body>, Colab on <html>;
// elsewhere the system decides.
function isDark() {
  const page = document.documentElement, body = document.body;
  const said = page.dataset.theme ?? page.getAttribute("theme") ?? body.dataset.vscodeThemeKind;
  if (said) return said.includes("dark") || said === "vscode-high-contrast";
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function followTheme(root, redraw) {
  const apply = () => {
    root.toggleAttribute("data-dark", isDark());
    redraw();
  };
  const observer = new MutationObserver(apply);
  for (const node of [document.documentElement, document.body]) {
    observer.observe(node, { attributes: true, attributeFilter: ["data-theme", "theme", "data-jp-theme-light", "data-vscode-theme-kind"] });
  }
  const queries = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => matchMedia(query));
  queries.forEach((query) => query.addEventListener("change", apply));
  apply();
  return () => {
    observer.disconnect();
    queries.forEach((query) => query.removeEventListener("change", apply));
  };
}

// Font and colours, read from the style sheet once and not at every stroke.
function themeOf(root) {
  const style = getComputedStyle(root);
  const known = {};
  const colour = (key) => (known[key] ??= style.getPropertyValue(`--${key}`).trim());
  return { font: `13px ${style.fontFamily}`, colour };
}

// Keys belong to the element that has the focus: a page or notebook that listens for
// arrow keys must not hear them.
function keepKeys(root) {
  root.dataset.lmSuppressShortcuts = "true";
  root.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select")) event.stopPropagation();
  });
}

function controlOf(control, index, move) {
  const id = name();
  const output = make("output", { "aria-live": "off" });
  if (control.toggle && control.texts.length > MOST_BUTTONS) {
    const list = make("select", { id }, ...control.texts.map((text) => make("option", {}, text)));
    list.addEventListener("change", () => move(index, list.selectedIndex));
    return {
      node: make("div", { class: "lrlib-control lrlib-list" }, make("label", { for: id }, control.label), list),
      show: (at) => { list.selectedIndex = at; },
    };
  }
  if (control.toggle) {
    const inputs = control.texts.map((_, at) => {
      const input = make("input", { type: "radio", name: id, id: `${id}-${at}` });
      input.addEventListener("change", () => move(index, at));
      return input;
    });
    // The options share a box: where they need more than one line, all stand below the name.
    const node = make("fieldset", { class: "lrlib-control lrlib-toggle" },
      make("legend", { class: "lrlib-hidden" }, control.label),
      make("span", { "aria-hidden": "true" }, control.label),
      make("div", {}, ...inputs.map((input, at) => make("label", { for: input.id }, input, control.texts[at]))));
    return { node, show: (at) => inputs.forEach((input, i) => { input.checked = i === at; }) };
  }
  const input = make("input", { type: "range", id, min: 0, max: control.texts.length - 1, step: 1 });
  output.htmlFor = id;
  input.addEventListener("input", () => move(index, +input.value));
  return {
    node: make("div", { class: "lrlib-control" }, make("label", { for: id }, control.label), output, input),
    show(at) {
      input.value = at;
      input.setAttribute("aria-valuetext", output.value = control.texts[at]);
    },
  };
}

function tableOf(panel) {
  const body = make("tbody");
  const node = make("div", { class: "lrlib-scroll", role: "region", "aria-label": panel.title }, make("table", {},
    make("thead", {}, make("tr", {}, ...panel.columns.map((text) => make("th", { scope: "col" }, text)))), body));
  const show = (position) => {
    const texts = pick(panel.texts, position), width = panel.columns.length;
    body.replaceChildren();
    for (let i = 0; i < texts.length; i += width) {
      body.append(make("tr", {}, make("th", { scope: "row" }, texts[i]), ...texts.slice(i + 1, i + width).map((text) => make("td", {}, text))));
    }
  };
  // What scrolls must be reachable by keyboard; what does not need not be a stop.
  const resize = ({ width }) => {
    if (node.scrollWidth > width + 1) node.tabIndex = 0;
    else node.removeAttribute("tabindex");
  };
  return { node, show, resize };
}

function canvasOf(panel, words, themeNow) {
  const node = make("canvas", { role: "img" });
  if (panel.height) node.style.height = `${panel.height}px`;
  let width = 0, height = 0, chart = null;
  // `shown` is how much of a path is drawn: all of it, unless it is being played.
  const show = (position, verdict, shown = Infinity) => {
    node.setAttribute("aria-label", `${panel.title}. ${verdict}`);
    if (!width) return;
    const context = node.getContext("2d");
    const ratio = devicePixelRatio || 1;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (node.width !== w || node.height !== h) [node.width, node.height] = [w, h];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const { font, colour } = themeNow();
    context.font = font;
    chart = PAINTERS[panel.kind]({ context, width, height, colour, words }, panel, position, shown);
  };
  const resize = (rect) => { ({ width, height } = rect); };
  const toAxis = (pixel) => {
    const { box: { left, right }, xRange: [low, high] } = chart;
    return low + ((pixel - left) / (right - left)) * (high - low);
  };
  return { node, show, resize, toAxis, chart: () => chart };
}

// Arrays are decoded once, wherever they stand in the state.
function decoded(value) {
  if (Array.isArray(value)) return value.map(decoded);
  if (!value || typeof value !== "object") return value;
  if (value.strings) return decodeStrings(value);
  if (value.data) return decode(value);
  if (value.whole) return { shape: value.shape, values: levelsOf(value.whole) };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decoded(part)]));
}

// Dragging on a chart moves the first slider that moves its cursor.
function draggable(canvas, panel, controls, current, move) {
  const along = panel.cursor?.[0];
  const index = controls.findIndex((control, i) => !control.toggle && along?.shape[i] > 1);
  if (index < 0) return;
  canvas.node.classList.add("lrlib-drag");
  const follow = (event) => {
    const target = canvas.toAxis(event.offsetX);
    const places = controls[index].texts.map((_, at) => pick(along, current().with(index, at))[0]);
    move(index, nearest(places, target));
  };
  canvas.node.addEventListener("pointerdown", (event) => {
    canvas.node.setPointerCapture(event.pointerId);
    follow(event);
  });
  canvas.node.addEventListener("pointermove", (event) => {
    if (canvas.node.hasPointerCapture(event.pointerId)) follow(event);
  });
}

function buttonOf(text, press, kind) {
  const node = make("button", { type: "button", class: kind }, text);
  node.addEventListener("click", press);
  return node;
}

// A text that keeps the place of the longest one, so that nothing below moves.
function steadyText(longest, attributes) {
  const text = make("span");
  return { text, node: make("p", { ...attributes, "data-longest": longest }, text) };
}

// The frame of an explorer and of a drawing, and their position: drawn once a frame,
// told to screen reader and kernel after a pause, not at every step of a drag.
function figureOf(model, root, state, { start, longest, verdictAt, show }) {
  const saved = model.get("position");
  let position = saved?.length === start.length ? [...saved] : start;
  let frameAsked = 0, timer = 0, theme = null;
  const verdict = steadyText(longest, { class: "lrlib-verdict", "aria-hidden": "true" });
  const status = make("p", { class: "lrlib-hidden", role: "status", "aria-live": "polite" });

  function showNow() {
    frameAsked = 0;
    show(position, verdict.text.textContent = verdictAt(position));
  }
  function redraw() {
    frameAsked ||= requestAnimationFrame(showNow);
  }
  function tell() {
    status.textContent = verdictAt(position);
    model.set("position", position);
    model.save_changes();
  }
  function go(to) {
    if (`${to}` === `${position}`) return;
    position = to;
    redraw();
    clearTimeout(timer);
    timer = setTimeout(tell, ANNOUNCE_AFTER);
  }
  const moved = () => {
    const to = model.get("position");
    if (to.length === start.length) go([...to]);
  };

  function begin(buttons, controls, sized, ...below) {
    const titleId = name(), altId = name();
    root.setAttribute("role", "group");
    root.setAttribute("aria-labelledby", titleId);
    root.setAttribute("aria-describedby", altId);
    root.append(
      make("div", { class: "lrlib-head" },
        make("p", { class: "lrlib-title", id: titleId }, state.title),
        make("div", {}, ...buttons, buttonOf(state.words.reset, () => go(start)))),
      make("p", { class: "lrlib-hidden", id: altId }, state.alt),
      make("div", { class: "lrlib-controls" }, ...controls.map((part) => part.node)),
      verdict.node, status, ...below,
    );
    status.textContent = verdictAt(position);
    const sizes = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) sized.find((part) => part.node === target).resize(contentRect);
      showNow();
    });
    sized.forEach((part) => sizes.observe(part.node));
    model.on("change:position", moved);
    const unfollow = followTheme(root, () => {
      theme = null;
      redraw();
    });
    showNow();
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(frameAsked);
      sizes.disconnect();
      unfollow();
      model.off("change:position", moved);
    };
  }
  return { begin, redraw, go, move: (index, at) => go(position.with(index, at)), now: () => position, themeNow: () => (theme ??= themeOf(root)) };
}

function renderExplorer(model, root, state) {
  const { controls, words } = state;
  const panels = state.panels.map(decoded);
  const verdicts = decodeStrings(state.verdicts);
  let playing = 0;
  const figure = figureOf(model, root, state, {
    start: controls.map((control) => control.start),
    verdictAt: (position) => pick(verdicts, position)[0],
    longest: state.verdicts.strings.reduce((a, b) => (b.length > a.length ? b : a)),
    show(position, text) {
      cancelAnimationFrame(playing);
      parts.forEach((part, index) => part.show(position[index]));
      drawn.forEach((part) => part.show(position, text));
    },
  });
  const parts = controls.map((control, index) => controlOf(control, index, figure.move));
  const drawn = panels.map((panel) => (panel.kind === "table" ? tableOf(panel) : canvasOf(panel, words, figure.themeNow)));
  const paths = drawn.filter((_, index) => panels[index].kind === "plane");
  const length = Math.max(0, ...panels.map((panel) => panel.path?.[0].shape.at(-1) ?? 0));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  // The path appears step by step; any change of a control ends it.
  function play() {
    const pause = Math.min(PLAY_STEP, PLAY_ALL / length);
    const begin = performance.now();
    const next = (now) => {
      const shown = 1 + Math.max(0, Math.floor((now - begin) / pause));
      paths.forEach((part) => part.show(figure.now(), pick(verdicts, figure.now())[0], shown));
      if (shown < length) playing = requestAnimationFrame(next);
    };
    cancelAnimationFrame(playing);
    playing = requestAnimationFrame(next);
  }
  panels.forEach((panel, index) => panel.cursor && draggable(drawn[index], panel, controls, figure.now, figure.move));
  const end = figure.begin(length > 2 && !still ? [buttonOf(words.play, play, "lrlib-play")] : [], parts, drawn,
    make("div", { class: "lrlib-panels" }, ...panels.map((panel, index) =>
      make("div", { class: "lrlib-panel" }, make("p", {}, panel.title), drawn[index].node))));
  return () => {
    cancelAnimationFrame(playing);
    end();
  };
}

const nearest = (places, to) => places.reduce((best, at, i) => (Math.abs(at - to) < Math.abs(places[best] - to) ? i : best), 0);
const filled = (template, values) => template.replace(/{(\w+)}/g, (_, key) => values[key]);

// The points of the curve as sliders that are felt, not seen. Up and down are the
// browser's own keys, left and right choose the report.
function slidersOf(reports, texts, move, choose) {
  const inputs = reports.map((label, i) => {
    const input = make("input", { type: "range", min: 0, max: texts.length - 1, "aria-label": label, tabindex: i ? -1 : 0 });
    const on = (type, listener) => input.addEventListener(type, listener);
    on("input", () => move(i, +input.value));
    on("blur", () => choose(i, false));
    on("focus", () => {
      inputs.forEach((other) => { other.tabIndex = other === input ? 0 : -1; });
      choose(i, input.matches(":focus-visible"));
    });
    on("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      inputs[i + step]?.focus();
    });
    return input;
  });
  const show = (levels, done, chart) => inputs.forEach((input, i) => {
    input.value = levels[i];
    input.setAttribute("aria-valuetext", `${texts[levels[i]]}: ${done[i][0]}`);
    if (chart) input.style.left = `${chart.X(i + 1)}px`;
  });
  return { inputs, show };
}

// A mouse or a finger draws the curve. A finger that starts away from it is held until
// it moves sideways: upright it scrolls the page, as anywhere.
function paintable({ node, chart }, values, { now, paint, hover, end }) {
  let last = null, held = null;
  const spotOf = ({ offsetX, offsetY }) => {
    const { X, Y } = chart(), heights = values.map(Y);
    const report = nearest(now().map((_, i) => X(i + 1)), offsetX);
    return { report, level: nearest(heights, offsetY), away: Math.abs(heights[now()[report]] - offsetY) };
  };
  // What a fast pointer skipped lies on the straight line.
  const draw = (event) => {
    const to = spotOf(event), levels = now();
    const way = to.report - last.report, span = Math.abs(way) || 1;
    for (let i = 0; i <= span; i++) {
      levels[Math.round(last.report + (way * i) / span)] = Math.round(last.level + ((to.level - last.level) * i) / span);
    }
    last = to;
    paint(levels, to.report);
  };
  const on = (type, listener, options) => node.addEventListener(type, (event) => event.isPrimary !== false && listener(event), options);
  on("pointerdown", (event) => {
    if (event.button) return;
    last = spotOf(event);
    node.setPointerCapture(event.pointerId);
    held = event.pointerType === "touch" && last.away > NEAR ? event.offsetX : null;
    if (held === null) draw(event);
  });
  on("touchstart", (event) => held === null && event.preventDefault(), { passive: false });
  on("pointermove", (event) => {
    if (!last) return hover(spotOf(event).report);
    if (held !== null && Math.abs(event.offsetX - held) < NEAR / 3) return;
    held = null;
    draw(event);
  });
  on("pointerup", (event) => {
    if (!last) return;
    draw(event); // a tap away from the curve
    end(last.report);
    last = null;
  });
  on("pointercancel", () => { last = null; });
  on("pointerleave", () => hover(null));
}

function renderReports(model, root, state) {
  const table = decoded(state);
  const { controls, curves, words, levels, quantities, panels } = table;
  const grid = controls.length;
  const names = [levels.name, ...quantities.map(({ name }) => name)];
  const rates = quantities[state.rate_at].texts.values;
  const reports = curves[0].levels.map((_, i) => filled(words.report, { number: i + 1 }));
  let seen = reports.length - 1, hovered = null, focus = null;

  const figure = figureOf(model, root, state, {
    start: [...controls.map((control) => control.start), ...curves[0].levels],
    verdictAt(position) {
      const { states, done } = walked(table, position);
      const cuts = done.flatMap(([, , cut], i) => (cut ? [`${i + 1}`] : []));
      const reports = new Intl.ListFormat(words.language).format(cuts);
      return filled([words.no_cut, words.one_cut][cuts.length] ?? words.cuts, { reports, rate: rates[states.at(-1)] });
    },
    longest: state.longest_verdict,
    show(position, text) {
      const { states, done } = walked(table, position);
      const drawn = position.slice(grid), at = hovered ?? seen;
      const on = (quantity) => states.map((state) => quantity.values[state]);
      parts.forEach((part, index) => part.show(position[index]));
      startFrom.show(curves.findIndex((curve) => `${curve.levels}` === `${drawn}`));
      const run = { states, done, quantities, focus, seen: at, metric: drawn.map((level) => levels.values[level]), best: on(table.best), rate: on(table.rate) };
      charts.forEach((chart) => chart.show(run, text));
      points.show(drawn, done, charts[0].chart());
      sentence.text.textContent = `${reports[at]}: ${done[at][0]}`;
      [levels.texts[drawn[at]], ...quantities.map(({ texts }) => texts.values[states[at + 1]])].forEach((value, i) => { cells[i].textContent = value; });
    },
  });
  const setCurve = (drawn) => figure.go([...figure.now().slice(0, grid), ...drawn]);
  const parts = controls.map((control, index) => controlOf(control, index, figure.move));
  const startFrom = controlOf({ label: words.start_from, toggle: true, texts: curves.map(({ name }) => name) }, 0, (_, at) => setCurve(curves[at].levels));
  const points = slidersOf(reports, levels.texts, (i, at) => figure.move(grid + i, at), (report, focused) => {
    [seen, focus] = [report, focused ? report : null];
    figure.redraw();
  });
  const charts = panels.map((panel) => canvasOf(panel, words, figure.themeNow));
  const sentence = steadyText(state.longest_sentence, { class: "lrlib-seen" });
  const cells = names.map(() => make("dd"));
  paintable(charts[0], levels.values, {
    now: () => figure.now().slice(grid),
    paint(drawn, report) {
      [seen, hovered] = [report, null];
      setCurve(drawn);
      figure.redraw();
    },
    hover(report) {
      hovered = report;
      figure.redraw();
    },
    end: (report) => points.inputs[report].focus({ preventScroll: true }),
  });
  return figure.begin([], curves[1] ? [...parts, startFrom] : parts, charts,
    make("p", { class: "lrlib-hint" }, state.hint),
    make("div", { class: "lrlib-drawing", role: "group", "aria-label": levels.name }, charts[0].node, ...points.inputs),
    ...charts.slice(1).map((chart) => chart.node),
    sentence.node,
    make("dl", { class: "lrlib-values" }, ...names.map((text, i) => make("div", {}, make("dt", {}, text), cells[i]))));
}

function radios(options) {
  const group = name();
  const inputs = options.map((_, index) => make("input", { type: "radio", name: group, value: index }));
  const labels = inputs.map((input, index) => make("label", { class: "lrlib-option" }, input, make("span", {}, options[index].text)));
  return { inputs, labels };
}

// Each option says what follows from it, and may lead to the next decision, below it.
function renderDecision(model, root, tree) {
  const path = [];
  const ask = ({ question, options }, depth) => {
    const { inputs, labels } = radios(options);
    const status = make("p", { role: "status", "aria-live": "polite" });
    const next = make("div", {});
    inputs.forEach((input, index) => input.addEventListener("change", () => {
      const { explanation, then } = options[index];
      path.splice(depth, path.length, index);
      status.textContent = explanation;
      next.replaceChildren(...(then ? [ask(then, depth + 1)] : []));
      model.set("position", [...path]);
      model.save_changes();
    }));
    return make("div", {}, make("fieldset", { class: "lrlib-choice" }, make("legend", {}, question), ...labels, status), next);
  };
  root.append(ask(tree, 0));
  return followTheme(root, () => {});
}

function renderChoice(model, root, state) {
  if (state.decision) return renderDecision(model, root, state);
  const { question, options, words } = state;
  const { inputs, labels } = radios(options);
  const button = make("button", { type: "button", class: "lrlib-primary" }, words.check);
  const status = make("p", { role: "status", "aria-live": "polite" });
  const clear = () => {
    labels.forEach((label) => delete label.dataset.mark);
    status.replaceChildren();
    delete status.dataset.outcome;
  };
  const check = () => {
    clear();
    const chosen = inputs.findIndex((input) => input.checked);
    if (chosen < 0) {
      status.textContent = words.choose_first;
      return;
    }
    const { correct, explanation } = options[chosen];
    labels[chosen].dataset.mark = correct ? "✓" : "✗";
    status.dataset.outcome = correct ? "right" : "wrong";
    status.append(make("strong", {}, correct ? words.right : words.wrong), ` ${explanation}`);
    model.set("position", [chosen]);
    model.save_changes();
  };
  inputs.forEach((input) => {
    input.addEventListener("change", clear);
    input.addEventListener("keydown", (event) => event.key === "Enter" && check());
  });
  button.addEventListener("click", check);
  root.append(make("fieldset", { class: "lrlib-choice" }, make("legend", {}, question), ...labels, button, status));
  return followTheme(root, () => {});
}

const RENDERERS = { explorer: renderExplorer, reports: renderReports, choice: renderChoice };

function render({ model, el }) {
  const state = model.get("state");
  const root = make("div", { class: "lrlib" });
  el.replaceChildren(make("style", {}, STYLE), root);
  keepKeys(root);
  return RENDERERS[state.kind](model, root, state);
}

export default { render };

// The codec is tested against Python's.
export { decode };
