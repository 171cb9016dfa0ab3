/* Where is it? Help only: the list is fetched when 在别的地方 is pressed, and the map presses what stands in the list. */
(() => {
  "use strict";
  const form = document.getElementById("report");
  const all = (selector) => Array.from(form.querySelectorAll(selector));
  const open = () => form.querySelector("#places [data-opens]")?.click();
  /* what is chosen is said, and shown on the map; the list may be folded away */
  const mark = () => {
    const pressed = form.querySelector('[name="other_place"]:checked');
    const chosen = pressed ? pressed.value : "";
    const picked = form.querySelector("#picked");
    picked.textContent = pressed ? `${picked.dataset.words}${pressed.parentElement.textContent.trim()}` : "";
    all("[data-place]").forEach((spot) => {
      if (chosen && spot.dataset.place === chosen) spot.setAttribute("aria-current", "true");
      else spot.removeAttribute("aria-current");
    });
  };
  form.addEventListener("change", (event) => {
    if (event.target.name === "place" && event.target.value === "other") open();
    if (event.target.name === "other_place") mark();
  });
  form.addEventListener("click", (event) => {
    const spot = event.target.closest("[data-place], [data-under]");
    if (!spot) return;
    const control = spot.dataset.under
      ? all('button[name="under"]').find((one) => one.value === spot.dataset.under)
      : all('input[name="other_place"]').find((one) => one.value === spot.dataset.place);
    if (!control) return;
    event.preventDefault();
    control.click();
  });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "places") mark(); });
  mark();
  /* not at once: until htmx knows the button, a press would send the form, and what was refused be read by nobody */
  document.addEventListener("DOMContentLoaded", () => {
    if (form.querySelector('[name="place"][value="other"]:checked')) open();
  });
})();
