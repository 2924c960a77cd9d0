// Settling one value: what the queue and the page of a report have in common.

const mark = document.querySelector('meta[name="csrf-token"]').content;

export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Refusal extends Error {
  constructor(status, problem) {
    super([problem.title, problem.remedy].filter(Boolean).join(" – "));
    this.status = status;
    this.problem = problem;
  }
}

export async function ask(address, options = {}) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  if (answer.ok) return answer;
  let problem = { title: `the server answered ${answer.status}` };
  try {
    problem = await answer.json();
  } catch {
    // No problem document: what was said above must do.
  }
  throw new Refusal(answer.status, problem);
}

const PATIENCE = 600_000; // for a server that is started again by hand

// A correction has an id of our own, so that one whose answer was lost can be sent again without being made twice.
export async function send(report, correction) {
  const options = {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": mark },
    body: JSON.stringify(correction),
  };
  const begin = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await (await ask(`/api/v1/reports/${report}/corrections`, options)).json();
    } catch (error) {
      const again = !(error instanceof Refusal) || error.status >= 502;
      if (!again || performance.now() - begin > PATIENCE) throw error;
      if (attempt >= 3) toast("The server does not answer; what you settled is sent again until it does", true);
      await pause(Math.min(250 * 2 ** attempt, 5000));
    }
  }
}

export function toast(text, bad = false) {
  const place = document.getElementById("toasts");
  const note = document.createElement("div");
  note.className = bad ? "toast bad" : "toast";
  note.textContent = text;
  place.replaceChildren(note);
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => note.remove(), bad ? 9000 : 2600);
}

export function showConflict(error, onLook) {
  const place = document.getElementById("conflict");
  place.replaceChildren(document.createTextNode(error.message));
  const look = document.createElement("button");
  look.type = "button";
  look.textContent = "Show this value";
  look.addEventListener("click", () => {
    place.hidden = true;
    onLook();
  });
  place.append(look);
  place.hidden = false;
}

// Enters a deed, { report, field, entry }, when it is decided: the answers, which bring its entry, come in any order, and
// the last one to come need not be that of the last decision. What was not saved is struck again.
export function enter(deeds, deed) {
  deeds.push(deed);
  deed.entry.catch(() => {
    const at = deeds.indexOf(deed);
    if (at >= 0) deeds.splice(at, 1);
  });
}

// Takes back the last of `deeds`, once it is saved; `undone` hears what that changed, `look` shows its value.
export async function undoLast(deeds, { undone, look }) {
  const deed = deeds.pop();
  if (!deed) {
    toast("Nothing to undo here");
    return;
  }
  let entry;
  try {
    entry = await deed.entry;
  } catch {
    return; // not saved: who settled it has been told
  }
  try {
    const correction = { id: newId(), field: deed.field, action: "undo", undoes: entry, seen: entry };
    const result = await send(deed.report, correction);
    toast("Undone");
    undone(deed, result);
  } catch (error) {
    if (error.status === 409) {
      showConflict(error, () => look(deed));
    } else {
      deeds.push(deed);
      toast(`not undone: ${error.message}`, true);
    }
  }
}

const figure = (number) => {
  const text = String(Math.round(number * 1e6) / 1e6);
  return /^-?\d{5,}/.test(text) ? text.replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009") : text;
};

// The sums as they would stand with what is being typed. Only the server decides; this saves a look at the calculator.
export function preview(card, text) {
  const plain = text.trim().replace(/[,\s\u2009]/g, "");
  const typed = /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
  for (const sum of card.querySelectorAll(".sum")) {
    const words = sum.querySelector(".words");
    words.dataset.was ??= words.textContent;
    sum.dataset.state ??= ["closed", "broken", "open"].find((state) => sum.classList.contains(state));
    const mine = sum.querySelector("[data-mine]");
    mine.dataset.was ??= mine.textContent;
    let state = sum.dataset.state;
    if (text === "" || typed === null || "unknown" in sum.dataset) {
      words.textContent = words.dataset.was;
      mine.textContent = mine.dataset.was;
    } else {
      const totals = { left: Number(sum.dataset.left), right: Number(sum.dataset.right) };
      totals[sum.dataset.side] += Number(sum.dataset.sign) * (typed - Number(sum.dataset.own || 0));
      const closes = Math.abs(totals.left - totals.right) <= 1e-9 * Math.max(1, Math.abs(totals.left));
      state = closes ? "closed" : "broken";
      words.textContent = closes ? "would close" : `would not close: ${figure(totals.left)} and ${figure(totals.right)}`;
      mine.textContent = figure(typed);
    }
    sum.classList.remove("closed", "broken", "open");
    sum.classList.add(state);
  }
}

// What a button or key asks for, as a correction of the card's value; null when it asks for nothing that is there.
export function correctionOf(card, act, text) {
  const button = card.querySelector(`[data-act="${act}"]`);
  const reason = card.querySelector("#reason")?.value.trim() ?? "";
  const base = { id: newId(), field: card.dataset.field, seen: card.dataset.seen, reason };
  if (act === "typed") return { ...base, action: "value", text };
  if (act === "alternative" && text !== undefined) return { ...base, action: "alternative", text };
  if (!button || button.disabled) return null;
  const given = button.dataset.text;
  return given === undefined ? { ...base, action: act } : { ...base, action: act, text: given };
}

const KEYS = { b: "blank", e: "issuer-error" };

// Keys of a card. `handlers` maps further keys; `settle(act, text)` is called for what settles the value.
export function listen(currentCard, settle, handlers) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // A key that is held down must not settle what nobody has looked at.
    if (event.repeat && !event.key.startsWith("Arrow")) return;
    const card = currentCard();
    const within = event.target;
    if (within.closest("input, textarea, select")) {
      if (event.key === "Escape") within.blur();
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (handlers[key]?.(event)) {
      event.preventDefault();
      return;
    }
    if (!card) return;
    if (key === "Enter") {
      if (within.closest("a, button, summary")) return;
      const main = card.querySelector(".act.main");
      if (main) settle(main.dataset.act, main.dataset.text);
    } else if (/^[1-9]$/.test(key)) {
      const reading = card.querySelector(`[data-number="${key}"]`);
      if (reading) settle("alternative", reading.dataset.text);
    } else if (KEYS[key]) {
      settle(KEYS[key]);
    } else if (key === "t") {
      card.querySelector("#typed").focus();
    } else if (key === "r") {
      card.querySelector(".reason").open = true;
      card.querySelector("#reason").focus();
    } else {
      return;
    }
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const card = currentCard();
    if (!button || !card?.contains(button)) return;
    const act = button.dataset.act;
    if (handlers[act]) handlers[act](event);
    else settle(act, button.dataset.text);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".type")) return;
    event.preventDefault();
    const text = event.target.elements.typed.value.trim();
    if (text) settle("typed", text);
  });
  document.addEventListener("input", (event) => {
    const card = currentCard();
    if (card && event.target.id === "typed") preview(card, event.target.value);
  });
}

export function complain(card, message) {
  const hint = card.querySelector("#type-hint");
  hint.textContent = message;
  hint.className = "hint bad";
  hint.hidden = false;
}
