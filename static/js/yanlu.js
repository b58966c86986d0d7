/* Small comforts. Every page works without this file. */
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const status = document.getElementById(button.dataset.status);
  if (!navigator.clipboard || !source) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.value || source.textContent.trim());
    status.textContent = button.dataset.done;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = button.parentElement.hidden = false;
  button.addEventListener("click", () => window.print());
}

/* A list over the page gets out of the way once a place in it is chosen. */
for (const fold of document.querySelectorAll("details[data-closes]")) {
  fold.addEventListener("click", (event) => {
    if (event.target.closest("a")) fold.open = false;
  });
}

/* What was sent needs no draft any more. */
for (const sent of document.querySelectorAll("[data-sent]")) {
  try {
    const drafts = Object.keys(localStorage).filter((key) => key.startsWith(`yanlu-draft:${sent.dataset.sent}:`));
    drafts.forEach((key) => localStorage.removeItem(key));
  } catch {
    /* A browser that keeps nothing has kept no draft. */
  }
}

/* Browsers that know autofocus only on fields still take the reader to the errors. */
const summary = document.querySelector(".error-summary");
if (summary && !("autofocus" in HTMLElement.prototype)) summary.focus();
