// Makes smoother what setting up and signing in do without it.
(() => {
  "use strict";

  const setup = document.querySelector("[data-setup]");
  if (setup) fillSetup(setup);

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // The handle follows the name until somebody writes one, and the time zone is
  // that of the browser. The server checks both.
  function fillSetup(form) {
    const { business, handle, time_zone: zone } = form.elements;
    let own = handle.value !== "";
    handle.addEventListener("input", () => { own = handle.value !== ""; });
    business.addEventListener("input", () => {
      if (own) return;
      handle.value = business.value.normalize("NFD").toLowerCase()
        .replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "").slice(0, 40);
    });
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = [...zone.options].some((option) => option.value === here);
    if (zone.value === "UTC" && known) zone.value = here;
  }
})();
