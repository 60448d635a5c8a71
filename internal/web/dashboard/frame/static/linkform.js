// Makes smoother what the form of a link does without it: its address follows the name,
// folded sections say what they hold, and the preview follows what is typed.
(() => {
  "use strict";
  const form = document.querySelector("[data-link-form]");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  const addresses = () => form.querySelectorAll('[data-preview="path"]');
  let ownPath = field("path").value !== "";

  const showPath = () => addresses().forEach((shown) => { shown.textContent = field("path").value; });

  // A product brings its name along, until somebody types another. A new one is typed beside
  // the search, which also leads there; one that is found takes its place.
  const product = form.querySelector("select[name=product]");
  const made = document.getElementById("new-product");
  let filled = "";
  const nameOf = () => (product.value ? product.selectedOptions[0].textContent.split(" – ").slice(0, -1).join(" – ") : field("new_product").value);
  const fillName = () => {
    const name = field("name");
    if (name.value && name.value !== filled) return;
    name.value = filled = nameOf();
    name.dispatchEvent(new Event("input", { bubbles: true }));
  };
  product.addEventListener("change", () => {
    if (product.value) {
      field("new_product").value = field("new_product_price").value = "";
      made.open = false;
    }
    fillName();
  });
  field("new_product").addEventListener("input", fillName);
  product.closest("[data-pick]").addEventListener("adds", ({ detail }) => {
    made.open = true;
    field("new_product").value = detail;
    field("new_product").dispatchEvent(new Event("input", { bubbles: true }));
    field("new_product_price").focus();
  });

  let asked = 0;
  let resting;
  const askForPath = () => {
    clearTimeout(resting);
    const turn = ++asked; // what is asked already has no say about what is typed now
    resting = setTimeout(async () => {
      const part = document.getElementById("path-part");
      const query = new URLSearchParams({ except: form.dataset.linkId });
      if (part.querySelector("details").open) query.set("open", "on");
      if (ownPath) query.set("path", field("path").value);
      else query.set("name", field("name").value);
      const answer = await fetch(`${form.dataset.linkForm}?${query}`).catch(() => null);
      const html = answer?.ok ? await answer.text().catch(() => null) : null;
      if (html === null || turn !== asked) return; // the server checks again on sending
      const fresh = new DOMParser().parseFromString(html, "text/html");
      const caret = document.activeElement === field("path") ? field("path").selectionStart : null;
      const onSummary = document.activeElement === part.querySelector("summary");
      if (part.querySelector("details").open) fresh.querySelector("#path-part details").open = true; // unfolded since it was asked
      part.replaceChildren(...fresh.body.querySelector("#path-part").childNodes);
      if (onSummary) part.querySelector("summary").focus();
      if (caret !== null) {
        field("path").focus();
        field("path").setSelectionRange(caret, caret);
      }
      showPath();
    }, 250);
  };

  form.addEventListener("input", (event) => {
    if (event.target.name === "path") {
      ownPath = event.target.value !== "";
      showPath();
      askForPath();
    } else if ((event.target.name === "name" || event.target === form) && !ownPath) askForPath();
  });
  form.addEventListener("click", (event) => { // whoever wants another address types it
    const details = event.target.closest("#path-part summary")?.parentElement;
    if (details && !details.open) setTimeout(() => field("path").focus()); // once it is unfolded
  });
  showPath();

  // What the server reads of the form: the lines of the folded sections, and the price.
  form.addEventListener("checked", ({ detail }) => {
    Object.entries(detail.sections).forEach(([id, { text, set }]) => {
      const line = form.querySelector(`[data-sum="${id}"]`);
      if (!line) return;
      line.textContent = text;
      line.toggleAttribute("data-set", set);
    });
    form.querySelectorAll(".question").forEach((item, i) => {
      const line = detail.questions[i];
      if (!line) return;
      Object.entries(line).forEach(([what, text]) => { item.querySelector(`[data-question-${what}]`).textContent = text; });
    });
    const reads = form.querySelector("[data-reads]");
    if (reads) reads.textContent = detail.reads;
    const symbol = form.querySelector("[data-symbol]");
    if (symbol) symbol.textContent = detail.symbol;
  });

  // Whoever opens Send with a mouse chooses somebody next, and how they are reached comes
  // from the server: what the form says of it follows.
  const send = document.getElementById("section-send");
  send.querySelector("summary").addEventListener("click", ({ pointerType }) => {
    if (pointerType !== "mouse" || send.open) return;
    setTimeout(() => { // once it is unfolded
      const who = field("who");
      if (!who.checkVisibility() || who.value) return;
      who.focus();
      who.click(); // its list opens
    });
  });
  let ways = document.getElementById("send-ways");
  document.addEventListener("htmx:after:swap", () => {
    const now = document.getElementById("send-ways");
    if (now !== ways) form.dispatchEvent(new Event("change"));
    ways = now;
  });

  // Beside the form of a link stands its page or a message, as the choice above
  // it says; both follow the form. The page is drawn by the server, which knows
  // what payers see, and goes into the frame without a step in the history.
  form.querySelectorAll("[data-preview-ways]").forEach((part) => {
    const frame = part.querySelector("[data-page-preview]");
    let resting;
    let turn = 0;
    const page = async () => {
      const mine = ++turn;
      const answer = await fetch(frame.dataset.pagePreview, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
      const html = answer?.ok ? await answer.text().catch(() => null) : null;
      if (html === null || mine !== turn) return;
      frame.srcdoc = html;
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
})();
