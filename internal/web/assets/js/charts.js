// Charts in the browser: saved as a picture with their title and definition, and read value by value from the keyboard. Without it the table behind each chart says the same.

const space = 'http://www.w3.org/2000/svg';
const kept = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-size', 'font-weight', 'text-anchor'];
const margin = 16;
const sharp = 3; // pixels to a unit of the drawing

/** Text cut into lines that fit a width. Chinese may break anywhere, other words at their spaces. */
function lines(text, width, pen) {
  const out = [''];
  for (const piece of text.trim().match(/[\p{Script=Han}\p{P}]|[^\s\p{Script=Han}\p{P}]+|\s+/gu) ?? []) {
    const last = out.length - 1;
    if (out[last] && pen.measureText(out[last] + piece).width > width) out.push(piece.trim());
    else out[last] += piece;
  }
  return out;
}

/** The drawing of a figure as an SVG that needs no style sheet, on a ground of its own, with the figure's title and definition above it. */
function picture(figure) {
  const drawn = figure.querySelector('svg');
  const box = drawn.viewBox.baseVal;
  const style = getComputedStyle(figure);
  const family = style.fontFamily;
  const pen = document.createElement('canvas').getContext('2d');
  const make = (name, attributes, parent, text) => {
    const el = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
    if (text) el.textContent = text;
    return parent.appendChild(el);
  };
  const svg = document.createElementNS(space, 'svg');
  const said = [];
  for (const [selector, size, weight] of [['figcaption', 15, 700], ['[data-chart-text]', 10, 400]]) {
    for (const el of figure.querySelectorAll(selector)) {
      pen.font = `${weight} ${size}px ${family}`;
      for (const text of lines(el.textContent, box.width, pen)) said.push({ text, size, weight, color: getComputedStyle(el).color });
    }
  }
  const head = said.reduce((sum, line) => sum + line.size * 1.5, 0) + margin / 2;
  const width = box.width + 2 * margin, height = box.height + head + 2 * margin;
  for (const [key, value] of Object.entries({ xmlns: space, viewBox: `0 0 ${width} ${height}`, width, height, 'font-family': family })) svg.setAttribute(key, value);
  make('rect', { width, height, fill: style.backgroundColor }, svg);
  let y = margin;
  for (const line of said) {
    y += line.size * 1.5;
    make('text', { x: margin, y: y - line.size * 0.4, fill: line.color, 'font-size': line.size, 'font-weight': line.weight }, svg, line.text);
  }
  const group = make('g', { transform: `translate(${margin} ${margin + head})` }, svg);
  for (const el of drawn.querySelectorAll('line, polyline, polygon, circle, rect, text')) {
    const looks = getComputedStyle(el);
    const attributes = Object.fromEntries(kept.map(name => [name, looks.getPropertyValue(name)]));
    if (attributes['font-size']) attributes['font-size'] = Math.min(13, parseFloat(attributes['font-size'])); // a phone's letters are larger
    for (const a of el.attributes) if (a.name !== 'class') attributes[a.name] = a.value;
    make(el.localName, attributes, group, el.localName === 'text' ? el.textContent.replace(/\s+/g, ' ').trim() : '');
  }
  return svg;
}

/** Draws such a picture on a canvas, shape by shape: a page may not load an image that it made itself. */
function painted(svg) {
  const number = (el, name) => parseFloat(el.getAttribute(name) ?? '0');
  const canvas = document.createElement('canvas');
  canvas.width = number(svg, 'width') * sharp;
  canvas.height = number(svg, 'height') * sharp;
  const pen = canvas.getContext('2d');
  const family = svg.getAttribute('font-family');
  pen.scale(sharp, sharp);
  for (const el of svg.querySelectorAll('line, polyline, polygon, circle, rect, text')) {
    pen.save();
    const move = el.parentNode.getAttribute('transform')?.match(/-?[\d.]+/g);
    if (move) pen.translate(move[0], move[1]);
    const path = new Path2D();
    const points = (el.getAttribute('points') ?? '').split(' ').map(point => point.split(',').map(Number));
    switch (el.localName) {
      case 'line': path.moveTo(number(el, 'x1'), number(el, 'y1')); path.lineTo(number(el, 'x2'), number(el, 'y2')); break;
      case 'polyline': case 'polygon': points.forEach(([x, y]) => path.lineTo(x, y)); if (el.localName === 'polygon') path.closePath(); break;
      case 'circle': path.arc(number(el, 'cx'), number(el, 'cy'), number(el, 'r'), 0, 2 * Math.PI); break;
      case 'rect': path.rect(number(el, 'x'), number(el, 'y'), number(el, 'width'), number(el, 'height')); break;
    }
    const shows = name => !['none', null, ''].includes(el.getAttribute(name));
    pen.globalAlpha = parseFloat(el.getAttribute('opacity') ?? '1');
    pen.fillStyle = shows('fill') ? el.getAttribute('fill') : 'transparent';
    if (el.localName === 'text') {
      pen.font = `${el.getAttribute('font-weight')} ${el.getAttribute('font-size')}px ${family}`;
      pen.textAlign = { middle: 'center', end: 'right' }[el.getAttribute('text-anchor')] ?? 'left';
      pen.fillText(el.textContent, number(el, 'x'), number(el, 'y'));
    } else {
      if (el.localName !== 'line') pen.fill(path);
      if (shows('stroke')) {
        pen.strokeStyle = el.getAttribute('stroke');
        pen.lineWidth = parseFloat(el.getAttribute('stroke-width') ?? '1');
        pen.setLineDash((el.getAttribute('stroke-dasharray') ?? '').match(/[\d.]+/g)?.map(Number) ?? []);
        pen.stroke(path);
      }
    }
    pen.restore();
  }
  return canvas;
}

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** What the table behind the chart says in one row: "2026-03: 12, a year before 9". */
function row(figure, at) {
  const heads = Array.from(figure.querySelectorAll('thead th')).map(cell => cell.textContent.trim());
  const cells = Array.from(figure.querySelectorAll('tbody tr')[at].children).map(cell => cell.textContent.trim());
  return cells[0] + ' · ' + cells.slice(1).map((text, i) => heads[i + 1] + ' ' + text).join(' · ');
}

export function charts() {
  document.querySelectorAll('[data-chart]').forEach(figure => {
    const svg = figure.querySelector('svg'), tools = figure.querySelector('[data-chart-tools]');
    const point = figure.querySelector('[data-chart-point]');
    const rows = figure.querySelectorAll('tbody tr').length;
    if (!svg || !tools || !rows) return;
    tools.hidden = false;
    svg.setAttribute('tabindex', '0');
    svg.setAttribute('aria-label', svg.getAttribute('aria-label') + ' ' + point.dataset.hint);
    let at = -1;
    svg.addEventListener('focus', () => { if (at < 0) point.textContent = point.dataset.hint; });
    svg.addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      at = at < 0 ? (step > 0 ? 0 : rows - 1) : Math.min(rows - 1, Math.max(0, at + step));
      point.textContent = row(figure, at);
    });
  });
  document.addEventListener('click', event => {
    const button = event.target instanceof Element && event.target.closest('[data-chart-save]');
    if (!button) return;
    const figure = button.closest('[data-chart]');
    const svg = picture(figure);
    const name = figure.dataset.chart + '.' + button.dataset.chartSave;
    if (button.dataset.chartSave === 'svg') save(new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' }), name);
    else painted(svg).toBlob(blob => save(blob, name), 'image/png');
  });
}
