/* At the table of rules: a finding leads to its line. Everything else works without. */
"use strict";
document.addEventListener("click", (event) => {
  const at = event.target.closest(".findings .at");
  const box = document.getElementById("source");
  if (!at || !box) return;
  const lines = box.value.split("\n");
  const line = Math.min(Number(at.dataset.line), lines.length);
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  box.focus();
  box.setSelectionRange(start, start + lines[line - 1].length);
  const height = parseFloat(getComputedStyle(box).lineHeight) || 20;
  box.scrollTop = Math.max(0, (line - 4) * height);
});
