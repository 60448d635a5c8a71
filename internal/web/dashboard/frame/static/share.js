// Makes smoother what sharing a link does without it: networks follow the text while it is
// written, the phone's own sheet opens, and what was copied says so.
(() => {
  "use strict";
  const say = (button) => {
    const label = button.querySelector("span");
    if (!label || button.dataset.was) return;
    button.dataset.was = label.textContent;
    label.textContent = button.dataset.copyLabel;
    setTimeout(() => { label.textContent = button.dataset.was; delete button.dataset.was; }, 2000);
  };
  document.addEventListener("click", (event) => {
    const copy = event.target.closest?.("[data-copy-label]");
    if (copy) say(copy);
    const close = event.target.closest?.("[data-ready-close]");
    if (close) {
      event.preventDefault();
      document.querySelector("[data-ready]").remove();
      document.querySelector("[data-dialog=share]")?.focus();
    }
  });

  // One text for all: their addresses follow it, and it is saved when it is left.
  const follow = (form) => {
    const text = form.elements.namedItem("text");
    const copy = form.querySelector("[data-share-copy]");
    const address = () => document.querySelector("#share-parts [data-copy]").dataset.copy;
    const show = () => {
      copy.dataset.copy = `${text.value}\n${address()}`;
      document.querySelectorAll("[data-share-opens]").forEach((link) => {
        link.href = link.dataset.shareOpens.replaceAll("{text}", encodeURIComponent(text.value));
      });
    };
    form.querySelector("button[type=submit]").hidden = true;
    text.addEventListener("input", show);
    text.addEventListener("change", () => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }));
    form.querySelector("[data-share-language]").addEventListener("change", async (event) => {
      const query = new URLSearchParams({ language: event.target.value });
      const answer = await fetch(`${event.target.dataset.shareLanguage}?${query}`).catch(() => null);
      if (!answer?.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("share-text");
      text.value = fresh.value;
      text.focus();
      show();
    });
    show();
  };
  document.querySelectorAll("[data-share-form]").forEach(follow);

  // A phone shares by its own sheet; then the button that copies is the second.
  document.querySelectorAll("[data-share-sheet]").forEach((button) => {
    if (!navigator.share || !matchMedia("(max-width: 47.99rem)").matches) return;
    button.hidden = false;
    const copy = button.parentElement.querySelector("[data-starts]");
    copy.classList.replace("button-primary", "button-secondary");
    button.focus();
    const { shareSheet: url, shareTitle: title, shareSays: text } = button.dataset;
    button.addEventListener("click", () => navigator.share({ title, text, url }).catch(() => { /* they closed it */ }));
  });
})();
