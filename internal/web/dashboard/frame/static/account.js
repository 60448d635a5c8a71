// Makes smoother what setting up and signing in do without it.
(() => {
  "use strict";

  const setup = document.querySelector("[data-setup]");
  if (setup) fillSetup(setup);

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  if (window.PublicKeyCredential) passkeys();

  // Passkeys: the browser is asked what the server wrote, and its answer goes
  // back with the form.
  function passkeys() {
    document.querySelectorAll("[data-passkeys], [data-passkey-get]").forEach((form) => { form.hidden = false; });
    document.querySelectorAll("[data-no-passkeys]").forEach((text) => { text.hidden = true; });
    const create = document.querySelector("[data-passkey-create]");
    if (create) {
      const options = JSON.parse(create.dataset.passkeyCreate).publicKey;
      onAnswer(create, async () => navigator.credentials.create({ publicKey: read(options) }));
      create.requestSubmit();
    }
    const get = document.querySelector("[data-passkey-get]");
    if (get) {
      onAnswer(get, async () => {
        const asked = await fetch(get.dataset.passkeyGet, { method: "POST" });
        const { publicKey } = await asked.json();
        return navigator.credentials.get({ publicKey: read(publicKey) });
      });
    }
  }

  function onAnswer(form, ask) {
    const problem = document.querySelector("[data-passkey-problem]");
    let asking = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (asking) return;
      asking = true;
      problem.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(written(await ask()));
        form.submit();
      } catch {
        problem.hidden = false; // they changed their mind, or the device did
      }
      asking = false;
    });
  }

  // The server writes bytes as base64url, the browser wants and gives buffers.
  function read(options) {
    const lists = ["excludeCredentials", "allowCredentials"].filter((name) => options[name]);
    const changed = Object.fromEntries(lists.map((name) => [name, options[name].map((key) => ({ ...key, id: bytes(key.id) }))]));
    if (options.user) changed.user = { ...options.user, id: bytes(options.user.id) };
    return { ...options, ...changed, challenge: bytes(options.challenge) };
  }

  function written(key) {
    const { response } = key;
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].filter((name) => response[name]);
    return {
      id: key.id, rawId: text(key.rawId), type: key.type, authenticatorAttachment: key.authenticatorAttachment ?? undefined,
      clientExtensionResults: key.getClientExtensionResults(),
      response: {
        ...Object.fromEntries(parts.map((name) => [name, text(response[name])])),
        transports: response.getTransports?.(),
      },
    };
  }

  function bytes(base64url) {
    return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  }

  function text(buffer) {
    return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  // Letters that are no plain one with a mark. Without them Groß would be gro, for good: a
  // handle is printed on codes.
  const spelled = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "&": " and " };

  // A name in another script stays without a handle here: the server writes it, which knows
  // them all.
  function handleOf(name) {
    const plain = name.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[ßæœøłđðþı&]/g, (c) => spelled[c]);
    if (/(?![a-z])\p{L}/u.test(plain)) return "";
    return plain.replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+/, "").slice(0, 40).replace(/-+$/, "");
  }

  // The handle follows the name until somebody writes one, and the time zone is
  // that of the browser. The server checks both.
  function fillSetup(form) {
    const { business, handle, time_zone: zone } = form.elements;
    let own = handle.value !== "";
    handle.addEventListener("input", () => { own = handle.value !== ""; });
    business.addEventListener("input", () => {
      if (own) return;
      handle.value = handleOf(business.value);
    });
    const told = form.querySelector("[data-zone]");
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const here = JSON.parse(told.dataset.zone)[timeZone] ?? timeZone; // browsers tell some by an older name
    const known = [...zone.options].some((option) => option.value === here);
    if (zone.value === "UTC" && known) zone.value = here;
    const tell = () => { told.textContent = zone.value.replaceAll("_", " "); };
    zone.addEventListener("change", tell);
    tell();
  }
})();
