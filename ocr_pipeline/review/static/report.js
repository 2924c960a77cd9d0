// One report: pages on the left, form on the right, each a click away from the other, and the chosen value beside them.

import { ask, complain, correctionOf, enter, listen, send, showConflict, toast, undoLast } from "./settling.js";
import { Viewer } from "./viewer.js";

const root = document.getElementById("report");
const key = root.dataset.key;
const panel = document.getElementById("value");
const stage = document.getElementById("stage");
const panes = document.querySelector(".panes");
const frame = document.getElementById("viewer");
const parser = new DOMParser();
const undoable = [];

const card = () => (panel.hidden ? null : stage.querySelector(".card"));
const cellsOf = (field) => document.querySelectorAll(`.cell[data-field="${CSS.escape(field)}"]`);
const linkOf = (field) => document.querySelector(`#forms a[data-field="${CSS.escape(field)}"]`);

const viewer = frame
  ? new Viewer(frame, document.getElementById("canvas"), (page, pages) => {
      document.getElementById("page-number").textContent = `${page + 1} / ${pages}`;
    })
  : null;

function tab(name) {
  for (const button of document.querySelectorAll("[data-tab]")) {
    button.setAttribute("aria-selected", String(button.dataset.tab === name));
  }
  panes.dataset.shown = name;
  // Beside the pages, where there is room for both, stands the form.
  const beside = name === "pages" ? "forms" : name;
  for (const id of ["forms", "text", "notes"]) document.getElementById(id).hidden = id !== beside;
}

function mark(field) {
  for (const node of document.querySelectorAll(".chosen")) node.classList.remove("chosen");
  for (const node of cellsOf(field)) node.classList.add("chosen");
  linkOf(field)?.closest(".v").classList.add("chosen");
}

async function choose(field, { from = "form", push = true } = {}) {
  mark(field);
  const [cell] = cellsOf(field);
  if (cell && viewer && from !== "page") viewer.showCell(cell);
  const link = linkOf(field);
  if (link && from !== "form") reveal(link, 0.4);
  roving(link);
  try {
    const answer = await ask(`/card?place=side&report=${key}&field=${encodeURIComponent(field)}`);
    const found = parser.parseFromString(await answer.text(), "text/html").querySelector(".card");
    stage.replaceChildren(found);
    panel.hidden = false;
    if (!cell) turnTo(found);
    reveal(link);
  } catch (error) {
    toast(error.message, true);
    return;
  }
  if (push) history.replaceState(null, "", `?field=${encodeURIComponent(field)}`);
}

// A value that was found in no cell: its page at least.
function turnTo(found) {
  if (viewer && found.dataset.page) viewer.goTo(Number(found.dataset.page));
}

// Scrolls the form, and only the form: `share` of the room above the link, or just into sight.
function reveal(link, share = null) {
  const forms = document.getElementById("forms");
  if (!link || forms.hidden) return;
  const over = getComputedStyle(panel).position === "fixed" && !panel.hidden ? panel.offsetHeight : 0;
  forms.style.paddingBottom = over ? `${over + 20}px` : "";
  const frame = forms.getBoundingClientRect();
  const room = Math.min(frame.bottom, innerHeight - over) - frame.top;
  const box = link.closest("td, li").getBoundingClientRect();
  const [above, below] = [box.top - frame.top, frame.top + room - box.bottom];
  if (share !== null || above < 0 || below < 0) forms.scrollTop += above - (room - box.height) * (share ?? (above < 0 ? 0.1 : 0.9));
  const scroller = link.closest(".scroll");
  if (!scroller) return;
  const edge = scroller.getBoundingClientRect();
  if (box.left < edge.left || box.right > edge.right) scroller.scrollLeft += box.left + box.width / 2 - edge.left - edge.width / 2;
}

function close() {
  if (panel.hidden) return false;
  panel.hidden = true;
  const forms = document.getElementById("forms");
  forms.style.paddingBottom = "";
  const field = stage.querySelector(".card")?.dataset.field;
  history.replaceState(null, "", location.pathname);
  if (field) linkOf(field)?.focus();
  return true;
}

// One link of the form can be reached by Tab, the others by the arrow keys from it.
const links = [...document.querySelectorAll("#forms a[data-field]")];
function roving(link) {
  if (!link) return;
  for (const one of links) one.tabIndex = one === link ? 0 : -1;
}
roving(links[0]);

