// What the dashboard needs beyond HTML. Everything hangs on data attributes and
// is listened for on the document, so it also works on parts that htmx brings.
(() => {
  "use strict";
  const root = document.documentElement;
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const target = event.target.closest?.(selector);
      if (target) act(target, event);
    });

  // Theme: the server draws the chosen one. Choosing another needs no new page.
  const applyTheme = (choice) => {
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else delete root.dataset.theme;
  };
  on("submit", "[data-theme-form]", (form, event) => {
    const choice = event.submitter?.value;
    if (!choice) return;
    event.preventDefault();
    applyTheme(choice);
    fetch(form.action, { method: "POST", body: new URLSearchParams({ theme: choice, quiet: "on" }) });
    form.closest("[popover]")?.hidePopover();
  });

  // Toasts. Good news leaves after four seconds, unless someone is at it.
  const dismissLater = (toast) => {
    if ("stays" in toast.dataset) return;
    setTimeout(() => {
      if (toast.matches(":hover, :focus-within")) dismissLater(toast);
      else toast.remove();
    }, 4000);
  };
  const toast = ({ text, more = "", bad = false, retry = null }) => {
    const region = document.getElementById("toasts");
    const template = document.getElementById(bad ? "toast-template-bad" : "toast-template");
    if (!region || !template) return;
    const copy = template.content.cloneNode(true);
    copy.querySelector("[data-toast-text]").textContent = text;
    copy.querySelector("[data-toast-more]").textContent = more;
    const shown = copy.firstElementChild;
    const again = shown.querySelector("[data-toast-retry]");
    if (again && retry) {
      again.hidden = false;
      again.addEventListener("click", () => { shown.remove(); retry(); });
    }
    region.replaceChildren(shown);
    raiseToasts(region);
    dismissLater(shown);
  };
  // As a popover the region lies above open dialogs.
  const raiseToasts = (region) => {
    if (!region.showPopover || !region.children.length) return;
    if (region.matches(":popover-open")) region.hidePopover();
    region.showPopover();
  };
  on("click", "[data-toast-close]", (button) => button.closest(".toast").remove());
  document.addEventListener("toast", (event) => toast(event.detail));

  // What is said of errors, in the language of the page.
  const words = () => document.getElementById("toast-template-bad")?.dataset ?? {};

  // Copying.
  on("click", "[data-copy]", async (button) => {
    button.closest("[popover]")?.hidePopover();
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      toast({ text: button.dataset.copied });
    } catch {
      toast({ text: words().notCopied, bad: true });
    }
  });

  // Dialogs.
  on("click", "[data-dialog]", (button) => {
    button.closest("[popover]")?.hidePopover();
    const dialog = document.getElementById(button.dataset.dialog);
    if (dialog && !dialog.open) dialog.showModal();
  });
  on("click", "[data-dialog-close]", (button) => button.closest("dialog").close());
  on("click", "dialog", (dialog, event) => {
    if (event.target === dialog && outside(dialog, event)) dialog.close();
  });
  const outside = (dialog, event) => {
    const box = dialog.getBoundingClientRect();
    return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
  };

  // Menus open below their button, or above it when there is no room.
  const place = (menu, button) => {
    const at = button.getBoundingClientRect();
    const box = menu.getBoundingClientRect();
    const rtl = getComputedStyle(button).direction === "rtl";
    const startsLeft = (at.left + box.width <= innerWidth - 8) !== rtl;
    const left = startsLeft ? at.left : at.right - box.width;
    const below = at.bottom + 4;
    const top = below + box.height <= innerHeight - 8 ? below : Math.max(8, at.top - box.height - 4);
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - box.width - 8))}px`;
    menu.style.top = `${top}px`;
  };
  const invoker = (menu) =>
    [...document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)].find((b) => b.offsetParent !== null);
  // One that grows while it is open stays within the window.
  const growing = new ResizeObserver((entries) => entries.forEach(({ target: menu }) => {
    const button = invoker(menu);
    if (button && menu.matches(":popover-open")) place(menu, button);
  }));
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.classList.contains("menu")) return;
    const button = invoker(menu);
    if (event.newState !== "open" || !button) {
      growing.unobserve(menu);
      return;
    }
    place(menu, button);
    growing.observe(menu);
    // The event comes a moment after the menu: somebody quick may be in it already.
    if (menu.contains(document.activeElement)) return;
    menu.querySelector("input, [role=menuitem]")?.focus({ preventScroll: true });
  }, true);
  const placeAgain = (event) => {
    document.querySelectorAll(".menu:popover-open").forEach((menu) => {
      const button = invoker(menu);
      if (button && !menu.contains(event.target)) place(menu, button);
    });
  };
  addEventListener("resize", () => placeAgain({ target: null })); // also when a phone shows its keyboard
  document.addEventListener("scroll", placeAgain, { capture: true, passive: true });
  document.addEventListener("htmx:after:swap", () => placeAgain({ target: null })); // a list that comes anew takes the place away
  on("keydown", ".menu", (menu, event) => {
    const items = [...menu.querySelectorAll("[role=menuitem]:not([hidden])")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!items.length || (!step && event.key !== "Home" && event.key !== "End")) return;
    event.preventDefault();
    const here = items.indexOf(document.activeElement);
    const next = event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : (here + step + items.length) % items.length;
    items[next].focus();
  });
  // A menu entry that acts by itself closes its menu.
  on("click", ".menu [role=menuitem]", (item) => item.closest("[popover]").hidePopover());

  // Finding in a list: hides the entries that do not contain the words.
  on("input", "[data-find]", (field) => {
    const words = field.value.trim().toLowerCase();
    document.querySelectorAll(`#${CSS.escape(field.dataset.find)} > *`).forEach((entry) => {
      entry.hidden = words !== "" && !entry.textContent.toLowerCase().includes(words);
    });
  });

  // Filters send themselves: ticks at once, words after a short rest.
  on("change", "[data-autosubmit]", (form, event) => {
    if (event.target.type !== "search" && !("find" in event.target.dataset)) form.requestSubmit();
  });
  const resting = new WeakMap();
  on("input", "[data-autosubmit]", (form, event) => {
    if (event.target.type !== "search" || "find" in event.target.dataset) return;
    clearTimeout(resting.get(form));
    resting.set(form, setTimeout(() => form.requestSubmit(), 300));
  });

  // A button that sends shows that it works, and does not send twice.
  const busy = (form, submitter, yes) => {
    const button = submitter ?? form?.querySelector("button[type=submit]");
    if (!button?.classList.contains("button")) return;
    if (yes) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  };
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    // What comes back into a frame or as a file leaves this page as it is.
    if (!("download" in event.target.dataset) && !button?.formTarget) busy(event.target, button, true);
  }, true);
  const settle = (scope) => scope.querySelectorAll('.button[aria-busy="true"]').forEach((b) => b.removeAttribute("aria-busy"));
  addEventListener("pageshow", () => settle(document));
  document.addEventListener("htmx:finally:request", () => settle(document));
  // What did not come is asked for again by whatever asked for it.
  const retryOf = (source) => {
    if (source instanceof HTMLFormElement) return () => source.requestSubmit();
    if (source instanceof HTMLAnchorElement) return () => source.click();
    return null;
  };
  const failed = (event, text, more) => {
    settle(document);
    toast({ text, more, bad: true, retry: retryOf(event.target) });
  };
  document.addEventListener("htmx:error", (event) => failed(event, words().failed, words().unreachable));
  document.addEventListener("htmx:response:error", (event) => {
    if (event.detail?.ctx?.response?.status === 401) failed(event, words().signedOut, words().signIn);
    else failed(event, words().failed, words().refused);
  });

  // Steppers and counters.
  on("click", "[data-step]", (button) => {
    const field = button.closest("[data-stepper]").querySelector("input");
    const next = Number(field.value || field.min || 0) + Number(button.dataset.step);
    field.value = Math.min(Number(field.max || next), Math.max(Number(field.min || next), next));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  on("input", "[data-counter]", (field) => {
    const note = field.closest(".field")?.querySelector(".label-note");
    if (note && field.maxLength > 0) note.textContent = note.textContent.replace(/\d+/, field.value.length); // "125 of 500" in any language
  });

  // htmx lends what comes the attributes of what was there, of which the policy of the page
  // refuses styles: a browser writes one where somebody dragged a field larger.
  document.addEventListener("htmx:before:swap", (event) => {
    const target = event.detail?.ctx?.target;
    if (target instanceof Element) target.querySelectorAll("[id][style]").forEach((old) => old.removeAttribute("style"));
  });

  // When something new is on the page: show its toasts and dialogs, and lead
  // to the first error.
  const welcome = (scope) => {
    const region = document.getElementById("toasts");
    if (region) {
      raiseToasts(region);
      region.querySelectorAll(".toast").forEach(dismissLater);
    }
    scope.querySelectorAll("dialog[data-open]").forEach((dialog) => {
      dialog.removeAttribute("data-open");
      if (!dialog.open) dialog.showModal();
    });
    scope.querySelector('[aria-invalid="true"]')?.focus();
  };
  // Where one is, in a row that a phone scrolls sideways, is seen.
  const show = () => {
    for (const here of document.querySelectorAll("main :is(nav, .segments) [aria-current]")) {
      const row = here.closest("nav, .segments"), box = row.getBoundingClientRect(), at = here.getBoundingClientRect();
      if (at.left < box.left || at.right > box.right) row.scrollLeft += at.left + at.width / 2 - box.left - box.width / 2;
    }
  };
  document.addEventListener("DOMContentLoaded", () => { welcome(document); show(); });
  document.addEventListener("htmx:after:swap", (event) => { welcome(event.target instanceof Element ? event.target : document); show(); });
})();
