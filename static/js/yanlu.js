/* Small comforts. Every page works without this file. */
"use strict";

const codePoints = (text) => [...text.replace(/\r\n?/g, "\n").trim().normalize("NFC")].length;

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

for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const note = document.getElementById(area.dataset.counter);
  const limit = Number(area.dataset.limit);
  let pause = 0;
  const say = () => {
    const left = limit - codePoints(area.value);
    const words = left < 0 ? note.dataset.over : note.dataset.left;
    note.textContent = words.replace("{count}", String(Math.abs(left)));
    note.classList.toggle("counter-over", left < 0);
  };
  area.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(say, 400);
  });
  if (area.value) say();
}

/* Browsers that know autofocus only on fields still take the reader to the errors. */
const summary = document.querySelector(".error-summary");
if (summary && !("autofocus" in HTMLElement.prototype)) summary.focus();
