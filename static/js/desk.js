/* The desk by keyboard, without loading pages anew. Every page works without this file.

   What a key does stands on the page: `data-key` names it, `data-does` a verb of VERBS; without a verb the element is
   pressed. The sheet of keys is made of the same elements. */
"use strict";

{
  const EVERY = 20000;
  const QUIET = 5 * 60000;
  const HOLD = 60000;
  const AWAY = 2 * 60000;
  const main = () => document.getElementById("main");
  const told = document.createElement("p");
  told.className = "sr";
  told.setAttribute("role", "status");
  document.body.append(told);
  let busy = false;

  const isOn = () => main().dataset.keys === "on";
  const isSeen = (element) => element.getClientRects().length > 0;
  const all = (what) => [...main().querySelectorAll(what)];
  const first = (what) => all(what).find(isSeen);

  /* Keys */

  const TYPED = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit])";
  const isTyping = (element) => element.matches(TYPED);

  const rows = () => all(".row-title");
  const row = () => {
    const inside = document.activeElement.closest(".row, .row-line");
    return inside || main().querySelector(".row-current");
  };

  /* Beside an open case its neighbour is opened; in a list alone the focus moves. */
  const step = (by, link) => {
    const neighbour = main().querySelector(link);
    if (main().querySelector(".pane")) {
      if (neighbour) neighbour.click();
      return;
    }
    const links = rows();
    const here = links.findIndex((one) => row() && row().contains(one));
    const there = links[here < 0 ? 0 : here + by];
    if (there) there.focus();
    else if (by > 0 && first("[data-next-page]")) first("[data-next-page]").click();
  };

  const mark = () => {
    const box = row() && row().querySelector("input[name=chosen]");
    if (box) box.click();
  };

  const sheet = () => {
    const dialog = document.getElementById("key-sheet");
    const list = dialog.querySelector("[data-sheet]");
    list.replaceChildren(...all("[data-key]").filter(isOffered).flatMap(line));
    dialog.showModal();
    dialog.querySelector("h2").focus();
  };

  const isOffered = (element) => "does" in element.dataset || isSeen(element);
  const nameOf = (key) => (key.length === 1 ? key.toUpperCase() : key);

  const line = (element) => {
    const [name, words] = [document.createElement("dt"), document.createElement("dd")];
    const keycap = document.createElement("kbd");
    keycap.textContent = nameOf(element.dataset.key);
    name.append(keycap);
    words.textContent = wordsOf(element);
    return [name, words];
  };

  const wordsOf = (element) => {
    const label = element.dataset.words || (element.labels && element.labels[0] && element.labels[0].textContent);
    if (label) return label.trim();
    const copy = element.cloneNode(true);
    for (const one of copy.querySelectorAll("kbd, .sr, .count")) one.remove();
    return copy.textContent.trim();
  };

  const VERBS = {
    next: () => step(1, "[data-next]"),
    previous: () => step(-1, "[data-previous]"),
    nothing: () => {},
    mark,
    sheet,
    focus: (element) => {
      element.focus();
      element.scrollIntoView({ block: "start" });
    },
  };

  const press = (element) => {
    if ("does" in element.dataset) VERBS[element.dataset.does](element);
    else if (element.matches("summary")) unfold(element);
    else if (isTyping(element)) element.focus();
    else element.click();
  };

  const unfold = (summary) => {
    summary.click();
    const fold = summary.parentElement;
    const field = fold.open && [...fold.querySelectorAll("input, select, textarea, button")].find(isSeen);
    if (field) field.focus();
    else summary.focus();
  };

  const leaveField = (field) => {
    field.blur();
    const heading = first("#case-title") || first("#list-title");
    if (heading) heading.focus({ preventScroll: true });
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const field = event.target;
    if (isTyping(field)) {
      if (event.key === "Escape") leaveField(field);
      return;
    }
    if (!isOn() || event.ctrlKey || event.altKey || event.metaKey || event.repeat && event.key.length > 1) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const element = all("[data-key]").find((one) => one.dataset.key === key && isOffered(one));
    if (!element || element.dataset.does === "nothing") return;
    event.preventDefault();
    if (!busy) press(element);
  });

  /* Pages, swapped in place */

  const isOfDesk = (url) => main().dataset.desk && new URL(url, location.href).pathname === main().dataset.desk;

  const swap = async (url, options, push) => {
    if (busy) return;
    busy = true;
    main().setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { credentials: "same-origin", ...options });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("main");
      const elsewhere = answer.redirected && !isOfDesk(answer.url);
      if (!fresh || elsewhere || (!options && !answer.ok)) {
        location.assign(answer.url);
        return;
      }
      place(fresh, page.title);
      if (push && answer.ok) history.pushState(null, "", withoutDone(answer.url));
    } catch {
      location.reload();
    } finally {
      busy = false;
      main().removeAttribute("aria-busy");
    }
  };

  /* What was done is told once: who comes back to the address isn't told again. */
  const withoutDone = (url) => {
    const plain = new URL(url);
    plain.searchParams.delete("done");
    return plain.href;
  };

  const place = (fresh, title) => {
    const list = main().querySelector(".list");
    const scrolled = list ? list.scrollTop : 0;
    main().replaceWith(document.adoptNode(fresh));
    for (const script of all("script[src]")) script.replaceWith(awake(script));
    document.title = title;
    const now = main().querySelector(".list");
    if (now) now.scrollTop = scrolled;
    dress();
    settle();
  };

  /* A script of a page that was parsed apart doesn't run. */
  const awake = (script) => {
    const copy = document.createElement("script");
    copy.src = script.src;
    return copy;
  };

  /* The focus goes to what is to be read next, and a screen reader hears what was done and where it is. */
  const settle = () => {
    const current = main().querySelector(".row-current");
    if (current && isSeen(current)) current.scrollIntoView({ block: "nearest" });
    const heading = first("#case-title") || first("h1");
    if (!heading) return;
    if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    const toast = main().querySelector("[data-toast] p");
    told.textContent = [toast, heading].filter(Boolean).map((one) => one.textContent.trim()).join("：");
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#main a[href]");
    const plain = !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !plain || link.search.includes("look=") || link.search.includes("keys=") || !isOfDesk(link.href)) return;
    event.preventDefault();
    swap(link.href, undefined, true);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest(".pane form, .toast form");
    if (!form || event.defaultPrevented || form.method !== "post" || form.enctype !== "application/x-www-form-urlencoded") return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    swap((event.submitter && event.submitter.getAttribute("formaction")) || form.action, { method: "POST", body }, true);
  });

  window.addEventListener("popstate", () => {
    if (isOfDesk(location.href)) swap(location.href, undefined, false);
    else location.reload();
  });

  /* What a page gets that has just come */

  const dress = () => {
    document.documentElement.classList.toggle("has-keys", isOn());
    for (const element of all("[data-key]:not([data-does=nothing])")) {
      if (isOn() && !element.closest("[hidden]:not(button)")) element.setAttribute("aria-keyshortcuts", nameOf(element.dataset.key));
    }
    for (const button of all("button[data-does]")) button.hidden = false;
    for (const button of all("button[data-does]")) button.onclick = () => VERBS[button.dataset.does](button);
    count();
  };

  const count = () => {
    const output = main().querySelector("[data-marked]");
    if (!output) return;
    const number = all("input[name=chosen]:checked").length;
    output.textContent = number ? output.dataset.words.replace("{number}", number) : "";
  };

  document.addEventListener("change", (event) => {
    if (event.target.name === "chosen") count();
  });

  /* Only while somebody is there: asking would keep a forgotten session alive. */
  let acted = Date.now();
  const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel"];
  for (const kind of SIGNS) document.addEventListener(kind, () => { acted = Date.now(); }, { capture: true, passive: true });

  const refresh = async () => {
    if (document.hidden || !main().dataset.counts || Date.now() - acted > QUIET) return;
    const answer = await fetch(main().dataset.counts, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const counts = await answer.json();
    for (const place of all("[data-count]")) {
      const number = counts[place.dataset.count];
      if (number !== undefined && place.textContent !== String(number)) place.textContent = number;
    }
  };

  /* An open case is held for its reader, who may read it for long; who has gone away lets it go. */
  const hold = async () => {
    const form = main().querySelector("[data-hold]");
    if (!form || document.hidden || Date.now() - acted > AWAY) return;
    const answer = await fetch(form.action, { method: "POST", credentials: "same-origin", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok || answer.redirected || !form.isConnected) return;
    const note = main().querySelector("[data-lease]");
    const { words } = await answer.json();
    if (!note || note.textContent === words) return;
    note.textContent = words;
    const box = note.closest(".team-lease");
    box.hidden = !words;
  };

  dress();
  if (main().querySelector(".pane, [data-toast]")) settle();
  setInterval(() => refresh().catch(() => {}), EVERY);
  setInterval(() => hold().catch(() => {}), HOLD);
}
