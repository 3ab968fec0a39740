// The network: a choice is asked of the server, and what it wrote takes the place of what is shown; a line shows its evidence.
// Without this script the form asks the server for the same, and a line is a link to its row.
"use strict";
{
  const form = document.querySelector(".network-filters");
  let asking = new AbortController();

  // The address of what the form says: a group that is left whole says nothing, one without a tick is an empty value.
  const address = () => {
    const query = new URLSearchParams();
    for (const group of form.querySelectorAll("fieldset[data-filter]")) {
      const boxes = [...group.querySelectorAll("input[type=checkbox]")];
      const ticked = boxes.filter((box) => box.checked);
      if (ticked.length === boxes.length) continue;
      for (const value of ticked.length ? ticked.map((box) => box.value) : [""]) query.append(group.dataset.filter, value);
    }
    for (const field of form.querySelectorAll("select, input[type=text]")) {
      const isPlain = !field.value || (field.name === "depth" && (field.value === "1" || !form.elements.around.value));
      if (!isPlain) query.append(field.name, field.value);
    }
    return location.pathname + (query.size ? `?${query}` : "");
  };

  const show = async (here) => {
    asking.abort();
    asking = new AbortController();
    const shown = document.getElementById("network");
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(here, { signal: asking.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("network");
      if (!answer.ok || !fresh) throw new Error(String(answer.status));
      shown.replaceWith(fresh);
      history.replaceState(null, "", answer.url);
      form.querySelector(".clear").hidden = page.querySelector(".clear").hidden;
      for (const link of document.querySelectorAll(".langs a")) link.href = page.querySelector(`.langs a[lang=${link.lang}]`).getAttribute("href");
    } catch (error) {
      if (error.name !== "AbortError") location.assign(here);
    }
  };

  if (form) {
    form.querySelector(".apply").hidden = true;
    form.addEventListener("change", () => show(address()));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      show(address());
    });
    form.querySelector(".clear").addEventListener("click", (event) => {
      event.preventDefault();
      for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = true;
      for (const select of form.querySelectorAll("select")) select.selectedIndex = 0;
      for (const input of form.querySelectorAll("input[type=text]")) input.value = "";
      show(address());
      form.querySelector("input[type=checkbox]").focus();
    });
  }
}

{
  let picked = null;
  const close = () => {
    if (!picked) return;
    document.getElementById("edge-evidence").replaceChildren();
    picked.classList.remove("picked");
    picked.focus();
    picked = null;
  };
  const show = (panel, edge, row) => {
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
  document.addEventListener("click", (event) => {
    const edge = event.target.closest(".network .links a[href^='#']");
    const panel = document.getElementById("edge-evidence");
    const row = edge && panel && document.getElementById(decodeURIComponent(edge.getAttribute("href").slice(1)));
    if (!row) return;
    event.preventDefault();
    show(panel, edge, row);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
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
