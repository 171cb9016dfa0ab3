/* For whoever writes down forty things on a Monday morning, and for the slip. Help only: without it all works. */
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("[data-fast]");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  const print = document.querySelector("[data-print]");
  if (print) { print.hidden = false; print.addEventListener("click", () => window.print()); }
  /* the sign on a letter carries home and code in the same way */
  const letter = document.querySelector("[data-letter]");
  const [home, digits] = decodeURIComponent(location.hash.slice(1)).split(":");
  if (letter && digits && !letter.elements.home.value) {
    letter.elements.home.value = home;
    letter.elements.code.value = digits;
    history.replaceState(null, "", location.pathname);
    letter.elements.name.focus();
  }
  /* the sign on a slip carries its code behind #, where no log keeps it */
  const asked = document.querySelector("[data-code]");
  const code = decodeURIComponent(location.hash.slice(1)).replace(/\D/g, "");
  if (asked && code.length === 10 && !asked.elements.code.value) {
    asked.elements.code.value = code;
    history.replaceState(null, "", location.pathname);
    asked.requestSubmit();
  }
})();
