/* The form's security check: a proof of work in a worker takes the place of the digits. When it can't be made, or
   stands still for long, the digits are there again. */
"use strict";

{
  const PATIENCE = 20000;
  const place = document.querySelector("[data-proof]");
  const form = place && place.closest("form");
  const answer = form && form.elements.captcha_proof;
  const digits = place && place.querySelector("[data-digits]");
  const typed = digits && digits.querySelector("input");
  const told = place && place.querySelector("[data-proof-told]");
  const status = told && told.querySelector("[role=status]");
  const note = document.createElement("p");
  note.className = "proof-note";
  let worker = null, failed = false, done = false, lastSign = 0, held = null, waiting = false, letGo = false;

  const say = (what) => {
    status.textContent = status.dataset[what];
    place.dataset.state = what;
    if (waiting) note.textContent = status.textContent;
  };

  /* The summary of errors leads to whichever of the two is there. */
  const show = (visible) => {
    digits.hidden = !visible;
    typed.id = visible ? "captcha" : "captcha-digits";
    told.id = visible ? "proof" : "captcha";
  };

  const stop = () => {
    if (worker) worker.terminate();
    worker = null;
  };

  const fail = () => {
    if (done) return;
    failed = true;
    waiting = false;
    stop();
    show(true);
    say("failed");
    note.textContent = status.textContent;
  };

  const finish = (proof) => {
    answer.value = proof;
    done = true;
    stop();
    say("done");
    if (!waiting) return;
    waiting = false;
    letGo = true;
    if (held) held.click();
    else form.submit();
  };

  const begin = () => {
    if (worker || done || failed) return;
    say("working");
    lastSign = Date.now();
    try {
      worker = new Worker(place.dataset.proof);
    } catch {
      fail();
      return;
    }
    worker.onerror = fail;
    worker.onmessage = ({ data }) => {
      lastSign = Date.now();
      if (data.proof) finish(data.proof);
    };
    const number = (name) => Number(place.dataset[name]);
    worker.postMessage({
      nonce: place.dataset.nonce, memory: number("memory"), threshold: number("threshold"), numbers: number("numbers"),
    });
    const watch = setInterval(() => {
      if (!worker) clearInterval(watch);
      else if (Date.now() - lastSign > PATIENCE) fail();
    }, 1000);
  };

  const slow = () => {
    if (!waiting) return;
    show(true);
    say("slow");
  };

  /* Buttons that only change the form, or leave the check to a person, don't wait. */
  const finishes = (button) => !button || (button.name === "step" && ["check", "send"].includes(button.value));

  const hold = (event) => {
    const button = event.submitter || null;
    if (letGo || done || failed || !finishes(button) || (!digits.hidden && typed.value.trim())) return;
    event.preventDefault();
    held = button;
    begin();
    if (failed) return;
    const actions = button && button.closest(".actions");
    if (actions) actions.after(note);
    if (!waiting) setTimeout(slow, PATIENCE);
    waiting = true;
    say("holding");
  };

  if (place && answer && window.Worker) {
    told.hidden = false;
    show("shown" in place.dataset);
    if (answer.value) {
      done = true;
      say("done");
    }
    for (const kind of ["focusin", "input", "pointerdown"]) form.addEventListener(kind, begin, { once: true });
    form.addEventListener("submit", hold);
    if ("again" in place.dataset) begin();
  }
}
