// Search from everywhere: a dialog that asks the server while somebody types.
// It is a combobox with a list of options (WAI-ARIA practices): the focus stays
// in the field, the arrows move what is chosen.
(() => {
  "use strict";
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const form = dialog.querySelector("[data-palette-form]");
  const input = document.getElementById("palette-input");
  const results = document.getElementById("palette-results");
  const said = dialog.querySelector("[data-palette-said]");
  const options = () => [...results.querySelectorAll("[role=option]")];
  const chosen = () => results.querySelector('[aria-selected="true"]');

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  const show = (html) => {
    results.innerHTML = html;
    const list = results.querySelector("[role=listbox]");
    options().forEach((option, i) => { option.id = `palette-option-${i}`; });
    input.setAttribute("aria-expanded", String(Boolean(list)));
    input.setAttribute("aria-controls", list ? list.id : "palette-results");
    said.textContent = list?.dataset.said ?? results.textContent.trim();
    choose(options()[0]);
    results.scrollTop = 0;
  };

  // Of several questions under way the last one counts. Enter waits for it.
  let turn = 0;
  let waiting = false; // the list does not answer what stands in the field yet
  let enter = false;
  let resting;
  const ask = async () => {
    const mine = turn;
    const query = new URLSearchParams({ q: input.value, as: "list" });
    const answer = await fetch(`${form.action}?${query}`).catch(() => null);
    const html = answer?.ok ? await answer.text().catch(() => null) : null;
    if (mine !== turn) return;
    waiting = false;
    if (html === null) {
      show("");
      said.textContent = "";
      results.append(document.getElementById("palette-trouble").content.cloneNode(true));
      return;
    }
    show(html);
    if (enter) open();
  };
  const askSoon = (after) => {
    waiting = true;
    turn++;
    clearTimeout(resting);
    resting = setTimeout(ask, after);
  };

  const open = (apart = false) => {
    enter = false;
    const href = chosen()?.href;
    if (!href) return;
    if (apart) {
      window.open(href, "_blank", "noopener");
      return;
    }
    dialog.close();
    location.assign(href);
  };

  const launch = () => {
    if (dialog.open) return;
    document.getElementById("drawer")?.close();
    document.querySelectorAll(":popover-open:not(#toasts)").forEach((menu) => menu.hidePopover());
    dialog.showModal();
    input.focus();
    input.select();
    if (!results.children.length || input.value) askSoon(0);
  };

  input.addEventListener("input", () => {
    enter = false;
    askSoon(100);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (waiting) enter = true;
    else open();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
      return;
    }
    // To the first of the next kind, such as from customers to payments.
    const leap = { PageDown: 1, PageUp: -1 }[event.key];
    if (leap && all.length) {
      event.preventDefault();
      const kinds = [...results.querySelectorAll("[role=group]")];
      choose(kinds.at((kinds.indexOf(chosen().closest("[role=group]")) + leap) % kinds.length).querySelector("[role=option]"));
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      open(true);
    }
  });
  results.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) choose(option);
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-palette]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    launch();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else launch();
  });

  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    document.querySelectorAll("[data-command-key] kbd:first-child, [data-key=Ctrl]").forEach((key) => { key.textContent = "⌘"; });
  }
})();
