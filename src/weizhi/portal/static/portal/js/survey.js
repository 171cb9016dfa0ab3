/* Surveys: one question at a time on the phone, a slip in a few keys at the desk. Help only: without it all works. */
(() => {
  "use strict";
  const button = (words, weight) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button tall ${weight}`;
    made.textContent = words;
    return made;
  };
  for (const form of document.querySelectorAll("[data-survey]")) {
    const questions = Array.from(form.querySelectorAll("[data-question]"));
    if (questions.length < 2) continue;
    const last = Array.from(form.querySelectorAll("[data-send]"));
    const steps = document.createElement("div");
    const back = button(form.dataset.back, "plain");
    const next = button(form.dataset.next, "primary");
    steps.className = "steps";
    steps.append(back, next);
    last[0].before(steps);
    const wrong = questions.findIndex((one) => one.classList.contains("wrong"));
    let at = Math.max(wrong, 0);
    const show = (focus) => {
      questions.forEach((one, n) => { one.hidden = n !== at; });
      for (const one of last) one.hidden = at < questions.length - 1;
      back.hidden = at === 0;
      next.hidden = at === questions.length - 1;
      steps.hidden = back.hidden && next.hidden;
      if (focus) { const first = questions[at].querySelector("input, textarea"); if (first) first.focus(); }
    };
    const go = (by) => { at = Math.min(Math.max(at + by, 0), questions.length - 1); show(true); };
    next.addEventListener("click", () => go(1));
    back.addEventListener("click", () => go(-1));
    show(false);
  }
  const slips = document.querySelector("[data-slips]");
  if (slips) {
    const fields = Array.from(slips.querySelectorAll("[data-slip]"));
    slips.addEventListener("keydown", (event) => {
      const n = fields.indexOf(event.target);
      if (event.key !== "Enter" || event.isComposing || n < 0 || n === fields.length - 1) return;
      event.preventDefault();
      fields[n + 1].focus();
    });
  }
})();
