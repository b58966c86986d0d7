/* Takes an unlocked identity off the page when its minutes are over. Without this file reloading the page does. */
"use strict";

for (const part of document.querySelectorAll("[data-hides-in]")) {
  setTimeout(() => part.remove(), Number(part.dataset.hidesIn) * 1000);
}
