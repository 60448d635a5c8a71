// The editor of a mail: fields are chips within words, chosen from a menu or by typing
// “{”, blocks can be dragged, and the preview follows what is typed. The words
// themselves are those of plain inputs, which hold {fields} and work without this.
(() => {
  "use strict";
  const form = document.querySelector("[data-mail-form]");
  if (!form) return;
  const menu = document.getElementById("mail-fields");
  const labels = new Map([...menu.querySelectorAll("[data-field]")].map((item) => [item.dataset.field, item.querySelector("[data-field-label]").textContent]));

  // Words and chips.
  const field = /\{\{\s*([a-z][a-z_]*)\s*\}\}|\{\s*([a-z][a-z_]*)\s*\}/g;
  const chip = (name) => {
    const made = document.createElement("span");
    made.className = "mail-chip";
    made.contentEditable = "false";
    made.dataset.field = name;
    if (!labels.has(name)) made.dataset.unknown = "";
    made.textContent = labels.get(name) ?? `{${name}}`;
    return made;
  };
  // A browser puts the cursor behind a chip at the end of a line only if something is there.
  const draw = (words, text) => {
    words.replaceChildren();
    let end = 0;
    for (const found of text.matchAll(field)) {
      const name = found[1] ?? found[2];
      words.append(text.slice(end, found.index), chip(name === "link" && labels.has("link_url") ? "link_url" : name));
      end = found.index + found[0].length;
    }
    words.append(text.slice(end));
    if (words.dataset.line === undefined) words.append(document.createElement("br"));
    words.normalize();
  };
  const read = (words) => {
    let text = "";
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) text += node.data;
      else if (node.dataset?.field) text += `{${node.dataset.field}}`;
      else if (node.tagName === "BR") text += node.nextSibling || node.parentNode !== words ? "\n" : "";
      else {
        if (/^(DIV|P)$/.test(node.tagName) && text && !text.endsWith("\n")) text += "\n";
        node.childNodes.forEach(walk);
      }
    };
    words.childNodes.forEach(walk);
    return words.dataset.line === undefined ? text.replaceAll("\u00a0", " ") : text.replace(/[\s\u00a0]+/g, " ");
  };
  const editors = new WeakMap(); // by their inputs
  const enhance = (input) => {
    if (editors.has(input)) return;
    const words = document.createElement("div");
    words.className = `control mail-words mail-words-${input.dataset.words}`;
    words.contentEditable = "true";
    words.setAttribute("role", "textbox");
    words.setAttribute("dir", "auto");
    words.id = `${input.id}-words`;
    if (input.dataset.words === "line") words.dataset.line = "";
    else words.setAttribute("aria-multiline", "true");
    const label = form.querySelector(`label[for="${input.id}"]`);
    label.id ||= `${input.id}-label`;
    label.addEventListener("click", () => words.focus());
    words.setAttribute("aria-labelledby", label.id);
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (input.hasAttribute(name)) words.setAttribute(name, input.getAttribute(name));
      input.removeAttribute(name);
    }
    draw(words, input.value);
    input.hidden = true;
    // An input may stand in a box of its own, which the words replace.
    const box = input.closest("span.control") ?? input;
    box.hidden = true;
    box.after(words);
    editors.set(input, words);
    const sync = () => {
      input.value = read(words);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    words.addEventListener("input", (event) => {
      event.stopPropagation();
      sync();
      if (event.data === "{") openMenu(input);
    });
    words.addEventListener("keydown", (event) => {
      leaveChip(); // who types at once is ahead of the browser's word of it
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      if (words.dataset.line === undefined && !document.execCommand("insertLineBreak")) put(words, document.createTextNode("\n"));
      sync();
    });
    words.addEventListener("paste", (event) => {
      event.preventDefault();
      const text = event.clipboardData.getData("text/plain").replaceAll("\r\n", "\n");
      const part = document.createElement("div");
      delete part.dataset.line;
      draw(part, words.dataset.line === undefined ? text : text.replace(/\s+/g, " "));
      if (part.lastChild?.tagName === "BR") part.lastChild.remove();
      const pieces = document.createDocumentFragment();
      pieces.append(...part.childNodes);
      put(words, pieces);
      sync();
    });
    words.addEventListener("drop", (event) => event.preventDefault());
    words.addEventListener("beforeinput", (event) => {
      if (!event.inputType.startsWith("format")) return;
      event.preventDefault();
      if (event.inputType === "formatBold" && words.dataset.line === undefined) mark(input, "bold");
    });
    if (input.autofocus || document.activeElement === input) toEnd(words);
  };
  const selectionIn = (words) => {
    const selection = getSelection();
    return selection.rangeCount && words.contains(selection.getRangeAt(0).commonAncestorContainer) ? selection.getRangeAt(0) : null;
  };
  const chipAt = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest(".mail-words .mail-chip");
  // A click behind a chip that ends its line puts the cursor into it, where nothing can be typed.
  const leaveChip = () => {
    const selection = getSelection();
    const inside = selection.isCollapsed && chipAt(selection.anchorNode);
    if (inside) selection.collapse(inside.parentNode, [...inside.parentNode.childNodes].indexOf(inside) + (selection.anchorOffset > 0 ? 1 : 0));
  };
  document.addEventListener("selectionchange", leaveChip);
  const toEnd = (words) => {
    words.focus();
    const range = document.createRange();
    range.selectNodeContents(words);
    if (words.lastChild?.tagName === "BR") range.setEndBefore(words.lastChild);
    range.collapse(false);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };
  const put = (words, node) => {
    let range = selectionIn(words);
    if (!range) {
      toEnd(words);
      range = getSelection().getRangeAt(0);
    }
    // The browser inserts it where it can, because only that can be undone in its turn.
    const holder = document.createElement("div");
    holder.append(node.cloneNode(true));
    if (document.execCommand("insertHTML", false, holder.innerHTML)) {
      const at = getSelection().anchorNode;
      const within = (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement).closest(".mail-chip");
      if (within) getSelection().collapse(within.parentNode, [...within.parentNode.childNodes].indexOf(within) + 1);
      return;
    }
    range.deleteContents();
    const last = node.nodeType === Node.DOCUMENT_FRAGMENT_NODE ? node.lastChild : node;
    range.insertNode(node);
    if (!last) return;
    range.setStartAfter(last);
    range.collapse(true);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };
  // Bold words and links are written with marks. Those of what is selected are put around it;
  // of nothing, the cursor stands between them. A link waits for its address.
  const mark = (input, kind) => {
    const words = editors.get(input);
    const range = selectionIn(words);
    if (range) { // chips are taken whole
      const [first, last] = [chipAt(range.startContainer), chipAt(range.endContainer)];
      if (first) range.setStartBefore(first);
      if (last) range.setEndAfter(last);
    } else toEnd(words);
    const pieces = document.createDocumentFragment();
    const chosen = range?.cloneContents().childNodes ?? [];
    const around = chosen.length > 0;
    pieces.append(kind === "bold" ? "**" : "[", ...chosen, kind === "bold" ? "**" : "](https://)");
    words.focus();
    if (range) {
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
    put(words, pieces);
    const back = kind === "bold" ? (around ? 0 : 2) : around ? 1 : "](https://)".length;
    for (let i = 0; i < back; i++) getSelection().modify("move", "backward", "character");
    input.value = read(words);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-mail-mark]")) event.preventDefault(); // what is selected stays so
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mail-mark]");
    if (button) mark(document.getElementById(button.dataset.mailMarkIn), button.dataset.mailMark);
  });
  const enhanceAll = () => form.querySelectorAll("[data-words]").forEach(enhance);

  // The menu of fields, for the words that it was opened from.
  let asking = null; // { input, range }
  function openMenu(input) {
    const words = editors.get(input);
    asking = { input, range: selectionIn(words)?.cloneRange() ?? null };
    menu.showPopover();
    const at = (asking.range?.getClientRects()[0] ?? words.getBoundingClientRect());
    const box = menu.getBoundingClientRect();
    const left = getComputedStyle(words).direction === "rtl" ? at.right - box.width : at.left;
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - box.width - 8))}px`;
    menu.style.top = `${at.bottom + 6 + box.height <= innerHeight - 8 ? at.bottom + 6 : Math.max(8, at.top - box.height - 6)}px`;
    const find = menu.querySelector("input");
    find.value = "";
    filter();
    find.focus({ preventScroll: true });
  }
  const filter = () => {
    const sought = menu.querySelector("input").value.trim().toLowerCase();
    menu.querySelectorAll("[data-field]").forEach((item) => {
      item.hidden = sought !== "" && !`${item.textContent} ${item.dataset.field}`.toLowerCase().includes(sought);
    });
  };
  const choose = (name) => {
    const { input, range } = asking;
    const words = editors.get(input);
    menu.hidePopover();
    words.focus();
    if (range) {
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      // The brace that opened the menu becomes the chip.
      const { startContainer: text, startOffset: end } = range;
      if (range.collapsed && text.nodeType === Node.TEXT_NODE && text.data[end - 1] === "{") {
        range.setStart(text, end - 1);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
      }
    }
    put(words, chip(name));
    input.value = read(words);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  menu.addEventListener("input", (event) => { event.stopPropagation(); filter(); });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const first = menu.querySelector("[data-field]:not([hidden])");
    if (first) choose(first.dataset.field);
  });
  menu.addEventListener("click", (event) => {
    const item = event.target.closest("[data-field]");
    if (item) choose(item.dataset.field);
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && asking && !editors.get(asking.input).contains(document.activeElement)) {
      const { input, range } = asking;
      editors.get(input).focus();
      if (range) {
        getSelection().removeAllRanges();
        getSelection().addRange(range);
      }
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mail-field-for]");
    if (button) openMenu(document.getElementById(button.dataset.mailFieldFor));
  });

  // What is typed is not saved; the server draws the mail anew after a short rest, into a
  // frame of its own, so that going back does not go through previews.
  const unsaved = document.querySelector("[data-mail-unsaved]");
  const preview = document.querySelector("[data-mail-preview]");
  const box = preview.querySelector("[data-mail-frame]");
  const refresh = preview.querySelector("[data-mail-refresh]");
  let view = "scheme=light";
  let shown = 0;
  const fit = (frame) => {
    const page = frame.contentDocument?.documentElement;
    if (page?.querySelector("body")) frame.style.blockSize = `${Math.max(200, page.querySelector("body").scrollHeight)}px`;
  };
  const settle = (frame) => {
    fit(frame);
    new ResizeObserver(() => fit(frame)).observe(box);
  };
  const redraw = () => {
    box.querySelectorAll(".mail-frame-coming").forEach((frame) => frame.remove());
    const old = box.querySelector("iframe");
    const frame = document.createElement("iframe");
    frame.title = old.title;
    frame.tabIndex = -1;
    frame.setAttribute("sandbox", old.getAttribute("sandbox"));
    frame.name = `preview-${++shown}`;
    frame.classList.add("mail-frame-coming");
    box.append(frame);
    frame.addEventListener("load", () => {
      if (frame.contentDocument?.URL === "about:blank") return;
      box.querySelectorAll("iframe").forEach((other) => { if (other !== frame) other.remove(); });
      frame.classList.remove("mail-frame-coming");
      settle(frame);
    });
    refresh.formAction = `${preview.dataset.mailPreview}?${view}`;
    refresh.formTarget = frame.name;
    const files = [...form.querySelectorAll("[data-mail-file]:not([disabled])")];
    files.forEach((file) => { file.disabled = true; });
    form.requestSubmit(refresh);
    files.forEach((file) => { file.disabled = false; });
  };
  let resting;
  const soon = () => {
    unsaved.hidden = false;
    clearTimeout(resting);
    resting = setTimeout(redraw, 400);
  };
  form.addEventListener("input", (event) => { if (!event.target.closest("[data-not-typed]") && !event.target.matches("[data-mail-file]")) soon(); });
  preview.querySelectorAll("[data-mail-view]").forEach((button) => button.addEventListener("click", (event) => {
    event.preventDefault();
    preview.querySelectorAll("[data-mail-view]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    view = button.dataset.mailView;
    redraw();
  }));
  preview.addEventListener("change", () => { const frame = box.querySelector("iframe"); if (frame) fit(frame); });
  const first = box.querySelector("iframe");
  // A form that came back, with a conflict for one, holds what the server did not keep.
  if (preview.dataset.mailTyped !== undefined) redraw();
  else first.addEventListener("load", () => settle(first), { once: true });
  if (first.contentDocument?.readyState === "complete" && first.contentDocument.URL !== "about:blank") settle(first);

  // A picture is kept as soon as it is chosen.
  const again = () => document.getElementById("block-show").click();
  form.addEventListener("change", (event) => { if (event.target.matches("[data-mail-file]")) again(); });

  // Blocks are dragged by their handle; the server numbers them anew.
  form.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-mail-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    const block = grip.closest("li");
    const list = block.parentElement;
    const before = [...list.children].indexOf(block);
    grip.setPointerCapture(event.pointerId);
    block.classList.add("mail-block-moves");
    const move = (at) => {
      const over = [...list.children].find((other) => other !== block && at.clientY >= other.getBoundingClientRect().top && at.clientY <= other.getBoundingClientRect().bottom);
      if (!over) return;
      const middle = over.getBoundingClientRect().top + over.offsetHeight / 2;
      if (at.clientY < middle) over.before(block);
      else over.after(block);
    };
    const stop = () => {
      grip.removeEventListener("pointermove", move);
      block.classList.remove("mail-block-moves");
      if ([...list.children].indexOf(block) !== before) again();
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("lostpointercapture", stop, { once: true });
  });

  document.addEventListener("htmx:after:swap", () => {
    const part = document.getElementById("blocks-part");
    if (!part) return;
    enhanceAll();
    const focused = part.querySelector("[autofocus]");
    if (focused && !editors.has(focused)) focused.focus();
    form.dataset.changed = "yes";
    soon();
  });
  enhanceAll();
  form.querySelector('.mail-words[aria-invalid="true"]')?.focus();
})();
