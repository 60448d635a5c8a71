// What forms of the dashboard do beyond HTML: nothing that was typed is lost,
// the Enter key never sends more than was meant, and fields say what is wrong when
// they are left.
(() => {
  "use strict";
  const quiet = "[data-autosubmit], [data-theme-form], [data-palette-form], [data-plain], [hidden]";
  const forms = () => [...document.querySelectorAll('main form[method="post"]')].filter((form) => !form.matches(quiet) && !form.closest("dialog"));

  // A field that differs from what the page came with. What the form keeps for
  // itself, and what only chooses a view, does not count.
  const differs = (field) => {
    if (!field.name || field.disabled || field.type === "hidden" || field.name === "shown" || field.name === "find" || field.closest("[data-not-typed]")) return false;
    if (/^(checkbox|radio)$/.test(field.type)) return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") {
      const options = [...field.options];
      const first = options.some((option) => option.defaultSelected) ? options.filter((option) => option.defaultSelected) : options.slice(0, field.multiple ? 0 : 1);
      return options.some((option) => option.selected !== first.includes(option));
    }
    if (field.type === "file") return field.files.length > 0;
    return field.value !== field.defaultValue;
  };
  // A form that came back with mistakes holds what nobody has saved.
  const unsaved = (form) => form.querySelector('[aria-invalid="true"], .error') !== null || [...form.elements].some((field) => typed.has(field) && differs(field)) || form.dataset.changed === "yes";
  const typed = new WeakSet(); // by somebody, not by us
  ["input", "change"].forEach((kind) => document.addEventListener(kind, (event) => { if (event.target.form) typed.add(event.target); }, true));

  // New questions come into the page before the old ones leave it: one that is unfolded there
  // would fold what is unfolded here.
  document.addEventListener("htmx:before:swap", (event) => {
    if (!/^question-/.test(event.detail?.ctx?.sourceElement?.value ?? "")) return;
    document.querySelectorAll("#questions-part details").forEach((each) => each.removeAttribute("name"));
  });

  // A tag that was made and ticked while the form is filled in came from the server.
  document.addEventListener("htmx:after:swap", (event) => {
    if (/^question-/.test(event.detail?.ctx?.sourceElement?.value ?? "")) { // so did its questions
      const part = document.getElementById("questions-part");
      part.closest("form").dataset.changed = "yes";
      part.dispatchEvent(new Event("input", { bubbles: true }));
      part.querySelector("[autofocus]")?.focus();
    }
    const form = document.getElementById("tags-part")?.closest("form");
    if (form?.querySelector("#tags-part")?.contains(document.activeElement) || form?.dataset.tags === "asked") form.dataset.changed = "yes";
  });

  // A question is listed by what it says.
  document.addEventListener("input", ({ target }) => {
    const title = /^q\d+_label$/.test(target.name ?? "") && target.closest(".question")?.querySelector("[data-question-title]");
    if (title && target.value.trim()) title.textContent = target.value.trim();
  });

  let sending = false;
  document.addEventListener("submit", (event) => {
    if (!event.submitter?.formTarget && !event.defaultPrevented) sending = true;
  });
  addEventListener("pageshow", () => { sending = false; });
  addEventListener("beforeunload", (event) => {
    if (!sending && forms().some(unsaved)) event.preventDefault();
  });

  // The draft of a new link is kept in this browser until the link is made.
  const prefix = "smartlinks.draft ";
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
    all() { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
  };
  const kept = document.querySelector("form[data-draft]");
  const sent = (() => { try { const key = sessionStorage.getItem("smartlinks.sent"); sessionStorage.removeItem("smartlinks.sent"); return key; } catch { return null; } })();
  if (sent && !kept && !document.querySelector("[data-draft-trouble]")) store.drop(sent); // it became a link
  if (kept) keepDraft(kept);
  document.addEventListener("submit", (event) => {
    if (event.target.action?.endsWith("/sign-out")) store.all().forEach(store.drop); // the next one here is somebody else
  });

  function keepDraft(form) {
    const key = prefix + form.dataset.draft;
    const notes = form.querySelectorAll("[data-draft-note]");
    const tell = () => notes.forEach((note) => { note.hidden = false; });
    const own = (name) => !/^(send_key|act|shown|view)$/.test(name);
    const fields = () => [...form.elements].filter((field) => field.name && own(field.name) && field.type !== "file" && field.tagName !== "BUTTON");
    const save = () => {
      store.set(key, [...new FormData(form)].filter(([name, value]) => own(name) && typeof value === "string"));
      tell();
    };
    let resting;
    const soon = () => { clearTimeout(resting); resting = setTimeout(save, 300); };
    const draft = store.get(key);
    const fresh = !form.querySelector('[aria-invalid="true"], .error') && !location.search && form.dataset.again !== "yes";
    const restore = () => {
      const values = new Map();
      draft.forEach(([name, value]) => values.set(name, [...(values.get(name) ?? []), value]));
      fields().forEach((field) => {
        const own = values.get(field.name) ?? [];
        if (/^(checkbox|radio)$/.test(field.type)) field.checked = own.includes(field.value);
        else if (own.length) {
          field.value = own[0];
          if (field.matches("[data-pick-value]") && own[0] && field.value !== own[0]) field.append(new Option("", own[0], false, true)); // its picker asks for its name
        }
      });
      form.querySelectorAll("details.fold").forEach((part) => {
        if ([...part.querySelectorAll("[name]")].some(differs)) part.open = true;
      });
      tell();
      form.dataset.changed = "yes";
      form.dispatchEvent(new Event("input", { bubbles: true }));
      document.getElementById("customer-id")?.dispatchEvent(new Event("change", { bubbles: true }));
    };
    // Questions of the draft have no fields yet: the server draws them.
    const restoreQuestions = async () => {
      const body = new URLSearchParams(draft);
      body.append("act", "question-show");
      const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
      const html = answer?.ok ? await answer.text().catch(() => null) : null;
      const part = html && new DOMParser().parseFromString(html, "text/html").getElementById("questions-part");
      if (!part) return;
      document.getElementById("questions-part").replaceWith(part);
      window.htmx?.process(part);
      part.closest("details.fold").open = true;
    };
    if (Array.isArray(draft) && fresh) {
      if (draft.some(([name]) => name === "question")) restoreQuestions().finally(restore);
      else restore();
    }
    form.addEventListener("input", (event) => { if (event.target !== form) soon(); });
    form.addEventListener("change", soon);
    form.addEventListener("submit", (event) => {
      if (event.submitter?.formTarget) return;
      clearTimeout(resting);
      save();
      try { sessionStorage.setItem("smartlinks.sent", key); } catch { /* forbidden: the draft stays */ }
    });
    addEventListener("pagehide", () => { if (!sending && forms().includes(form) && unsaved(form)) save(); });
    const drop = () => {
      clearTimeout(resting);
      store.drop(key);
      sending = true; // it was said
      location.assign(location.pathname);
    };
    notes.forEach((note) => note.querySelector("[data-draft-drop]").addEventListener("click", drop));
  }

  // Messages go out by their own button alone: in a form that sends, Enter does nothing else.
  const sends = (form) => form?.dataset.enter === "stays" || (form?.matches("[data-link-form]") && Boolean(form.elements.namedItem("by")?.value));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || /^(submit|button|file|color|reset|image)$/.test(field.type)) return;
    if (sends(field.form)) {
      event.preventDefault();
      field.dispatchEvent(new Event("change", { bubbles: true })); // as if it was left
    }
  });

  // What is wrong with a field is told when it is left, by the server's rules.
  const say = (field, message) => {
    const box = field.closest(".field");
    if (!box) return;
    box.querySelector(".error[data-told]")?.remove();
    const hint = document.getElementById(`${field.id}-hint`);
    if (hint) hint.hidden = Boolean(message);
    if (!message) {
      box.querySelector(".error")?.remove();
      field.removeAttribute("aria-invalid");
      return;
    }
    box.querySelector(".error")?.remove();
    const told = document.createElement("p");
    told.className = "error";
    told.id = `${field.id}-error`;
    told.dataset.told = "";
    told.setAttribute("role", "alert");
    told.textContent = message;
    box.append(told);
    field.setAttribute("aria-invalid", "true");
    const about = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== told.id);
    field.setAttribute("aria-describedby", [...about, told.id].join(" "));
  };
  const told = "limit_max amount payer_min payer_max suggested starts_at ends_at redirect_url remind_max reference".split(" ");
  document.querySelectorAll("form[data-check]").forEach((form) => {
    const left = new Set();
    let turn = 0;
    let resting;
    const ask = async (typing) => {
      clearTimeout(resting);
      const mine = ++turn;
      const before = form.elements.namedItem("redirect_url")?.value;
      const answer = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
      const found = answer?.ok ? await answer.json().catch(() => null) : null;
      if (!found || mine !== turn) return; // the server tells on sending
      form.dispatchEvent(new CustomEvent("checked", { detail: found }));
      const redirect = form.elements.namedItem("redirect_url");
      if (redirect && redirect.value === before && document.activeElement !== redirect) redirect.value = found.values.redirect_url;
      left.forEach((each) => {
        const field = form.elements.namedItem(each); // a question may have gone
        if (field?.checkVisibility?.() && field !== typing) say(field, found.errors[each]);
      });
    };
    form.addEventListener("change", (event) => {
      if (event.target.closest("[data-not-typed]")) return;
      if (told.includes(event.target.name) || /^q\d+_(label|options|key|min|max|step|help)$/.test(event.target.name)) left.add(event.target.name);
      ask();
    });
    form.addEventListener("input", (event) => {
      if (event.target.closest("[data-not-typed]")) return;
      clearTimeout(resting);
      resting = setTimeout(ask, 400, event.target); // who types is not told of mistakes yet
    });
  });
})();
