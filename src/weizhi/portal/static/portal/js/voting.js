/* A paper in a few seconds: number, Enter, choice, Enter. Help only: without this file the same form takes it in. */
(() => {
  "use strict";
  const form = document.querySelector("[data-taking]");
  if (!form) return;
  const line = form.elements.line;
  const found = document.getElementById("line-found");
  const evidence = form.elements.evidence;
  const hint = document.getElementById("evidence-hint");
  const keys = form.querySelector("[data-keys]");
  const choices = keys ? Array.from(keys.querySelectorAll("input")) : Array.from(form.querySelectorAll("select"));
  let asked = "";

  /* which home is this? said while the hand goes on */
  const look = async () => {
    const typed = line.value.trim();
    if (!typed || typed === asked) return;
    asked = typed;
    const answer = await fetch(`${form.dataset.line}?line=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } });
    if (answer.ok && line.value.trim() === typed) found.innerHTML = await answer.text();
  };
  line.addEventListener("change", look);
  line.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !line.value.trim()) return;
    event.preventDefault();
    look();
    choices[0].focus();
  });

  /* a number presses its choice; Enter sends it, once there is something to go back to */
  if (keys) keys.addEventListener("keydown", (event) => {
    const pressed = /^[1-9]$/.test(event.key) && choices[Number(event.key) - 1];
    if (pressed) { event.preventDefault(); pressed.focus(); if (pressed.type === "checkbox") pressed.click(); else pressed.checked = true; }
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (form.elements.channel.value !== "paper" && !evidence.value.trim()) evidence.focus();
    else form.requestSubmit();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "channel") hint.textContent = hint.dataset[event.target.value] || "";
  });
  if (line.value) look();
})();
