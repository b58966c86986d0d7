/* Taking any words of an original as a passage. Without this file passages are chosen by sentences.

   A browser counts in UTF-16 units, the service in code points: a character beyond U+FFFF counts twice here. */
"use strict";

{
  const original = () => document.querySelector("[data-passages]");
  const tool = () => document.querySelector("[data-passages-tool]");
  let last = null;

  const codePoints = (text) => [...text].length;

  /* Where in the comment a point of the page is: the run of text that holds it says where it begins. */
  const placeOf = (node, offset, atEnd) => {
    if (node.nodeType !== Node.TEXT_NODE) {
      const runs = [...node.querySelectorAll("[data-from]")];
      const inside = node.childNodes[offset];
      const run = atEnd
        ? runs.filter((one) => !inside || inside.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING).pop()
        : runs.find((one) => !inside || inside.contains(one) || inside.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
      return run ? Number(run.dataset.from) + (atEnd ? codePoints(run.textContent) : 0) : null;
    }
    const run = node.parentElement.closest("[data-from]");
    return run ? Number(run.dataset.from) + codePoints(node.data.slice(0, offset)) : null;
  };

  /* The first and the last run that the selection touches: what lies between them belongs to it. */
  const spanOf = (range) => {
    const runs = [...original().querySelectorAll("[data-from]")].filter((run) => range.intersectsNode(run));
    if (!runs.length) return null;
    const begins = runs[0].contains(range.startContainer) ? placeOf(range.startContainer, range.startOffset, false) : Number(runs[0].dataset.from);
    const tail = runs[runs.length - 1];
    const ends = tail.contains(range.endContainer) ? placeOf(range.endContainer, range.endOffset, true) : Number(tail.dataset.from) + codePoints(tail.textContent);
    return begins !== null && ends !== null && begins < ends ? { start: begins, end: ends } : null;
  };

  /* Of the original alone: what else stands between its runs is nobody's words. */
  const wordsOf = ({ start, end }) => {
    const parts = [...original().querySelectorAll("[data-from]")].map((run) => {
      const from = Number(run.dataset.from);
      return [...run.textContent].slice(Math.max(0, start - from), Math.max(0, end - from)).join("");
    });
    return parts.join("").trim();
  };

  const remember = () => {
    const selection = getSelection();
    if (!original() || !selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(original())) return;
    const span = spanOf(range);
    const text = span ? wordsOf(span) : "";
    if (text) last = { ...span, text, of: original() };
  };

  const take = (button) => {
    const status = tool().querySelector("[data-passages-status]");
    if (!last || last.of !== original()) {
      status.textContent = button.dataset.none;
      return;
    }
    status.textContent = "";
    const list = tool().querySelector("[data-passages-list]");
    const value = `${last.start}-${last.end}`;
    if (![...list.querySelectorAll("input")].some((one) => one.value === value)) list.append(item(list, value, last.text));
    last = null;
    getSelection().removeAllRanges();
  };

  const item = (list, value, text) => {
    const [entry, words, field, remove] = ["li", "span", "input", "button"].map((name) => document.createElement(name));
    field.type = "hidden";
    field.name = "passage";
    field.value = value;
    words.lang = "zh-CN";
    words.textContent = text;
    remove.type = "button";
    remove.className = "link-button";
    remove.textContent = list.dataset.remove;
    remove.setAttribute("aria-label", `${list.dataset.remove}：${text.slice(0, 20)}`);
    remove.addEventListener("click", () => entry.remove());
    entry.append(words, remove, field);
    return entry;
  };

  const dress = () => {
    const here = tool();
    if (!here || !original() || !here.hidden) return;
    here.hidden = false;
    for (const hint of document.querySelectorAll("[data-passages-hint]")) hint.hidden = false;
  };

  document.addEventListener("selectionchange", remember);
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-passages-take]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-passages-take]");
    if (button) take(button);
    /* Whoever selected words inside a sentence did not mean to tick it. */
    else if (event.detail && event.target.closest("[data-passages] label") && !getSelection().isCollapsed) event.preventDefault();
  });
  new MutationObserver(dress).observe(document.body, { childList: true, subtree: true });
  dress();
}
