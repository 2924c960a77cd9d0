// Uploads: dropped or chosen files go to the API, and their jobs are followed until they are done.

import { ask, pause } from "./settling.js";

const form = document.getElementById("upload");
const list = document.getElementById("jobs");
const problem = document.getElementById("problem");
const mark = document.querySelector('meta[name="csrf-token"]').content;
const open = new Set();

function show(job) {
  document.getElementById("no-jobs").hidden = true;
  let item = list.querySelector(`[data-id="${CSS.escape(job.id)}"]`);
  if (!item) {
    item = document.createElement("li");
    item.dataset.id = job.id;
    const name = document.createElement("span");
    name.className = "job-name";
    name.lang = "zh-CN";
    const state = document.createElement("span");
    state.className = "job-state";
    item.append(name, state);
    list.prepend(item);
  }
  item.className = `job ${job.state}`;
  item.querySelector(".job-name").textContent = job.name;
  const state = item.querySelector(".job-state");
  if (job.report) {
    const link = document.createElement("a");
    link.href = `/reports/${job.report}`;
    link.textContent = job.message ? `open the report (${job.message})` : "open the report";
    state.replaceChildren(link);
  } else if (job.state === "failed") {
    state.textContent = `failed: ${job.message}`;
  } else if (job.state === "reading" && job.pages) {
    state.textContent = `${job.pages_done} of ${job.pages} pages read`;
  } else {
    state.textContent = job.state;
  }
  bar(item, job);
}

// The macro `progress` of the templates, for as long as pages are being read.
function bar(item, job) {
  item.querySelector(".progress")?.remove();
  if (job.state !== "reading" || !job.pages) return;
  const name = "http://www.w3.org/2000/svg";
  const shape = (kind, attributes) => {
    const node = document.createElementNS(name, kind);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const box = { class: "progress", viewBox: "0 0 100 6", preserveAspectRatio: "none", role: "img", "aria-label": "Pages read" };
  const drawn = shape("svg", box);
  drawn.append(
    shape("rect", { class: "track", width: 100, height: 6 }),
    shape("rect", { class: "fill", width: (100 * job.pages_done) / job.pages, height: 6 }),
  );
  item.append(drawn);
}

async function follow(id) {
  if (open.has(id)) return;
  open.add(id);
  for (;;) {
    await pause(700);
    try {
      const job = await (await ask(`/api/v1/jobs/${id}`)).json();
      show(job);
      if (job.state === "done" || job.state === "failed") break;
    } catch (error) {
      if (error.status === 404) break;
      await pause(2000);
    }
  }
  open.delete(id);
}

async function upload(file) {
  problem.hidden = true;
  const body = new FormData();
  body.append("document", file);
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const job = await (await ask("/api/v1/documents", { method: "POST", headers: { "x-csrf-token": mark }, body })).json();
    show(job);
    follow(job.id);
  } catch (error) {
    problem.textContent = `${file.name}: ${error.message}`;
    problem.hidden = false;
  } finally {
    button.disabled = false;
  }
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = form.elements.document;
  for (const file of input.files) await upload(file);
  input.value = "";
});

for (const kind of ["dragenter", "dragover"]) {
  form?.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) form?.addEventListener(kind, () => form.classList.remove("over"));
form?.addEventListener("drop", async (event) => {
  event.preventDefault();
  for (const file of event.dataTransfer.files) await upload(file);
});

for (const item of list?.querySelectorAll(".job") ?? []) {
  if (item.classList.contains("waiting") || item.classList.contains("reading")) follow(item.dataset.id);
}
