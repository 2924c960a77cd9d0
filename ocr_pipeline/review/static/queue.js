// The queue: one value at a time, the next one ready before this one is settled.

import { ask, complain, correctionOf, enter, listen, pause, send, showConflict, toast, undoLast, Refusal } from "./settling.js";

const root = document.getElementById("queue");
const stage = document.getElementById("stage");
const finished = document.getElementById("finished");
const query = root.dataset.query;
const first = JSON.parse(document.getElementById("window").textContent);

const AHEAD = 3;
const parser = new DOMParser();
const name = (item) => `${item.report} ${item.field}`;

let items = first.items; // what waits, from the value on the screen on
let last = items.at(-1)?.after ?? "";
let more = items.length > 0;
let waiting = first.waiting;
let done = 0;
let saving = 0;
let current = items[0] ?? null;
let fetching = null;

const been = []; // values looked at before, for the way back
const undoable = [];
const skipped = new Map();
const settled = new Set();
const cards = new Map(); // promises of cards that were fetched ahead
const kept = []; // pictures fetched ahead are held, or the browser may drop them

// The card on the screen, if it is that of the current value: while that one is still on its way, the value before is in
// sight, and what somebody decides about it must not be recorded for another.
function card() {
  const shown = stage.querySelector(".card");
  return shown && current && `${shown.dataset.report} ${shown.dataset.field}` === name(current) ? shown : null;
}

function fetchCard(item) {
  const key = name(item);
  if (!cards.has(key)) {
    const address = `/card?report=${item.report}&field=${encodeURIComponent(item.field)}`;
    const promise = ask(address)
      .then((answer) => answer.text())
      .then((text) => {
        const found = parser.parseFromString(text, "text/html").querySelector(".card");
        for (const image of found.querySelectorAll("image")) {
          const picture = new Image();
          picture.src = image.getAttribute("href");
          kept.push(picture);
        }
        kept.splice(0, Math.max(0, kept.length - 60));
        return found;
      });
    promise.catch(() => cards.delete(key));
    cards.set(key, promise);
  }
  return cards.get(key);
}

function ahead() {
  for (const item of items.slice(1, 1 + AHEAD)) fetchCard(item).catch(() => {});
  if (more && items.length <= AHEAD + 4) fill();
}

// Further values from the server, behind the last one known.
function fill() {
  fetching ??= ask(`/api/v1/queue?${query}&limit=24&after=${last}`)
    .then((answer) => answer.json())
    .then((found) => {
      more = found.items.length > 0;
      last = found.items.at(-1)?.after ?? last;
      const known = new Set(items.map(name));
      items.push(...found.items.filter((item) => !known.has(name(item)) && !settled.has(name(item)) && !skipped.has(name(item))));
      setWaiting(Math.max(found.waiting - saving, 0));
    })
    .catch((error) => {
      toast(error.message, true);
      return pause(3000); // or a server that is away would be asked without end
    })
    .finally(() => {
      fetching = null;
      if (!current && items.length) show(items[0]);
      else ahead();
    });
  return fetching;
}

async function show(item, { focus = true } = {}) {
  current = item;
  finished.hidden = Boolean(item);
  stage.setAttribute("aria-busy", String(Boolean(item)));
  if (!item) {
    stage.replaceChildren();
    document.getElementById("finished-words").textContent = skipped.size ? "Only what you skipped is left." : "Nothing waits here.";
    document.getElementById("skipped-note").hidden = !skipped.size;
    document.getElementById("skipped-count").textContent = String(skipped.size);
    if (more) await fill();
    return;
  }
  try {
    const found = await fetchCard(item);
    if (current !== item) return;
    stage.replaceChildren(found.cloneNode(true));
    stage.setAttribute("aria-busy", "false");
    cards.delete(name(item)); // another look is a fresh look
    if (focus) {
      document.getElementById("main").focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    centre();
    announce(found);
    document.dispatchEvent(new CustomEvent("card", { detail: item }));
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) {
      toast("this value is gone: the report was read again", true);
      next();
    } else {
      toast(error.message, true);
      await pause(2000);
      if (current === item) show(item, { focus });
    }
    return;
  }
  ahead();
}

// For those who hear the page: what the next value is, and what is known of it.
function announce(found) {
  const said = [found.getAttribute("aria-label"), found.querySelector(".now").textContent];
  document.getElementById("announcement").textContent = said.join(": ").replace(/\s+/g, " ");
}

