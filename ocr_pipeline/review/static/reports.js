// The list works without any script; this spares a click where a filter is chosen, and waits for the index.

import { ask, pause } from "./settling.js";

const filters = document.querySelector(".filters");
for (const select of filters.querySelectorAll("select")) {
  select.addEventListener("change", () => filters.requestSubmit());
}
filters.addEventListener("formdata", (event) => {
  // Short addresses: what is not asked for is not in them.
  for (const [name, value] of [...event.formData]) {
    if (value === "" || (name === "order" && value === "urgency")) event.formData.delete(name);
  }
});

const left = document.getElementById("indexing");
while (left) {
  await pause(800);
  try {
    const found = await (await ask("/api/v1/reports?limit=1")).json();
    if (!found.indexing) location.reload();
    left.textContent = `looking at ${found.indexing.toLocaleString("en")} more files`;
  } catch {
    await pause(3000);
  }
}
