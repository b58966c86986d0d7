// Checks a receipt file in this browser, without the network. docs/transparency.md describes every step; the server's
// check (app/transparency/receipt_files.py) says the same in the same case, and does all of it where this script or
// WebCrypto is missing.
(() => {
  "use strict";
  const form = document.getElementById("verify-form");
  const result = document.getElementById("verify-result");
  const byServer = document.getElementById("verify-server");
  if (!form || !window.crypto || !crypto.subtle) return;
  const said = new Map(
    [...document.getElementById("verify-words").content.children].map((one) => [one.dataset.word, one.textContent]),
  );
  const icons = new Map(
    [...document.getElementById("verify-icons").content.children].map((one) => [one.dataset.tone, one]),
  );
  const words = (name, parts = {}) =>
    Object.entries(parts).reduce((text, [part, value]) => text.replaceAll(`{${part}}`, value), said.get(name));

  const utf8 = (text) => new TextEncoder().encode(text);
  const fromHex = (text) => {
    if (typeof text !== "string" || text.length % 2 || /[^0-9a-f]/.test(text)) throw new TypeError("no hex");
    return Uint8Array.from({ length: text.length / 2 }, (_, place) => parseInt(text.substr(place * 2, 2), 16));
  };
  const toHex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const joined = (...pieces) => {
    const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0);
    return whole;
  };
  const sha256 = async (...pieces) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...pieces)));

  // RFC 8785 for what a receipt file holds: words, whole numbers, lists, and objects with names in ASCII.
  const canonical = (value) => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  };

  const digestsOf = async (salt, fields) => {
    const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const found = {};
    for (const [name, value] of Object.entries(fields)) {
      const message = utf8(`${name}\n${canonical(value)}`);
      found[name] = toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, message)));
    }
    return found;
  };

  const ZERO = Uint8Array.of(0);
  const ONE = Uint8Array.of(1);
  const node = (left, right) => sha256(ONE, left, right);

  // RFC 9162 §2.1.3.2: where the path leads from that place of a tree of that size; null where it doesn't fit.
  const climbed = async (leaf, place, size, path) => {
    if (!Number.isSafeInteger(place) || !Number.isSafeInteger(size) || place < 0 || place >= size) return null;
    let [at, last, found] = [BigInt(place), BigInt(size) - 1n, leaf];
    for (const step of path.map(fromHex)) {
      if (last === 0n || step.length !== 32) return null;
      if (at & 1n || at === last) {
        found = await node(step, found);
        while (!(at & 1n) && at) [at, last] = [at >> 1n, last >> 1n];
      } else {
        found = await node(found, step);
      }
      [at, last] = [at >> 1n, last >> 1n];
    }
    return last === 0n ? found : null;
  };

  const sizeOf = (size) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(size));
    return bytes;
  };

  const sealedOf = async (commitment, proof, head) => {
    if (proof === null) return "waiting";
    const top = await climbed(await sha256(ZERO, commitment), proof.batch_place, proof.batch_size, proof.batch_path);
    if (!top || !head || proof.size !== head.size) return "broken";
    const leaf = await sha256(ZERO, utf8("yanlu log batch v1\n"), sizeOf(proof.batch_size), top);
    const root = await climbed(leaf, proof.place, proof.size, proof.path);
    return root && toHex(root) === head.root ? "yes" : "broken";
  };

  const checkedEntry = async (entry, head) => {
    const salt = fromHex(entry.salt);
    const found = await digestsOf(salt, entry.fields);
    const names = new Set([...Object.keys(entry.digests), ...Object.keys(found)]);
    const whole = { at: entry.at, fields: entry.digests, kind: entry.kind };
    const commitment = await sha256(utf8("yanlu log entry v1\n"), utf8(canonical(whole)));
    return {
      ...entry,
      altered: [...names].filter((name) => entry.digests[name] !== found[name]),
      isWhole: salt.length === 32 && toHex(commitment) === entry.commitment,
      sealed: await sealedOf(fromHex(entry.commitment), entry.proof, head),
    };
  };

  // The public key as WebCrypto takes it; null where this browser doesn't know Ed25519.
  const keyOf = async (base64) => {
    try {
      return await crypto.subtle.importKey("raw", fromBase64(base64), { name: "Ed25519" }, false, ["verify"]);
    } catch {
      return null;
    }
  };
  const isSigned = (key, signature, ...lines) =>
    crypto.subtle.verify({ name: "Ed25519" }, key, fromBase64(signature), utf8(`${lines.join("\n")}\n`));

  const check = async (file) => {
    const { promise, head } = file;
    const keys = form.dataset.keys.split(" ");
    const ours = keys.includes(file.key) ? file.key : keys[0];
    const log = toHex(await sha256(fromBase64(ours)));
    const key = await keyOf(ours);
    const entries = [];
    for (const entry of file.entries) entries.push(await checkedEntry(entry, head));
    const [first] = entries;
    const namesIt =
      first.kind === "receipt" && promise.log === log && promise.commitment === first.commitment &&
      promise.number === first.fields.number && promise.at === first.at;
    const promised = ["yanlu promise v1", promise.log, promise.number, promise.commitment, promise.at, promise.by];
    const under = head && ["yanlu log head v1", head.log, head.size, head.root, head.at];
    return {
      entries,
      head,
      isOurs: file.key === ours,
      isEarlier: ours !== keys[0],
      isPromised: namesIt && (key ? await isSigned(key, promise.signature, ...promised) : null),
      isHeadSigned:
        head && (head.log === log) && (key ? await isSigned(key, head.signature, ...under) : null),
    };
  };

  const instant = (text) => {
    const at = new Date(text);
    if (Number.isNaN(at.getTime())) return text;
    const asked = { dateStyle: "long", timeStyle: "medium", timeZone: "Asia/Shanghai" };
    return words("beijing", { at: new Intl.DateTimeFormat(document.documentElement.lang, asked).format(at) });
  };
  const outcomeOf = (entry) => said.get(`outcome_${entry.fields.outcome}`) || String(entry.fields.outcome);

  const received = ({ isOurs, isEarlier, isPromised, entries: [first] }) => {
    if (!isOurs) return ["bad", words("other_key")];
    if (isPromised === null) return ["wait", words("not_checked")];
    if (!isPromised) return ["bad", words("forged")];
    const parts = { number: first.fields.number, at: instant(first.fields.received_at) };
    return ["good", words(isEarlier ? "signed_before" : "signed", parts)];
  };
  const unaltered = ({ entries }) => {
    const parts = entries.flatMap((entry) => entry.altered);
    const lines = parts.map((name) => ["bad", words("part", { part: said.get(`part_${name}`) || name })]);
    if (!entries.every((entry) => entry.isWhole)) lines.push(["bad", words("whole")]);
    return lines.length ? lines : [["good", words("same")]];
  };
  const decided = (entry) => {
    if (entry.sealed === "broken" || entry.altered.length || !entry.isWhole) return ["bad", words("broken")];
    const parts = { outcome: outcomeOf(entry), at: instant(entry.at) };
    return entry.sealed === "yes" ? ["good", words("decided", parts)] : ["wait", words("decided_waiting", parts)];
  };
  const kept = ({ entries: [first, ...decisions], head, isHeadSigned }) => {
    const lines = [];
    if (first.sealed === "waiting") lines.push(["wait", words("waiting")]);
    else if (first.sealed === "broken" || !first.isWhole) lines.push(["bad", words("broken")]);
    else {
      const parts = { place: first.proof.place + 1, size: head.size, at: instant(head.at) };
      lines.push(["good", words("stands", parts)]);
    }
    if (isHeadSigned === false) lines.push(["bad", words("unsigned_head")]);
    if (!decisions.length) lines.push(["wait", words("undecided")]);
    return [...lines, ...decisions.map(decided)];
  };

  const made = (name, text, ...children) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    element.append(...children);
    return element;
  };
  const listed = (lines) => {
    const list = made("ul");
    list.className = "log-lines";
    for (const [tone, text] of lines) {
      const item = made("li", "", ...icons.get(tone).cloneNode(true).childNodes, made("span", text));
      item.className = `log-${tone}`;
      list.append(item);
    }
    return list;
  };
  const show = (parts) => {
    document.getElementById("verify-where").textContent = words("done_here");
    document.getElementById("verify-answers").replaceChildren(...parts);
    result.hidden = byServer.hidden = false;
    result.focus();
  };

  const read = async (file) => {
    if (file.size > Number(form.dataset.largest)) return [listed([["bad", words("too_large")]])];
    try {
      const content = JSON.parse((await file.text()).replace(/^\uFEFF/, ""));
      if (content.format !== "yanlu receipt v1" || !content.entries.length) throw new TypeError("no receipt");
      const found = await check(content);
      return [
        made("h3", words("received")), listed([received(found)]),
        made("h3", words("unaltered")), listed(unaltered(found)),
        made("h3", words("kept")), listed(kept(found)),
      ];
    } catch {
      return [listed([["bad", words("unreadable")]])];
    }
  };

  form.addEventListener("submit", async (event) => {
    const [file] = document.getElementById("file").files;
    if (!file || event.submitter === byServer) return;
    event.preventDefault();
    show(await read(file));
  });
})();