// On a narrow screen the strips are wider than the screen: begin at the cell.
function centre() {
  const strips = stage.querySelector(".strips");
  if (strips && strips.scrollWidth > strips.clientWidth) strips.tabIndex = 0; // so that the keyboard can move it
  const mark = strips?.querySelector(".view-row .mark");
  if (!mark) return;
  const [frame, cell] = [strips.getBoundingClientRect(), mark.getBoundingClientRect()];
  strips.scrollLeft += cell.left + cell.width / 2 - frame.left - frame.width / 2;
}

function next() {
  if (current) {
    been.push(current);
    items = items.filter((item) => item !== current);
  }
  show(items[0] ?? null);
}

function setWaiting(number) {
  waiting = number;
  document.getElementById("waiting").textContent = number.toLocaleString("en");
  document.getElementById("done").textContent = String(done);
  const note = document.getElementById("saving");
  note.hidden = saving === 0;
  note.textContent = `· saving ${saving}`;
}

async function settle(act, text) {
  const item = current;
  const shown = card();
  if (!item || !shown) return;
  const correction = correctionOf(shown, act, text);
  if (!correction) return;
  if (act === "typed") {
    // Only the server knows what the field can hold, so a typed figure is waited for.
    shown.querySelector(".type button").disabled = true;
    try {
      await record(item, correction);
      next();
    } catch (error) {
      shown.querySelector(".type button").disabled = false;
      if (error.status === 409) showConflict(error, () => look(item));
      else complain(shown, error.message);
    }
    return;
  }
  next();
  record(item, correction).catch((error) => {
    if (error.status === 409) showConflict(error, () => look(item));
    else showConflict(new Error(`not saved: ${error.message}`), () => look(item));
  });
}

function look(item) {
  cards.delete(name(item));
  settled.delete(name(item));
  if (current && current !== item) items = [item, ...items.filter((one) => one !== item)];
  else if (!items.includes(item)) items.unshift(item);
  show(item);
}

// Sends a correction and takes in what it changed: this value, and those that the sums reach from it.
async function record(item, correction) {
  saving += 1;
  settled.add(name(item));
  skipped.delete(name(item));
  setWaiting(waiting);
  const entry = save(item, correction);
  enter(undoable, { item, report: item.report, field: item.field, entry });
  try {
    await entry;
  } catch (error) {
    settled.delete(name(item));
    throw error;
  } finally {
    saving -= 1;
    setWaiting(waiting);
  }
}

async function save(item, correction) {
  const result = await send(item.report, correction);
  done += 1;
  await take(item, result);
  toast(`Saved: ${result.entry.text}`);
  return result.entry.id;
}

async function take(item, result) {
  const changed = new Set(result.changed.map((value) => value.field));
  for (const key of [...cards.keys()]) if (key.startsWith(item.report)) cards.delete(key);
  const good = new Set(result.changed.filter((value) => !value.flagged).map((value) => `${item.report} ${value.field}`));
  items = items.filter((one) => one === current || !good.has(name(one)));
  await count(saving - 1);
  const shown = card();
  if (shown && current?.report === item.report) {
    const members = new Set(shown.dataset.members.split(" "));
    const touched = [...changed].some((field) => members.has(field) || field === current.field);
    if (good.has(name(current)) && !settled.has(name(current)) && current !== item) {
      toast("The next value is in order now");
      next();
    } else if (touched && !shown.querySelector("#typed").value) {
      show(current, { focus: false });
    }
  }
  ahead();
}

// How many wait, less those that are on their way.
async function count(underway) {
  const found = await ask(`/api/v1/queue?${query}&limit=1`).then((answer) => answer.json()).catch(() => null);
  setWaiting(found ? Math.max(0, found.waiting - underway) : waiting);
}

function undo() {
  undoLast(undoable, {
    undone: (deed) => {
      done = Math.max(0, done - 1);
      settled.delete(name(deed.item));
      look(deed.item);
      count(saving);
    },
    look: (deed) => look(deed.item),
  });
  return true;
}

function skip() {
  if (card()) {
    skipped.set(name(current), current);
    next();
  }
  return true;
}

function back() {
  const before = been.pop();
  if (before) look(before);
  return true;
}

function open() {
  if (current) location.href = `/reports/${current.report}?field=${encodeURIComponent(current.field)}`;
  return true;
}

document.getElementById("again").addEventListener("click", () => {
  items = [...skipped.values()];
  skipped.clear();
  show(items[0] ?? null);
});

window.addEventListener("beforeunload", (event) => {
  if (saving) event.preventDefault();
});

listen(card, settle, { s: skip, ArrowRight: skip, skip, u: undo, undo, ArrowLeft: back, back, o: open, open });
setWaiting(waiting);
centre();
ahead();
