// Filters of the network: unticked strengths are hidden in the picture and in the table alike. Without this script all are shown.
"use strict";
for (const group of document.querySelectorAll("[data-filter=strength]")) {
  group.hidden = false;
  group.addEventListener("change", () => {
    const on = new Set([...group.querySelectorAll("input:checked")].map((box) => box.value));
    for (const part of document.querySelectorAll("[data-strength]")) part.classList.toggle("off", !on.has(part.dataset.strength));
  });
}
