// The network: filters that hide in the picture, in the table and in the matrix alike, and a line that shows its evidence.
// Without this script the form asks the server for the same, and a line is a link to its row.
"use strict";
{
  const form = document.querySelector(".network-filters");
  const chosen = () => {
    const on = {};
    for (const group of form.querySelectorAll("fieldset[data-filter]")) {
      const boxes = [...group.querySelectorAll("input[type=checkbox]")];
      const ticked = boxes.filter((box) => box.checked).map((box) => box.value);
      if (ticked.length < boxes.length) on[group.dataset.filter] = ticked;
    }
    for (const select of form.querySelectorAll("select")) if (select.value) on[select.name] = [select.value];
    return on;
  };
  const address = (on) => {
    const pairs = Object.entries(on).flatMap(([name, values]) => (values.length ? values : [""]).map((value) => [name, value]));
    const query = new URLSearchParams(pairs).toString();
    return location.pathname + (query ? `?${query}` : "");
  };
  const fits = (part, on) =>
    Object.entries(on).every(([name, values]) => part.dataset[name].split(" ").some((token) => values.includes(token)));

  const apply = () => {
    const on = chosen();
    for (const edge of document.querySelectorAll(".network .links a")) edge.toggleAttribute("hidden", !fits(edge, on));
    const pairs = new Map();
    const joined = new Set();
    for (const row of document.querySelectorAll("table.links tbody tr")) {
      row.hidden = !fits(row, on);
      if (row.hidden) continue;
      const [one, other] = row.dataset.organisation.split(" ");
      for (const pair of [`${one} ${other}`, `${other} ${one}`]) pairs.set(pair, (pairs.get(pair) || 0) + 1);
      joined.add(one).add(other);
    }
    for (const node of document.querySelectorAll(".network .organisations a")) {
      node.toggleAttribute("hidden", !joined.has(node.dataset.organisation));
    }
    for (const part of document.querySelectorAll(".matrix [data-column]")) part.hidden = !joined.has(part.dataset.column);
    for (const row of document.querySelectorAll(".matrix [data-row]")) {
      row.hidden = !joined.has(row.dataset.row);
      for (const cell of row.querySelectorAll("[data-pair]")) {
        cell.textContent = pairs.get(`${row.dataset.row} ${cell.dataset.column}`) || "";
      }
    }
    document.getElementById("shown").textContent = document.querySelectorAll("table.links tbody tr:not([hidden])").length;
    const here = address(on);
    history.replaceState(null, "", here);
    document.querySelector(".permalink").href = here;
    form.querySelector(".clear").hidden = Object.keys(on).length === 0;
    for (const link of document.querySelectorAll(".langs a")) {
      link.href = link.getAttribute("href").split("?")[0] + here.slice(location.pathname.length);
    }
  };
  if (form) {
    form.querySelector(".apply").hidden = true;
    form.addEventListener("change", apply);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      apply();
    });
    form.querySelector(".clear").addEventListener("click", (event) => {
      event.preventDefault();
      for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = true;
      for (const select of form.querySelectorAll("select")) select.value = "";
      apply();
      form.querySelector("input[type=checkbox]").focus();
    });
  }
}

{
  const panel = document.getElementById("edge-evidence");
  let picked = null;
  const close = () => {
    if (!picked) return;
    panel.replaceChildren();
    picked.classList.remove("picked");
    picked.focus();
    picked = null;
  };
  const show = (edge, row) => {
    if (picked) picked.classList.remove("picked");
    picked = edge;
    edge.classList.add("picked");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "close";
    button.textContent = panel.dataset.close;
    button.addEventListener("click", close);
    const heading = document.createElement("h2");
    heading.textContent = edge.getAttribute("aria-label");
    const proofs = [...row.querySelectorAll(".proof")].map((proof) => proof.cloneNode(true));
    const more = document.createElement("p");
    const link = document.createElement("a");
    link.href = edge.getAttribute("href");
    link.textContent = panel.dataset.more;
    more.append(link);
    panel.replaceChildren(button, heading, ...proofs, more);
    button.focus({ preventScroll: true });
    edge.scrollIntoView({ block: "center", inline: "nearest" });
  };
  for (const edge of panel ? document.querySelectorAll(".network .links a") : []) {
    edge.addEventListener("click", (event) => {
      const row = document.getElementById(decodeURIComponent(edge.getAttribute("href").slice(1)));
      if (!row) return;
      event.preventDefault();
      show(edge, row);
    });
  }
  if (panel) {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
  }
}

// The source: a line that the address names is opened; all open at once by a button, and on paper.
{
  const lines = [...document.querySelectorAll("details.sourceline")];
  const open = () => {
    const named = location.hash && document.getElementById(location.hash.slice(1));
    if (named && named.matches("details.sourceline")) named.open = true;
  };
  const button = document.querySelector(".open-all");
  if (button) {
    const words = [button.textContent, button.dataset.close];
    button.hidden = false;
    button.addEventListener("click", () => {
      const opening = button.textContent === words[0];
      for (const line of lines) line.open = opening;
      button.textContent = words[opening ? 1 : 0];
    });
    addEventListener("hashchange", open);
    addEventListener("beforeprint", () => {
      for (const line of lines) line.open = true;
    });
    open();
  }
}
