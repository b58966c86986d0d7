/* What a page breaks, found in the page itself: rule → one line for each place. Run by tests/accessibility/checks.py. */
(() => {
  const shown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true, visibilityProperty: true });
  const told = (element) => {
    const id = element.id ? `#${element.id}` : "";
    return `<${element.localName}${id}> ${(element.textContent || element.getAttribute("aria-label") || "").trim().replace(/\s+/g, " ").slice(0, 40)}`;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const tongueOf = (element) => (element.closest("[lang]")?.getAttribute("lang") || "").toLowerCase();
  const CHINESE = /[㐀-鿿]/;
  const ENGLISH = /\b[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}/;

  /* A label that everybody sees, whatever is typed. */
  const labels = () =>
    all("input:not([type=hidden]), select, textarea")
      .filter((field) => !(field.closest("[aria-hidden=true], .leave-empty")))
      .filter((field) => ![...(field.labels || [])].some((label) => shown(label) && label.innerText.trim()))
      .map(told);

  /* WCAG 2.2 §2.5.5 and §2.5.8; a link inside a line of text is excepted, as it is there. */
  const inText = (link) => {
    if (link.localName !== "a" || getComputedStyle(link).display !== "inline") return false;
    const line = link.closest("p, li, dd, td, span, label, q, blockquote") || link.parentElement;
    return line.textContent.trim().length > link.textContent.trim().length;
  };
  const boxOf = (element) => {
    const boxes = [element, ...(["checkbox", "radio"].includes(element.type) ? element.labels : [])].map((one) => one.getBoundingClientRect());
    return { width: Math.max(...boxes.map((box) => box.width)), height: Math.max(...boxes.map((box) => box.height)) };
  };
  const targets = (least) =>
    all("a[href], button, input:not([type=hidden]), select, textarea, summary")
      .filter((element) => !inText(element) && !element.closest(".skip, .sr, .leave-empty, .portal"))
      .map((element) => ({ element, box: boxOf(element) }))
      .filter(({ box }) => box.width < least - 0.5 || box.height < least - 0.5)
      .map(({ element, box }) => `${told(element)} ${box.width.toFixed(0)}×${box.height.toFixed(0)}`);

  /* Words in the other language stand under a mark of their own (§3.1.2). */
  const foreign = (text, tongue) => (tongue.startsWith("zh") ? ENGLISH.test(text) && !CHINESE.test(text) : CHINESE.test(text));
  const languages = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      // Numbers and codes of a receipt are drawn at random: what looks like a word in them is none.
      if (node.parentElement.closest("script, style, textarea, data.slip-number")) continue;
      if (foreign(node.data, tongueOf(node.parentElement))) found.push(`${tongueOf(node.parentElement)}: ${node.data.trim().slice(0, 40)}`);
    }
    for (const element of document.querySelectorAll("[aria-label], [alt], [title]")) {
      for (const name of ["aria-label", "alt", "title"]) {
        if (foreign(element.getAttribute(name) || "", tongueOf(element))) found.push(`${tongueOf(element)}: ${name} ${element.getAttribute(name).slice(0, 40)}`);
      }
    }
    return found;
  };

  /* An instant in words is one for programs too. */
  const instants = () => {
    const found = [];
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (/\d:\d\d.{0,6}(北京时间|Beijing time)/.test(data) && !parentElement.closest("time[datetime], textarea, .error-summary, .wrong, .prose, .own-text, .section-title")) found.push(data.trim().slice(0, 60));
    }
    return found;
  };

  const outline = () => {
    const found = [];
    if (all("h1").length !== 1) found.push(`${all("h1").length} headings of the first level`);
    if (document.querySelectorAll("main").length !== 1) found.push("not one main");
    if (!document.documentElement.lang) found.push("no language");
    const first = document.querySelector("a[href]");
    if (!first || first.getAttribute("href") !== "#main") found.push("the first link doesn't skip to the content");
    return found;
  };

  /* §1.4.10: nothing stands beyond the window's edge, unless it scrolls by itself. */
  const overflow = () => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = all("body *").filter((element) => element.getBoundingClientRect().right > width + 1);
    return [`${document.documentElement.scrollWidth} > ${width}`, ...wide.slice(-3).map(told)];
  };

  /* 关怀模式: text of at least 18 points. */
  const letters = (least) => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (!data.trim() || !shown(parentElement) || parentElement.closest("option, script, .sr")) continue;
      const size = parseFloat(getComputedStyle(parentElement).fontSize);
      if (size < least - 0.1) found.add(`${size.toFixed(1)} px: ${data.trim().slice(0, 30)}`);
    }
    return [...found];
  };

  /* What has the focus now: null when the page has been left. */
  const stops = new Map();
  const focused = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    if (!stops.has(element)) stops.set(element, stops.size);
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const places = [
      [box.left + 4, box.top + 4],
      [box.right - 4, box.bottom - 4],
      [box.left + box.width / 2, box.top + box.height / 2],
    ];
    const isCovered = ([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return !top || !(element.contains(top) || top.contains(element));
    };
    return {
      stop: stops.get(element),
      name: told(element),
      is_outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      is_covered: places.every(isCovered),
      left: box.left,
      top: box.top + scrollY,
      is_main: Boolean(element.closest("main")) && !element.closest("aside"),
    };
  };
  const unreached = () =>
    all("a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls]")
      .filter((element) => !element.disabled && element.tabIndex >= 0 && !stops.has(element))
      .map(told);

  /* The largest part of the window's height that something keeps for itself while the page scrolls. */
  const stays = () =>
    all("body *")
      .filter((element) => /sticky|fixed/.test(getComputedStyle(element).position))
      .reduce((most, element) => Math.max(most, element.getBoundingClientRect().height / innerHeight), 0);

  /* The spaces that §1.4.12 lets readers ask for. */
  const space = () => {
    const sheet = new CSSStyleSheet();
    const wide = "line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important";
    sheet.replaceSync(`* { ${wide} } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
  };

  const rules = { labels, targets, languages, instants, outline, overflow, letters };
  window.yanluChecks = { ...rules, focused, unreached, stays, space };
})();
