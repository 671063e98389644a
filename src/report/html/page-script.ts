/** What a page can do beside being read: find, fold and unfold. Without it everything is there and folds by itself. */
export const PAGE_SCRIPT = `
"use strict";
(() => {
  const tools = document.querySelector(".tools");
  if (tools === null) return;
  const input = tools.querySelector("input");
  const button = tools.querySelector("button");
  const output = tools.querySelector("output");
  const items = [...document.querySelectorAll("[data-item]")];
  const texts = items.map((item) => item.textContent.toLowerCase());
  const folds = [...document.querySelectorAll("main details:not(.quiet)")];
  const quiet = [...document.querySelectorAll("main details.quiet")];
  const find = () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
    let shown = 0;
    items.forEach((item, index) => {
      item.hidden = !words.every((word) => texts[index].includes(word));
      if (!item.hidden) shown += 1;
    });
    for (const section of document.querySelectorAll("main section[data-list]")) {
      section.hidden = section.querySelector("[data-item]:not([hidden])") === null;
    }
    for (const fold of quiet) fold.open = words.length > 0;
    output.textContent = words.length === 0 ? "" : shown + " of " + items.length;
  };
  const name = () => {
    button.textContent = folds.some((fold) => !fold.open) ? "Open all" : "Fold all";
  };
  input.addEventListener("input", find);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = "";
    find();
  });
  tools.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target === input || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
  button.addEventListener("click", () => {
    const open = folds.some((fold) => !fold.open);
    for (const fold of folds) fold.open = open;
  });
  for (const fold of folds) fold.addEventListener("toggle", name);
  name();
  button.hidden = folds.length === 0;
  tools.hidden = items.length === 0;
})();
`;
