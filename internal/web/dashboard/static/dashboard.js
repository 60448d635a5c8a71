// Makes smoother what the dashboard does without it: the form of a link shows
// its page while it is written, and the page of a link follows what happens.
(() => {
  "use strict";

  // A link that opens a dialog leads to the same question on a page of its own.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a[data-dialog]")) event.preventDefault();
  });

  // A row opens on a click anywhere but on what acts by itself. Who marks text
  // wants the text.
  const rowOf = (event) => {
    const target = event.target;
    if (event.defaultPrevented || !target.closest || target.closest("a, button, input, label, select, textarea, summary, dialog, [popover]") || String(getSelection())) return null;
    return target.closest("tbody tr, main li")?.querySelector("a.row-link") ?? null;
  };
  document.addEventListener("click", (event) => {
    const link = rowOf(event);
    if (!link) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) window.open(link.href, "_blank", "noopener");
    else link.click();
  });
  document.addEventListener("auxclick", (event) => {
    const link = event.button === 1 ? rowOf(event) : null;
    if (link) window.open(link.href, "_blank", "noopener");
  });

  // The tick in the head of a list stands for all below it.
  const picks = () => [...document.querySelectorAll('input[name="link"][form="bulk"]')];
  const showPicks = () => {
    const head = document.querySelector("[data-pick-all]");
    if (!head) return;
    const ticked = picks().filter((pick) => pick.checked).length;
    head.checked = ticked > 0 && ticked === picks().length;
    head.indeterminate = ticked > 0 && !head.checked;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-pick-all]")) picks().forEach((pick) => { pick.checked = event.target.checked; });
    else if (event.target.form?.id === "bulk") showPicks();
  });
  document.addEventListener("reset", (event) => { if (event.target.id === "bulk") setTimeout(showPicks); });

  const form = document.querySelector("[data-link-form]");
  if (form) linkForm(form);
  const live = document.querySelector("[data-live]");
  if (live) follow(live.dataset.live);

  function linkForm(form) {
    const field = (name) => form.elements.namedItem(name);
    const address = form.querySelector('[data-preview="path"]');
    let ownPath = field("path").value !== "";

    const preview = () => { if (address) address.textContent = field("path").value; };

    // A product brings its name along, until somebody types another.
    const product = field("product");
    let filled = "";
    const nameOf = () => (product.value ? product.selectedOptions[0].textContent.split(" – ").slice(0, -1).join(" – ") : "");
    product?.addEventListener?.("change", () => {
      const name = field("name");
      if (name.value && name.value !== filled) return;
      name.value = filled = nameOf();
      name.dispatchEvent(new Event("input", { bubbles: true }));
    });

    let asked = 0;
    let resting;
    const askForPath = () => {
      clearTimeout(resting);
      const turn = ++asked; // what is asked already has no say about what is typed now
      resting = setTimeout(async () => {
        const query = new URLSearchParams({ except: form.dataset.linkId });
        if (ownPath) query.set("path", field("path").value);
        else query.set("name", field("name").value);
        const answer = await fetch(`${form.dataset.linkForm}?${query}`).catch(() => null);
        if (!answer?.ok || turn !== asked) return; // the server checks again on sending
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        const input = field("path");
        const caret = document.activeElement === input ? input.selectionStart : null;
        document.getElementById("path-part").replaceChildren(...fresh.body.childNodes);
        if (caret !== null) {
          field("path").focus();
          field("path").setSelectionRange(caret, caret);
        }
        preview();
      }, 250);
    };

    form.addEventListener("input", (event) => {
      preview();
      if (event.target.name === "path") {
        ownPath = event.target.value !== "";
        askForPath();
      } else if (event.target.name === "name" && !ownPath) askForPath();
    });
    form.addEventListener("change", preview);
    preview();
  }

  // An answer of the server brings parts of a form anew, as they were when it
  // was asked. What somebody typed or chose meanwhile stays, and so does the
  // focus.
  const asked = new WeakMap();
  const formOf = (event) => event.detail.ctx.sourceElement?.closest?.("form");
  const keyOf = (field) => (/^(radio|checkbox)$/.test(field.type) ? `${field.name}=${field.value}` : field.name);
  const stateOf = (field) => (/^(radio|checkbox)$/.test(field.type) ? field.checked : field.value);
  const fieldsOf = (form) => new Map([...form.elements].filter((field) => field.name).map((field) => [keyOf(field), field]));
  document.addEventListener("htmx:before:request", (event) => {
    const form = formOf(event);
    if (form) asked.set(event.detail.ctx, new Map([...fieldsOf(form)].map(([key, field]) => [key, stateOf(field)])));
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    const form = formOf(event);
    const before = asked.get(ctx);
    if (!form || !before) return;
    const changed = new Map([...fieldsOf(form)].filter(([key, field]) => before.get(key) !== stateOf(field)).map(([key, field]) => [key, stateOf(field)]));
    const focused = form.contains(document.activeElement) && document.activeElement.name ? keyOf(document.activeElement) : null;
    const restore = (after) => {
      if (after.detail.ctx !== ctx) return;
      document.removeEventListener("htmx:after:swap", restore);
      const fields = fieldsOf(form);
      changed.forEach((state, key) => { if (fields.has(key)) put(fields.get(key), state); });
      if (focused && document.activeElement === document.body) fields.get(focused)?.focus({ preventScroll: true });
    };
    document.addEventListener("htmx:after:swap", restore);
  });
  function put(field, state) {
    if (field.disabled) return; // the answer has closed it, and says why
    if (typeof state === "boolean") field.checked = state;
    else if (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === state)) field.value = state;
  }

  // The preview of a message follows the form while it is open: in the way that
  // was looked at last.
  document.querySelectorAll("[data-letter]").forEach((letter) => {
    const form = letter.closest("form");
    const ways = letter.querySelectorAll("[data-letter-show]");
    let way = ways[0];
    let resting;
    const show = () => { if (letter.open) form.requestSubmit(way); };
    ways.forEach((button) => button.addEventListener("click", () => { way = button; }));
    letter.addEventListener("toggle", show);
    form.addEventListener("input", () => {
      clearTimeout(resting);
      resting = setTimeout(show, 600);
    });
  });

  // Beside the form of a link stands its page or a message, as the choice above
  // it says; both follow the form. The page is drawn by the server, which knows
  // what payers see, and goes into the frame without a step in the history.
  document.querySelectorAll("[data-preview-ways]").forEach((part) => {
    const form = part.closest("form");
    const frame = part.querySelector("[data-page-preview]");
    let resting;
    let turn = 0;
    const page = async () => {
      const mine = ++turn;
      const answer = await fetch(frame.dataset.pagePreview, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
      const html = answer?.ok ? await answer.text().catch(() => null) : null;
      if (html === null || mine !== turn) return;
      frame.srcdoc = html.replace("<head>", '<head><base target="_blank">'); // its links lead nowhere
    };
    const show = () => {
      if (!part.checkVisibility()) return;
      const way = part.querySelector("[name=shown]:checked").value;
      const button = part.querySelector(`[data-preview-way="${way}"]`);
      if (button) form.requestSubmit(button);
      else page();
    };
    const soon = (event) => {
      clearTimeout(resting);
      const message = part.querySelector("[name=shown]:checked").value !== "page";
      resting = setTimeout(show, event.target.name === "shown" ? 0 : message ? 600 : 200);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
  });

  // A slider and a number are one figure.
  document.querySelectorAll("[data-twin]").forEach((slider) => {
    const number = document.getElementById(slider.dataset.twin);
    const fill = () => slider.style.setProperty("--fill", `${((slider.value - slider.min) / (slider.max - slider.min)) * 100}%`);
    slider.addEventListener("input", () => { number.value = slider.value; fill(); });
    number.addEventListener("input", () => { slider.value = number.value; fill(); });
    fill();
    slider.hidden = false;
  });

  // A colour picker writes what it picks into its field, and follows the field.
  document.querySelectorAll("[data-colour-for]").forEach((picker) => {
    const field = document.getElementById(picker.dataset.colourFor);
    const follow = () => { if (/^#[0-9a-f]{6}$/i.test(field.value)) picker.value = field.value; };
    picker.addEventListener("input", () => { field.value = picker.value.toUpperCase(); });
    field.addEventListener("input", follow);
    follow();
    picker.hidden = false;
  });

  // On phones the list of settings is wider than the screen: show where we are.
  document.querySelector('[aria-label="Settings sections"] [aria-current]')?.scrollIntoView({ block: "nearest", inline: "center" });

  // Every part whose id begins with "live-" is taken from the page anew when
  // the server says that something happened. Hidden pages let go of their
  // connection: a browser has only a few.
  function follow(url) {
    let source;
    let waiting = false;
    let turn = 0;
    const refresh = async () => {
      const mine = ++turn;
      const answer = await fetch(location.href, { headers: { "X-Live": "1" } }).catch(() => null);
      if (!answer?.ok) return;
      const page = await answer.text();
      if (mine !== turn) return; // a newer one is on its way, and this one may be older than what is shown
      const fresh = new DOMParser().parseFromString(page, "text/html");
      document.querySelectorAll('[id^="live-"]').forEach((part) => {
        const next = fresh.getElementById(part.id);
        if (!next || next.innerHTML === part.innerHTML || part.contains(document.activeElement)) return;
        const shown = next.querySelectorAll("details"); // what is unfolded stays so
        part.querySelectorAll("details").forEach((details, i) => { if (shown[i]) shown[i].open = details.open; });
        part.replaceWith(next);
      });
    };
    const soon = () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => { waiting = false; refresh(); }, 300);
    };
    const connect = () => {
      if (source || document.hidden) return;
      source = new EventSource(url);
      source.addEventListener("activity", soon);
      // Nobody told what happened between drawing the page and listening: where
      // something is under way, look once more.
      if (document.querySelector("[data-under-way]")) source.addEventListener("open", soon, { once: true });
    };
    const letGo = () => { source?.close(); source = undefined; };
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return letGo();
      connect();
      soon();
    });
    addEventListener("pagehide", letGo);
    connect();
  }
})();
