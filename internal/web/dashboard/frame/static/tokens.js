// Makes a field of tags a field of tokens: a comma adds as Enter does, Backspace takes the
// last one out, what is typed narrows the tags below, and a tag moves as it is chosen.
(() => {
  "use strict";
  const partOf = (element) => element.closest?.("[data-tokens]");
  const words = (text) => text.trim().toLocaleLowerCase();
  const tokens = (part, where) => [...part.querySelectorAll(`[data-tokens-${where}] .token`)];
  const put = (part, token, chosen) => {
    const box = token.querySelector("input");
    box.checked = chosen;
    part.querySelector(chosen ? "[data-tokens-chosen]" : "[data-tokens-others]").append(token);
  };
  const narrow = (part, field) => {
    const typed = words(field.value);
    tokens(part, "others").forEach((token) => { token.hidden = typed !== "" && !words(token.textContent).includes(typed); });
  };
  // A name that is too long is told before anything is sent: what was ticked and typed stays.
  const tooLong = (part, field) => {
    const told = part.querySelector("[data-tokens-long]");
    if (!told) return false;
    const long = field.value.split(",").map((name) => [...name.trim()]).find((name) => name.length > Number(told.dataset.tokensLong));
    told.hidden = !long;
    told.querySelector("[data-tokens-name]").textContent = long ? `${long.slice(0, 20).join("")}…` : "";
    if (long) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    if (long) told.scrollIntoView({ block: "nearest" });
    if (long) field.setAttribute("aria-describedby", told.id);
    else field.removeAttribute("aria-describedby");
    return Boolean(long);
  };
  addEventListener("submit", (event) => {
    const within = event.submitter?.closest("[data-tokens], dialog");
    const field = within && event.target.querySelector("[data-tokens] #tags");
    if (!field || !tooLong(partOf(field), field)) return;
    event.preventDefault();
    event.stopPropagation();
    field.focus();
  }, true);
  // Where the server makes tags only when the form is sent, a new one is there until then.
  const invent = (part, field) => {
    const token = part.querySelector("template[data-token]").content.firstElementChild.cloneNode(true);
    const colour = part.querySelector("[name=tag_color]:checked")?.value;
    token.querySelector("input").value = token.querySelector(".chip-text").textContent = field.value.trim();
    if (colour) token.querySelector(".dot").className = `dot tag-${colour}`;
    field.value = "";
    put(part, token, true);
    narrow(part, field);
    field.focus();
    field.scrollIntoView({ block: "nearest" });
  };
  // A name that is there already is chosen; a new one the server makes.
  const add = (part, field) => {
    const same = [...tokens(part, "others"), ...tokens(part, "chosen")].find((token) => words(token.textContent) === words(field.value));
    const makes = part.querySelector('button[value="add-tag"]');
    if (!same && makes) {
      makes.click();
      return;
    }
    if (!same) return invent(part, field);
    field.value = "";
    put(part, same, true);
    narrow(part, field);
    same.querySelector("input").dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  };
  document.addEventListener("change", (event) => {
    const part = partOf(event.target);
    if (!part || event.target.name !== "tag") return;
    put(part, event.target.closest(".token"), event.target.checked);
    event.target.focus();
  });
  document.addEventListener("input", (event) => {
    const part = partOf(event.target);
    if (!part || event.target.id !== "tags") return;
    narrow(part, event.target);
    if (event.target.getAttribute("aria-invalid") === "true") tooLong(part, event.target);
  });
  // What else follows the form hears of a tag that the server made.
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail?.ctx?.sourceElement?.value === "add-tag") document.getElementById("tags")?.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const part = field.id === "tags" ? partOf(field) : null;
    if (!part || event.isComposing) return;
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      if (!words(field.value)) return;
      if (tooLong(part, field)) return;
      field.form.dataset.tags = "asked";
      add(part, field);
    } else if (event.key === "Backspace" && field.value === "") {
      const last = tokens(part, "chosen").at(-1);
      if (!last) return;
      put(part, last, false);
      last.querySelector("input").dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    }
  }, true);
  // A form that is cleared has nothing chosen.
  document.addEventListener("reset", (event) => setTimeout(() => {
    event.target.querySelectorAll("[data-tokens]").forEach((part) => {
      tokens(part, "chosen").forEach((token) => put(part, token, false));
      narrow(part, part.querySelector("#tags"));
    });
  }));
})();
