// The running sum of what is ticked on a budget's ballot. Without this file the ballot works, and nothing is added up.
for (const box of document.querySelectorAll("[data-sums]")) {
  const told = box.parentElement.querySelector("[data-sum]");
  const add = () => {
    const ticked = [...box.querySelectorAll("input:checked")];
    const fen = ticked.reduce((sum, one) => sum + Number(one.dataset.fen), 0);
    const yuan = (fen / 100).toLocaleString("zh-CN", { maximumFractionDigits: 2 });
    told.textContent = told.dataset.words.replace("{n}", ticked.length).replace("{sum}", yuan);
    told.hidden = ticked.length === 0;
  };
  box.addEventListener("change", add);
  add();
}