function step(event) {
  const link = event.target.closest?.("#forms a[data-field]");
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
  if (!link || (!dx && !dy)) return false;
  const here = link.getBoundingClientRect();
  const middle = (box) => ({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
  const from = middle(here);
  let best = null;
  for (const one of links) {
    const to = middle(one.getBoundingClientRect());
    const along = dx * (to.x - from.x) + dy * (to.y - from.y);
    const aside = Math.abs(dx ? to.y - from.y : to.x - from.x);
    if (one !== link && along > 2 && (!best || along + 3 * aside < best.way)) best = { one, way: along + 3 * aside };
  }
  if (best) {
    roving(best.one);
    best.one.focus();
  }
  return true;
}

function nextWaiting() {
  const open = links.filter((link) => {
    const place = link.closest(".v").classList;
    return !place.contains("settled") && ["s-conflict", "s-missing", "s-blank"].some((name) => place.contains(name));
  });
  const now = links.indexOf(linkOf(stage.querySelector(".card")?.dataset.field ?? ""));
  const found = open.find((link) => links.indexOf(link) > now) ?? open[0];
  if (found) choose(found.dataset.field, { from: "key" });
  else toast("Nothing waits in this report");
  return true;
}

function take(result) {
  for (const value of result.changed) {
    const nodes = [...cellsOf(value.field), linkOf(value.field)?.closest(".v")].filter(Boolean);
    for (const node of nodes) {
      for (const name of [...node.classList]) if (name.startsWith("s-")) node.classList.remove(name);
      node.classList.add(`s-${value.status}`);
      node.classList.toggle("settled", value.settled);
    }
    const link = linkOf(value.field);
    if (link) {
      const note = document.createElement("span");
      note.className = "sr";
      note.textContent = ` ${value.status}`;
      link.replaceChildren(value.value === null ? (value.status === "blank" ? "–" : "?") : `${value.value}${value.unit ?? ""}`, note);
    }
  }
  document.getElementById("waiting").textContent = String(result.report.waiting);
  document.getElementById("settled").textContent = String(result.report.settled);
  const review = document.querySelector(".report-head .primary");
  if (review) {
    review.textContent = `Review ${result.report.waiting}`;
    review.hidden = !result.report.waiting;
  }
}

async function settle(act, text) {
  const shown = card();
  const correction = shown && correctionOf(shown, act, text);
  if (!correction) return;
  const sent = send(key, correction);
  enter(undoable, { report: key, field: correction.field, entry: sent.then((result) => result.entry.id) });
  try {
    const result = await sent;
    take(result);
    toast(`Saved: ${result.entry.text}`);
    choose(correction.field);
  } catch (error) {
    if (error.status === 409) showConflict(error, () => choose(correction.field));
    else if (act === "typed") complain(shown, error.message);
    else toast(error.message, true);
  }
}

function undo() {
  undoLast(undoable, {
    undone: (deed, result) => {
      take(result);
      choose(deed.field);
    },
    look: (deed) => choose(deed.field),
  });
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-field]");
  const cell = event.target.closest(".cell");
  if (link) {
    event.preventDefault();
    if (!link.closest("#forms")) tab("forms");
    choose(link.dataset.field, { from: link.closest("#forms") ? "form" : "key" });
  } else if (cell && !(viewer.dragged > 4)) {
    if (panes.dataset.shown !== "pages") tab("forms");
    choose(cell.dataset.field, { from: "page" });
  } else if (event.target.closest(".close")) {
    close();
  } else if (event.target.closest("[data-tab]")) {
    tab(event.target.closest("[data-tab]").dataset.tab);
  } else if (event.target.closest("[data-view]")) {
    const acts = {
      previous: () => viewer.goTo(viewer.page - 1),
      next: () => viewer.goTo(viewer.page + 1),
      in: () => viewer.zoom(1.3),
      out: () => viewer.zoom(1 / 1.3),
      width: () => viewer.fitWidth(),
      page: () => viewer.fitPage(),
    };
    acts[event.target.closest("[data-view]").dataset.view]();
  }
  for (const menu of document.querySelectorAll("details.menu[open], details.person[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.getElementById("colours")?.addEventListener("change", (event) => {
  document.getElementById("canvas").classList.toggle("no-colours", !event.target.checked);
});

listen(card, settle, {
  u: undo,
  n: nextWaiting,
  Escape: close,
  o: () => {
    location.href = `/queue?report=${key}`;
    return true;
  },
  ArrowLeft: step,
  ArrowRight: step,
  ArrowUp: step,
  ArrowDown: step,
});

tab("forms");
const chosen = stage.querySelector(".card")?.dataset.field;
if (chosen) {
  mark(chosen);
  const [cell] = cellsOf(chosen);
  if (viewer) requestAnimationFrame(() => (cell ? viewer.showCell(cell) : turnTo(stage.querySelector(".card"))));
  const link = linkOf(chosen);
  roving(link);
  reveal(link, 0.4);
}
