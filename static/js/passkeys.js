// Passkeys: asks the browser for one and sends its answer with the form that the button stands in.
// A form with `data-passkey-get` signs in, one with `data-passkey-create` makes a new passkey. Without this script,
// or where the browser knows no passkeys, the buttons stay hidden.
(() => {
  "use strict";
  const toBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (one) => one.charCodeAt(0));
  };
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const named = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

  const answerTo = async (form) => {
    if (form.dataset.passkeyGet) {
      const asked = JSON.parse(form.dataset.passkeyGet);
      const publicKey = { ...asked, challenge: toBytes(asked.challenge), allowCredentials: named(asked.allowCredentials) };
      const found = await navigator.credentials.get({ publicKey });
      return described(found, {
        authenticatorData: toText(found.response.authenticatorData),
        signature: toText(found.response.signature),
        userHandle: found.response.userHandle ? toText(found.response.userHandle) : null,
      });
    }
    const asked = JSON.parse(form.dataset.passkeyCreate);
    const publicKey = {
      ...asked,
      challenge: toBytes(asked.challenge),
      user: { ...asked.user, id: toBytes(asked.user.id) },
      excludeCredentials: named(asked.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    return described(made, { attestationObject: toText(made.response.attestationObject) });
  };

  const described = (credential, response) =>
    JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
    });

  const prepare = (form) => {
    const answer = form.elements.namedItem("passkey");
    const problem = form.querySelector("[data-passkey-problem]");
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      if (answer.value) return;
      event.preventDefault();
      if (problem) problem.hidden = true;
      answerTo(form).then(
        (text) => {
          answer.value = text;
          form.requestSubmit();
        },
        () => {
          if (problem) problem.hidden = false;
        },
      );
    });
  };

  if (window.PublicKeyCredential) {
    document.querySelectorAll("form[data-passkey-get], form[data-passkey-create]").forEach(prepare);
  }
})();
