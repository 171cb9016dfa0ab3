/* A paper in a few seconds: number, Enter, choice, Enter; of a secret vote the urn's number. Help only: without this file the same form takes it in. */
(() => {
  "use strict";
  const form = document.querySelector("[data-taking]");
  if (!form) return;
  const line = form.elements.line || form.elements.paper;
  const found = document.getElementById("line-found");
  const evidence = form.elements.evidence;
  const hint = document.getElementById("evidence-hint");
  const keys = form.querySelector("[data-keys]");
  const choices = keys ? Array.from(keys.querySelectorAll("input")) : Array.from(form.querySelectorAll("select"));
  let asked = "";

  /* which home is this? said while the hand goes on */
  const look = async () => {
    if (!form.dataset.line) return;
    const typed = line.value.trim();
    if (typed !== asked) found.replaceChildren();
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
    (form.querySelector(".ranks select") || choices[0] || form.querySelector(".primary")).focus();
  });

  /* a number presses its choice; Enter sends it, once there is something to go back to */
  if (keys) keys.addEventListener("keydown", (event) => {
    const pressed = choices.find((one, n) => (one.dataset.press || String(n + 1)) === event.key);
    if (pressed) { event.preventDefault(); pressed.focus(); if (pressed.type === "checkbox") pressed.click(); else pressed.checked = true; }
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (form.elements.channel && form.elements.channel.value !== "paper" && !evidence.value.trim()) evidence.focus();
    else form.requestSubmit();
  });
  /* of a home of several owners whose paper it is: asked before it goes, where the hand already is */
  form.addEventListener("submit", (event) => {
    const whose = found && found.querySelector("select");
    if (!whose || whose.value) return;
    event.preventDefault();
    event.stopPropagation();
    whose.focus();
  });
  if (found) found.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "SELECT") return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("change", (event) => {
    /* a blank or a spoilt paper is that and nothing beside */
    if (event.target.name === "choice" && event.target.checked && event.target.type === "checkbox") choices.forEach((one) => {
      if (one !== event.target && ("alone" in one.dataset || "alone" in event.target.dataset)) one.checked = false;
    });
    if (event.target.name === "channel") hint.textContent = hint.dataset[event.target.value] || "";
  });
  if (!line.value) return;
  asked = found && found.children.length ? line.value.trim() : "";
  look();
  /* what was refused: a wrong number is typed over, a paper that is nobody's yet is asked whose it is */
  const whose = found && found.querySelector("select");
  if (whose && !whose.value) whose.focus();
  else if (line.autofocus) { line.focus(); line.select(); }
})();
