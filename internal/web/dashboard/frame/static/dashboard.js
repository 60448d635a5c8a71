// Makes smoother what the dashboard does without it: rows open on a click, forms keep
// what was typed while parts of them come anew, and pages follow what happens.
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

  // A list opens again as it was left, with its search and at its place, also by the way back
  // above a page below it. It is kept in this tab, until somebody signs out.
  const place = "smartlinks.list ";
  const isList = (path) => /^\/dashboard\/[^/]+\/(links|customers|transactions)$/.test(path);
  const stored = (key, value) => { try { return value === undefined ? sessionStorage.getItem(key) : sessionStorage.setItem(key, value); } catch { return null; } };
  if (isList(location.pathname)) {
    const [search, y] = JSON.parse(stored(place + location.pathname) ?? "[]");
    if (stored(`${place}back`) === location.pathname && search === location.search) scrollTo(0, y);
    stored(`${place}back`, "");
    addEventListener("pagehide", () => stored(place + location.pathname, JSON.stringify([location.search, scrollY])));
  } else {
    document.querySelectorAll(".crumbs a, a.back").forEach((link) => {
      const [search] = JSON.parse((isList(link.pathname) && !link.search && stored(place + link.pathname)) || "[]");
      if (search === undefined) return;
      link.search = search;
      link.addEventListener("click", () => stored(`${place}back`, link.pathname));
    });
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.action?.endsWith?.("/sign-out")) return;
    try { Object.keys(sessionStorage).filter((key) => key.startsWith(place)).forEach((key) => sessionStorage.removeItem(key)); } catch { /* nothing is kept */ }
    addEventListener("pagehide", () => { try { sessionStorage.removeItem(place + location.pathname); } catch { /* nothing is kept */ } });
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

  const live = document.querySelector("[data-live]");
  if (live) follow(live.dataset.live);

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
