/* Reads drafts aloud where the browser can by itself: with a Chinese voice of this device, so that no words leave it. */
"use strict";

const LONGEST = 120;
const player = document.getElementById("player");
const now = document.getElementById("player-now");
const pause = document.getElementById("player-pause");
let voice = null;
let reading = 0;

const voiceOfDevice = () => {
  const known = speechSynthesis.getVoices().filter((one) => one.localService && /^(zh|cmn)/i.test(one.lang));
  return known.find((one) => /^(zh|cmn)[-_](hans[-_])?cn/i.test(one.lang)) || known[0] || null;
};

/* Some engines fall silent in a long utterance, so it goes by sentences. */
const sentences = (text) => {
  const found = text.replace(/\s+/g, " ").match(/[^。！？；]+[。！？；]?/g) || [];
  return found.flatMap((one) => one.match(new RegExp(`.{1,${LONGEST}}`, "gu")) || []).filter((one) => one.trim());
};

const stop = () => {
  reading += 1;
  speechSynthesis.cancel();
  pause.textContent = pause.dataset.pause;
  now.textContent = now.dataset.over;
};

const speak = (parts) => {
  stop();
  const mine = reading;
  const queue = parts.flatMap((part) => sentences(part.textContent).map((text) => ({ part, text })));
  const next = () => {
    if (mine !== reading) return;
    const item = queue.shift();
    if (!item) {
      now.textContent = now.dataset.over;
      return;
    }
    if (/^H\d$/.test(item.part.tagName)) now.textContent = `${now.dataset.now} ${item.part.textContent.trim()}`;
    const utterance = new SpeechSynthesisUtterance(item.text);
    utterance.lang = "zh-CN";
    utterance.voice = voice;
    utterance.onend = next;
    utterance.onerror = next;
    speechSynthesis.speak(utterance);
  };
  player.hidden = false;
  next();
};

const offer = () => {
  voice = voiceOfDevice();
  if (!voice) return;
  for (const button of document.querySelectorAll("[data-aloud]")) {
    button.hidden = false;
    if (button.parentElement.hidden) button.parentElement.hidden = false;
  }
};

if ("speechSynthesis" in window && player) {
  for (const button of document.querySelectorAll("[data-aloud]")) {
    const place = document.getElementById(button.dataset.aloud);
    button.addEventListener("click", () => speak([...place.querySelectorAll("[data-spoken]")]));
  }
  pause.addEventListener("click", () => {
    const going = !speechSynthesis.paused;
    speechSynthesis[going ? "pause" : "resume"]();
    pause.textContent = going ? pause.dataset.resume : pause.dataset.pause;
  });
  document.getElementById("player-stop").addEventListener("click", () => {
    stop();
    player.hidden = true;
  });
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
  speechSynthesis.addEventListener?.("voiceschanged", offer);
  offer();
}
