// Single keys that lead somewhere. Which ones is told by the dialog that lists
// them. They rest while somebody types, while a dialog or a menu is open, and
// for good when they are switched off (WCAG 2.1.4).
(() => {
  "use strict";
  const help = document.getElementById("shortcuts");
  if (!help || "off" in help.dataset) return;
  const leads = new Map([...help.querySelectorAll("[data-keys]")].map((row) => [row.dataset.keys, row.dataset.href]));
  const firsts = new Set([...leads.keys()].filter((keys) => keys.includes(" ")).map((keys) => keys.split(" ")[0]));
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false]), [role=combobox], [role=textbox]");

  let first = "";
  let forgetting;
  const remember = (key) => {
    first = key;
    clearTimeout(forgetting);
    forgetting = setTimeout(() => { first = ""; }, 1500);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open], :popover-open:not(#toasts)")) return;
    const keys = first ? `${first} ${event.key}` : event.key;
    const alone = !first;
    if (event.key !== "Shift") remember("");
    if (leads.has(keys)) {
      event.preventDefault();
      location.assign(leads.get(keys));
    } else if (alone && event.key === "?") {
      event.preventDefault();
      help.showModal();
    } else if (alone && event.key === "/") {
      event.preventDefault();
      const field = [...document.querySelectorAll("main input[type=search]:not([data-find])")].find((input) => input.checkVisibility());
      if (field) {
        field.focus();
        field.select();
      } else document.querySelector("[data-palette]")?.click();
    } else if (alone && firsts.has(event.key)) remember(event.key);
  });
})();
