// One heat map: cells on a canvas, labels that stay while it scrolls, and one focusable cell, the
// cursor, which is moved instead of drawing the map again. A second canvas holds the bars.
//
//   const map = drawHeatmap(host, { pick(layer, epoch), hover(layer, epoch, event), fold(row) })
//   map.draw({ rows, columns, label, paint(layer, epoch) -> [css, ink, text] | null, ... })
//   map.move(row, column, spoken); map.bars((layer, epoch) -> share | null)

import { colours } from "../../core/colours.js";
import { el, showTip } from "../../core/elements.js";
import { clamp } from "../../core/numbers.js";

const TOP = 20;
const TEXT_WIDTH = 24;
const TEXT_HEIGHT = 15;
const LABEL_STEP = 26;
const FRAME = 4;
const ROW = { few: 17, many: 12, most: 46, fewUpTo: 16, head: 17 };
const COLUMN = { least: 6, most: 84 };

export const drawHeatmap = (host, on) => {
  const cells = el("canvas", { className: "cells" });
  const over = el("canvas", { className: "over" });
  const top = el("div", { className: "top" });
  const side = el("div", { className: "side" });
  const corner = el("div", { className: "corner note" });
  const cursor = el("div", { className: "here", role: "gridcell", tabIndex: 0, ariaSelected: "true" });
  const field = el("div", { className: "field", role: "row" }, cells, over, cursor);
  const grid = el("div", { className: "grid", role: "grid" }, corner, top, side, field);
  host.append(grid);
  let facts = null;
  let size = null;
  let shares = null;
  let place = null;

  // ---- sizes: columns and rows share the room, and scroll where they would be too small
  function measureRoom() {
    const { rows, columns, labelWidth } = facts;
    const width = Math.max(40, grid.clientWidth - labelWidth - FRAME);
    const height = Math.max(60, grid.clientHeight - TOP - FRAME);
    const column = clamp(Math.floor(width / Math.max(1, columns.length)), COLUMN.least, COLUMN.most);
    const least = rows.length <= ROW.fewUpTo ? ROW.few : ROW.many;
    const row = clamp(Math.floor(height / Math.max(1, rows.length)), least, ROW.most);
    return {
      column,
      row,
      width: column * columns.length,
      height: row * rows.length,
      gap: Math.min(column, row) >= 8 ? 1 : 0,
    };
  }

  function fit(canvas) {
    const scale = window.devicePixelRatio || 1;
    const pen = canvas.getContext("2d");
    canvas.width = Math.max(1, Math.round(size.width * scale));
    canvas.height = Math.max(1, Math.round(size.height * scale));
    Object.assign(canvas.style, { width: `${size.width}px`, height: `${size.height}px` });
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    return pen;
  }

  // ---- cells
  function drawCells() {
    const pen = fit(cells);
    const numbers = size.column >= TEXT_WIDTH && size.row >= TEXT_HEIGHT;
    const stripes = stripesOf(pen);
    Object.assign(pen, {
      textAlign: "center",
      textBaseline: "middle",
      font: `11px ${getComputedStyle(document.body).fontFamily}`,
    });
    facts.rows.forEach((row, r) => {
      if (row.layer === null) return;
      for (let c = 0; c < facts.columns.length; c++)
        drawCell(pen, facts.paint(row.layer, c), r, c, numbers, stripes);
    });
  }

  function drawCell(pen, painted, r, c, numbers, stripes) {
    const x = c * size.column;
    const y = r * size.row;
    const w = size.column - size.gap;
    const h = size.row - size.gap;
    pen.fillStyle = painted ? painted[0] : stripes;
    pen.fillRect(x, y, w, h);
    if (!painted || !numbers) return;
    pen.fillStyle = painted[1];
    pen.fillText(painted[2], x + w / 2, y + h / 2 + 0.5, w - 2);
  }

  function stripesOf(pen) {
    const tile = el("canvas", { width: 6, height: 6 });
    const brush = tile.getContext("2d");
    const { sunk, line } = colours();
    brush.fillStyle = sunk;
    brush.fillRect(0, 0, 6, 6);
    brush.strokeStyle = line;
    brush.lineWidth = 1.5;
    for (const shift of [-6, 0, 6]) {
      brush.beginPath();
      brush.moveTo(shift - 1, 7);
      brush.lineTo(shift + 7, -1);
      brush.stroke();
    }
    return pen.createPattern(tile, "repeat");
  }

  // ---- the selection: a bar at the foot of each cell, as long as the share
  function drawBars() {
    const pen = fit(over);
    over.hidden = !shares;
    if (!shares) return;
    const { ink, card } = colours();
    const thick = size.row >= 14 ? 3 : 2;
    facts.rows.forEach((row, r) => {
      if (row.layer === null) return;
      for (let c = 0; c < facts.columns.length; c++) {
        const share = shares(row.layer, c);
        const painted = share === null ? null : facts.paint(row.layer, c);
        if (share !== null) drawBar(pen, r, c, share, thick, painted ? painted[1] : ink, card);
      }
    });
  }

  function drawBar(pen, r, c, share, thick, ink) {
    const x = c * size.column + 2;
    const y = (r + 1) * size.row - size.gap - thick - 1;
    const w = Math.max(1, size.column - size.gap - 4);
    pen.globalAlpha = 0.25;
    pen.fillStyle = ink;
    pen.fillRect(x, y, w, thick);
    pen.globalAlpha = 1;
    pen.fillRect(x, y, w * share, thick);
  }

  // ---- labels
  function drawLabels() {
    grid.style.gridTemplateColumns = `${facts.labelWidth}px minmax(0, max-content)`;
    corner.textContent = facts.corner;
    side.classList.toggle("tight", size.row < TEXT_HEIGHT);
    side.replaceChildren(...facts.rows.map(rowLabel));
    top.style.width = `${size.width}px`;
    const every = Math.max(1, Math.ceil(LABEL_STEP / size.column));
    top.replaceChildren(
      ...facts.columns.map((text, c) =>
        columnLabel(
          text,
          c,
          c % every === 0 &&
            (c + every <= facts.columns.length || c === facts.columns.length - 1 || every === 1),
        ),
      ),
    );
  }

  const rowLabel = (row, r) =>
    el(
      "button",
      {
        type: "button",
        className: `lab${row.head ? " head" : ""}${row.inside ? " inside" : ""}`,
        tabIndex: -1,
        title: row.title || row.label,
        ariaExpanded: row.head ? String(row.open) : null,
        style: { height: `${size.row}px` },
        data: { row: String(r) },
        onclick: () => (row.head ? on.fold(row) : on.pick(row.layer, null)),
      },
      row.head && el("span", { className: "fold", ariaHidden: "true" }, row.open ? "▾" : "▸"),
      el("span", {}, row.label),
      size.row >= 15 && row.note && el("small", {}, row.note),
    );

  const columnLabel = (text, c, shown) =>
    el(
      "button",
      {
        type: "button",
        className: shown ? "" : "thin",
        tabIndex: -1,
        style: { left: `${c * size.column}px`, width: `${size.column}px` },
        data: { column: String(c) },
        onclick: () => on.pick(null, c),
      },
      el("span", {}, text),
    );

  // ---- the mouse
  const placeOf = (event) => {
    const box = cells.getBoundingClientRect();
    const c = Math.floor((event.clientX - box.left) / size.column);
    const r = Math.floor((event.clientY - box.top) / size.row);
    const row = facts.rows[r];
    return row && row.layer !== null && c >= 0 && c < facts.columns.length ? [row.layer, c] : null;
  };
  field.addEventListener("click", (event) => {
    const at = facts && placeOf(event);
    if (at) on.pick(...at);
  });
  field.addEventListener("pointermove", (event) => {
    const at = facts && placeOf(event);
    if (at) on.hover(...at, event);
    else showTip(null);
  });
  field.addEventListener("pointerleave", () => showTip(null));

  // ---- the cursor
  function move(r, c, spoken) {
    for (const old of grid.querySelectorAll(".now")) old.classList.remove("now");
    side.children[r]?.classList.add("now");
    top.children[c]?.classList.add("now");
    cursor.hidden = r < 0 || c < 0;
    if (cursor.hidden) return;
    Object.assign(cursor.style, {
      transform: `translate(${c * size.column}px, ${r * size.row}px)`,
      width: `${size.column - size.gap}px`,
      height: `${size.row - size.gap}px`,
    });
    cursor.setAttribute("aria-rowindex", r + 2);
    cursor.setAttribute("aria-colindex", c + 2);
    cursor.setAttribute("aria-label", spoken);
    if (!place || place[0] !== r || place[1] !== c) reveal(r, c);
    place = [r, c];
  }

  // Scrolls inside the map only: the page itself must not jump under the arrows.
  function reveal(r, c) {
    const x = c * size.column;
    const y = r * size.row;
    const width = grid.clientWidth - facts.labelWidth;
    const height = grid.clientHeight - TOP;
    if (x < grid.scrollLeft) grid.scrollLeft = x - size.column;
    else if (x + size.column > grid.scrollLeft + width) grid.scrollLeft = x + 2 * size.column - width;
    if (y < grid.scrollTop) grid.scrollTop = y - size.row;
    else if (y + size.row > grid.scrollTop + height) grid.scrollTop = y + 2 * size.row - height;
  }

  return {
    grid,
    draw(next) {
      facts = next;
      size = measureRoom();
      grid.ariaLabel = facts.label;
      grid.setAttribute("aria-rowcount", facts.rows.length + 1);
      grid.setAttribute("aria-colcount", facts.columns.length + 1);
      drawLabels();
      drawCells();
      drawBars();
      place = null;
    },
    bars(next) {
      shares = next;
      drawBars();
    },
    move,
    rectOf: (r, c) => {
      const box = cells.getBoundingClientRect();
      return { x: box.left + (c + 0.5) * size.column, y: box.top + (r + 0.5) * size.row };
    },
  };
};
