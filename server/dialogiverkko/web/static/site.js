// The network: filters that hide in the picture and in the table alike, and an edge that shows its evidence beside the picture.
// Without this script all is shown, and an edge is a link to its row.
"use strict";
{
  const groups = [...document.querySelectorAll("[data-filter]")];
  const apply = () => {
    const on = groups.map((group) => [group.dataset.filter, [...group.querySelectorAll("input:checked")].map((box) => box.value)]);
    for (const part of document.querySelectorAll("[data-strength]")) {
      part.classList.toggle("off", on.some(([name, values]) => !values.includes(part.dataset[name])));
    }
  };
  for (const group of groups) {
    group.hidden = false;
    group.addEventListener("change", apply);
  }

  const panel = document.getElementById("edge-evidence");
  for (const edge of panel ? document.querySelectorAll(".network a") : []) {
    edge.addEventListener("click", (event) => {
      const row = document.getElementById(decodeURIComponent(edge.getAttribute("href").slice(1)));
      if (!row) return;
      event.preventDefault();
      for (const other of document.querySelectorAll(".network a.picked")) other.classList.remove("picked");
      edge.classList.add("picked");
      const heading = document.createElement("h2");
      heading.textContent = edge.getAttribute("aria-label");
      const proofs = [...row.querySelectorAll(".proof")].map((proof) => proof.cloneNode(true));
      const more = document.createElement("p");
      const link = document.createElement("a");
      link.href = edge.getAttribute("href");
      link.textContent = panel.dataset.more;
      more.append(link);
      panel.replaceChildren(heading, ...proofs, more);
    });
  }
}
