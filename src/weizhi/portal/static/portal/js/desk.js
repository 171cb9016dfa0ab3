/* The desk by keyboard. Nothing here is needed: every key stands for a link or a button that is on the page. */
(() => {
  "use strict";
  const all = (selector, inside = document) => Array.from(inside.querySelectorAll(selector));
  const help = () => document.getElementById("shortcuts");

  const move = (by) => {
    const links = all("[data-work] td.title a");
    if (!links.length) return false;
    const now = links.indexOf(document.activeElement);
    links[now < 0 ? 0 : Math.min(links.length - 1, Math.max(0, now + by))].focus();
    return true;
  };
  const press = (n) => {
    const form = document.querySelector(".acts form.action:not(details form)");
    const button = form && form.querySelector(`button[data-press="${n}"]`);
    if (button) button.click();
    return Boolean(button);
  };
  const follow = (key) => {
    const link = document.querySelector(`a[data-key="${CSS.escape(key)}"]`);
    if (link) link.click();
    return Boolean(link);
  };
  const find = () => {
    const search = document.querySelector('[data-filters] input[type="search"]');
    if (search) search.focus();
    return Boolean(search);
  };
  const alike = () => {
    const box = document.querySelector("#alike a, #alike button");
    if (box) box.focus();
    return Boolean(box);
  };
  const keys = { j: () => move(1), k: () => move(-1), "/": find, m: alike, "?": () => { help()?.showModal(); return Boolean(help()); } };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea") || help()?.open) return;
    const act = keys[event.key] || (/^[1-9]$/.test(event.key) ? () => press(event.key) : () => follow(event.key));
    if (/^[a-z1-9/?]$/.test(event.key) && act()) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest('[data-opens="shortcuts"]')) help()?.showModal();
  });
})();
