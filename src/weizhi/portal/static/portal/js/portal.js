/* Everything here is help, nothing is needed: without this file every page reads, reports and acts. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("scripted");
  const all = (selector, inside = document) => Array.from(inside.querySelectorAll(selector));

  /* size and light change at once; the cookie tells the next page */
  const night = { auto: "screen and (prefers-color-scheme: dark)", dark: "screen", light: "not all" };
  const keep = (name, value) => { document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`; };
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.target.matches("[data-look]") || !button || button.name === "lang") return;
    event.preventDefault();
    keep(button.name, button.value);
    if (button.name === "size") {
      root.dataset.size = button.value;
      button.setAttribute("aria-pressed", String(button.value === "large"));
      button.value = button.value === "large" ? "plain" : "large";
    } else {
      root.dataset.theme = button.value;
      document.querySelector("[data-night]").media = night[button.value];
      document.querySelector('meta[name="color-scheme"]').content = button.value;
      button.setAttribute("aria-pressed", String(button.value === "dark"));
      button.value = button.value === "dark" ? "light" : "dark";
    }
  });
  const dark = document.querySelector('[data-look] [name="theme"]');
  if (dark && root.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches) {
    dark.setAttribute("aria-pressed", "true");
    dark.value = "light";
  }

  /* a form is sent once; its key makes a second sending harmless anyway */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  });
  addEventListener("pageshow", () => all("[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("button", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }));

  /* photos: shown before sending, and made smaller so that they arrive over a bad network */
  const EDGE = 1600;
  const smaller = async (file) => {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < 300000) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
    } catch { return file; }
  };
  const preview = (box, input, files) => {
    const list = box.querySelector("[data-previews]");
    all("li.fresh", list).forEach((item) => { URL.revokeObjectURL(item.querySelector("img").src); item.remove(); });
    files.forEach((file, index) => {
      const item = document.createElement("li");
      item.className = "fresh";
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = `${list.dataset.words} ${index + 1}`;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = list.dataset.remove;
      remove.addEventListener("click", () => { fill(box, input, files.filter((one) => one !== file)); input.focus(); });
      item.append(image, remove);
      list.append(item);
    });
  };
  const fill = (box, input, files) => {
    const carrier = new DataTransfer();
    files.forEach((file) => carrier.items.add(file));
    input.files = carrier.files;
    preview(box, input, files);
  };
  document.addEventListener("change", async (event) => {
    const input = event.target;
    const box = input.closest("[data-photos]");
    if (!box || input.type !== "file") return;
    const before = Array.from(input.files);
    preview(box, input, before);
    const after = await Promise.all(before.map(smaller));
    if (Array.from(input.files).every((file, index) => file === before[index])) fill(box, input, after);
  });

  /* what was left empty does not lengthen the address */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-filters]")) return;
    const empty = all("input, select", event.target).filter((one) => !one.value && !one.disabled);
    empty.forEach((one) => { one.disabled = true; });
    setTimeout(() => empty.forEach((one) => { one.disabled = false; }));
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-filters] select")) event.target.form.requestSubmit();
  });

  /* live pages ask every 20 seconds, only while somebody looks; htmx hears "pulse" and leaves 204 alone */
  setInterval(() => {
    if (document.visibilityState === "visible") all("[data-pulse]").forEach((live) => live.dispatchEvent(new Event("pulse")));
  }, 20000);

  /* a speaker's time on the wall: the server says how many seconds are left, the page counts them */
  setInterval(() => all("[data-left]").forEach((one) => {
    one.ends = one.ends || Date.now() + Number(one.dataset.left) * 1000;
    const left = Math.max(0, Math.round((one.ends - Date.now()) / 1000));
    one.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    one.classList.toggle("over", left === 0);
  }), 500);

  /* what is wrong is read first */
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();
