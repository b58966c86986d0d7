/* Comforts of the comment form: it counts as the server counts, and keeps a draft in this browser. All works without. */
"use strict";

/* As app/submissions/characters.py: what can't be seen goes, line breaks count as one, the ends are trimmed. */
const accepted = (text) =>
  text
    .replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, "\n")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}]/gu, (sign) => ("\n\t\u200c\u200d".includes(sign) ? sign : ""))
    .normalize("NFC")
    .trim();
const codePoints = (text) => [...accepted(text)].length;

const counted = [...document.querySelectorAll("textarea[data-limit]")];
/* A clause's own words that were left as they are propose nothing. */
const isIdle = (area) =>
  area.name.startsWith("wording-") && accepted(area.value) === accepted(area.dataset.begun || area.defaultValue);
const used = () => counted.reduce((sum, area) => sum + (isIdle(area) ? 0 : codePoints(area.value)), 0);

for (const area of counted) {
  const note = area.parentElement.querySelector(".counter");
  let pause = 0;
  const say = () => {
    const left = Number(area.dataset.limit) - used();
    note.textContent = (left < 0 ? note.dataset.over : note.dataset.left).replace("{count}", String(Math.abs(left)));
    note.classList.toggle("counter-over", left < 0);
  };
  area.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(say, 500);
  });
}

/* Drafts: title, comment and what is said about clauses; nothing about the sender has `data-kept`. */
const form = document.querySelector("form[data-draft]");
const KEY = `yanlu-draft:${form.dataset.draft}`;
const OFF = "yanlu-draft-off";
const OLDEST = 30 * 24 * 3600 * 1000;
const kept = [...form.querySelectorAll("[data-kept]")];
const box = form.querySelector("[data-draft-box]");
const chosen = () => [...form.querySelectorAll("input[name=clause]")].map((field) => field.value);

function save(store) {
  const words = kept.filter((field) => field.value.trim() && !(field.dataset.limit && isIdle(field)));
  if (!words.length || store.getItem(OFF)) return store.removeItem(KEY);
  const fields = Object.fromEntries(words.map((field) => [field.name, field.value]));
  store.setItem(KEY, JSON.stringify({ at: Date.now(), clauses: chosen(), fields }));
}

function forget(store) {
  Object.keys(store).filter((key) => key.startsWith("yanlu-draft:")).forEach((key) => store.removeItem(key));
}

/* Asks once for a form with the clauses of the draft; answers whether it did. */
function asksForClauses(draft) {
  const asked = new URLSearchParams(location.search).getAll("clause");
  if (draft.clauses.every((label) => asked.includes(label))) return false;
  const all = [...new Set([...asked, ...draft.clauses])].map((label) => ["clause", label]);
  location.replace(`?${new URLSearchParams(all)}`);
  return true;
}

function restore(store) {
  const draft = JSON.parse(store.getItem(KEY) || "null");
  if (!draft || Date.now() - draft.at > OLDEST || store.getItem(OFF)) return store.removeItem(KEY);
  if (asksForClauses(draft)) return;
  for (const field of kept) {
    if (!(field.name in draft.fields)) continue;
    field.value = draft.fields[field.name];
    const fold = field.closest("details");
    if (fold) fold.open = true;
  }
  const told = box.querySelector("[data-restored]");
  const clear = box.querySelector("[data-clear-draft]");
  told.textContent = told.dataset.words;
  clear.hidden = false;
  clear.addEventListener("click", () => {
    for (const field of kept) field.value = field.defaultValue;
    store.removeItem(KEY);
    told.textContent = "";
    clear.hidden = true;
    kept[0].focus();
  });
}

function keepDrafts(store) {
  const off = box.querySelector("#draft-off");
  box.hidden = false;
  off.checked = Boolean(store.getItem(OFF));
  off.addEventListener("change", () => {
    if (off.checked) {
      store.setItem(OFF, "1");
      forget(store);
    } else {
      store.removeItem(OFF);
      save(store);
    }
  });
  /* A form that comes back from the server has the words already. */
  if ("fresh" in form.dataset) restore(store);
  else save(store);
  for (const field of kept) field.addEventListener("input", () => unlessFull(() => save(store)));
}

/* Without a store, or with a full one, the form works as well. */
function unlessFull(act) {
  try {
    act();
  } catch {
    /* Nothing is kept then. */
  }
}

unlessFull(() => keepDrafts(window.localStorage));
