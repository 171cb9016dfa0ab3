/* Speaking instead of typing, where the browser listens itself. Help only: without it all works. */
(() => {
  "use strict";
  const Listener = window.SpeechRecognition || window.webkitSpeechRecognition;
  const button = document.querySelector("[data-speak]");
  const field = button && document.getElementById(button.dataset.speak);
  if (!Listener || !field) return;
  const words = button.textContent;
  const ear = new Listener();
  ear.lang = document.documentElement.lang || "zh-CN";
  ear.interimResults = false;
  let listening = false;
  const rest = () => { listening = false; button.textContent = words; button.setAttribute("aria-pressed", "false"); };
  ear.addEventListener("result", (event) => {
    const heard = [...event.results].slice(event.resultIndex).map((one) => one[0].transcript).join("");
    field.value = `${field.value}${heard}`;
  });
  ear.addEventListener("end", rest);
  ear.addEventListener("error", rest);
  button.addEventListener("click", () => {
    if (listening) { ear.stop(); return; }
    listening = true;
    button.textContent = button.dataset.on;
    button.setAttribute("aria-pressed", "true");
    ear.start();
  });
  button.hidden = false;
  document.querySelector("[data-else]").hidden = true;
})();
