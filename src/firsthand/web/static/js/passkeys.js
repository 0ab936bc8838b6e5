// Passkeys: asks the server what to ask the browser, asks the browser, and sends the answer (WebAuthn level 2). Without it
// name and password sign in as ever.
"use strict";

(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential || !window.isSecureContext) return;
  const adding = form.dataset.passkey === "add";
  const path = adding ? "/settings/passkeys" : "/login/passkey";
  const button = form.querySelector("button");
  const said = form.querySelector("[data-said]");

  const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  function encode(buffer) {
    let text = "";
    for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  async function ask(address, more = {}) {
    const fields = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(more)) fields.set(name, value);
    const answer = await fetch(address, { method: "POST", body: fields, headers: { accept: "application/json" } });
    const kind = answer.headers.get("content-type") || "";
    const found = kind.startsWith("application/json") ? await answer.json() : {};
    if (!answer.ok) throw new Error(found.problem ? `${found.problem} ${found.remedy}` : "The server did not take it. Load the page anew.");
    return found;
  }

  const withIds = (list) => (list || []).map((one) => ({ ...one, id: decode(one.id) }));

  async function make(options) {
    const publicKey = {
      ...options,
      challenge: decode(options.challenge),
      user: { ...options.user, id: decode(options.user.id) },
      excludeCredentials: withIds(options.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    const { clientDataJSON, attestationObject } = made.response;
    return plain(made, { clientDataJSON: encode(clientDataJSON), attestationObject: encode(attestationObject) });
  }

  async function use(options) {
    const publicKey = { ...options, challenge: decode(options.challenge), allowCredentials: withIds(options.allowCredentials) };
    const made = await navigator.credentials.get({ publicKey });
    const { clientDataJSON, authenticatorData, signature, userHandle } = made.response;
    return plain(made, {
      clientDataJSON: encode(clientDataJSON),
      authenticatorData: encode(authenticatorData),
      signature: encode(signature),
      userHandle: userHandle ? encode(userHandle) : null,
    });
  }

  function plain(made, response) {
    const { id, type, authenticatorAttachment } = made;
    return JSON.stringify({ id, rawId: encode(made.rawId), type, authenticatorAttachment, response });
  }

  const words = {
    NotAllowedError: "It was broken off, or the device has no passkey for this server.",
    InvalidStateError: "This device has a passkey for this account already.",
    SecurityError: "The browser allows no passkey here: open this server by its name (not a number), over https.",
  };

  form.hidden = false;
  button.disabled = false;
  if (adding) said.textContent = "";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    said.textContent = "";
    try {
      const options = await ask(`${path}/options`);
      const { to } = await ask(path, { credential: await (adding ? make(options) : use(options)) });
      location.assign(to);
    } catch (error) {
      said.textContent = words[error.name] || error.message;
      button.disabled = false;
    }
  });
})();
