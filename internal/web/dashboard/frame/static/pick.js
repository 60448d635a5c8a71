// One thing of any number: a combobox whose options the server finds. What is chosen stands
// in a field beside it: a hidden one, where the server also finds what is only typed, or the
// select that is there without scripts.
(() => {
  "use strict";
  let count = 0;
  document.querySelectorAll("[data-pick]").forEach((part) => {
    const own = ++count;
    const input = part.querySelector("[role=combobox]");
    const field = part.querySelector("[data-pick-value]");
    const select = field.tagName === "SELECT";
    const pop = part.querySelector(".pick-pop");
    const said = part.querySelector("[data-pick-said]");
    const clear = part.querySelector("[data-pick-clear]");
    let turn = 0;
    let resting;
    let enter = false; // pressed before the answer was there
    const options = () => (pop.hidden ? [] : [...pop.querySelectorAll("[role=option]")]);
    const marked = () => pop.querySelector('[aria-selected="true"]');
    const mark = (option) => {
      marked()?.setAttribute("aria-selected", "false");
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      if (option) input.setAttribute("aria-activedescendant", option.id);
      else input.removeAttribute("aria-activedescendant");
    };
    const close = () => {
      clearTimeout(resting);
      turn++;
      enter = false;
      pop.hidden = true;
      mark(null);
      input.setAttribute("aria-expanded", "false");
    };
    const tell = (target) => target.dispatchEvent(new Event("change", { bubbles: true }));
    const hold = (value, label) => {
      if (select && value && ![...field.options].some((option) => option.value === value)) field.append(new Option(label, value));
      field.value = value;
    };
    const put = (value, label) => {
      const other = field.value !== value;
      hold(value, label);
      input.value = label;
      clear.hidden = label === "";
      if (other) tell(field);
      tell(input);
    };
    const take = (option) => {
      close();
      if (option.dataset.pickOpens) return window.open(option.dataset.pickOpens, "_blank", "noopener");
      if (select && "pickAdds" in option.dataset) {
        put("", "");
        part.dispatchEvent(new CustomEvent("adds", { detail: option.dataset.label }));
        return;
      }
      put(option.dataset.id, option.dataset.label);
    };
    const find = async (query) => {
      const url = new URL(part.dataset.pick, location.href);
      Object.entries(query).forEach(([name, value]) => url.searchParams.set(name, value));
      const answer = await fetch(url).catch(() => null);
      return answer?.ok ? answer.text().catch(() => null) : null;
    };
    const open = () => {
      pop.hidden = false;
      input.setAttribute("aria-expanded", "true");
    };
    // What failed may be tried again, and what was typed stays.
    const fail = () => {
      const text = document.createElement("p");
      text.className = "px-3 py-2.5 text-table";
      text.textContent = `${part.dataset.pickFailed} `;
      const again = document.createElement("button");
      again.type = "button";
      again.className = "link cursor-pointer";
      again.textContent = part.dataset.pickRetry;
      again.addEventListener("click", () => soon(0));
      text.append(again);
      pop.replaceChildren(text);
      open();
      said.textContent = part.dataset.pickFailed;
    };
    const ask = async () => {
      const mine = ++turn;
      const html = await find({ q: field.value ? "" : input.value });
      if (mine !== turn || document.activeElement !== input) return;
      if (html === null) return fail();
      pop.innerHTML = html;
      open();
      options().forEach((option, i) => { option.id = `pick-${own}-${i}`; });
      const list = pop.querySelector("[role=listbox]");
      list.id ||= `pick-${own}-list`;
      input.setAttribute("aria-controls", list.id);
      said.textContent = list.dataset.said;
      mark(input.value && !field.value ? options()[0] : null);
      if (enter && marked()) take(marked());
      enter = false;
    };
    const soon = (after) => { clearTimeout(resting); turn++; resting = setTimeout(ask, after); };
    input.addEventListener("input", () => {
      enter = false;
      clear.hidden = input.value === "";
      if (field.value) {
        hold("", "");
        tell(field);
      }
      soon(120);
    });
    input.addEventListener("focus", () => { if (field.value) input.select(); });
    input.addEventListener("click", () => { if (pop.hidden) soon(0); });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const all = options();
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (!all.length) return soon(0);
        const at = all.indexOf(marked());
        mark(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (marked()) take(marked());
        else if (input.value && !field.value) enter = true;
      } else if (event.key === "Tab" && select && marked() && !("pickAdds" in marked().dataset)) {
        take(marked()); // and the focus moves on
      } else if (event.key === "Escape" && !pop.hidden) {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    });
    pop.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
    pop.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) take(option);
    });
    clear.addEventListener("click", () => { put("", ""); input.focus(); });

    // A select has no word for what is only typed: the one thing that it can mean is chosen,
    // and anything else makes way for what was chosen before.
    const label = () => (field.value ? field.selectedOptions[0].textContent : "");
    const settle = async () => {
      if (!input.value || field.value) return;
      const typed = input.value;
      const html = await find({ q: typed });
      if (input.value !== typed || field.value || document.activeElement === input) return;
      const found = [...new DOMParser().parseFromString(html ?? "", "text/html").querySelectorAll("[role=option][data-id]")];
      if (found.length === 1) put(found[0].dataset.id, found[0].dataset.label);
      else put("", "");
    };
    input.addEventListener("blur", () => {
      close();
      if (select) settle();
    });
    if (!select) return;
    // A draft, or a page that is shown again, sets the select.
    const follow = async () => {
      if (document.activeElement === input && !field.value) return;
      const id = field.value;
      if (id && !label()) {
        const page = new DOMParser().parseFromString((await find({ id })) ?? "", "text/html");
        const option = page.querySelector("[role=option][data-id]");
        if (field.value !== id) return;
        if (!option) return hold("", ""); // it is gone
        field.selectedOptions[0].textContent = option.dataset.label;
        tell(field);
      }
      input.value = label();
      clear.hidden = input.value === "";
    };
    follow();
    addEventListener("pageshow", follow);
    field.form.addEventListener("input", (event) => { if (event.target === field.form) follow(); });
  });
})();
