// While somebody types, what the search would find is offered below the field: what is chosen is gone to, or, in a field
// with data-fill, written into it. Without this script they are fields of a form.
"use strict";
for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("ul");
  list.id = `${input.id}-found`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  const called = input.labels[0].textContent.trim();
  list.setAttribute("aria-label", called);
  if (input.closest("label")) input.setAttribute("aria-label", called); // the list stands in the label, and does not name the field
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);
  let asking = new AbortController();
  let waiting = 0;
  let chosen = -1;

  const close = () => { // what is still asked for does not open it again
    clearTimeout(waiting);
    asking.abort();
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const take = (option) => {
    if (!("fill" in input.dataset)) return location.assign(option.dataset.page);
    input.value = option.firstChild.textContent;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const choose = (number) => {
    const options = [...list.children];
    chosen = (number + options.length) % options.length;
    for (const [n, option] of options.entries()) option.setAttribute("aria-selected", String(n === chosen));
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };
  const show = (results) => {
    list.replaceChildren(...results.map((result, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.page = result.page;
      const name = document.createElement("span");
      name.textContent = result.label;
      if (result.language !== document.documentElement.lang) name.lang = result.language; // another language is marked
      option.append(name);
      if (!("fill" in input.dataset)) {
        const kind = document.createElement("small");
        kind.textContent = result.kindLabel;
        option.append(" ", kind);
      }
      return option;
    }));
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !results.length;
    input.setAttribute("aria-expanded", String(Boolean(results.length)));
  };
  const ask = async () => {
    asking.abort();
    asking = new AbortController();
    const words = input.value.trim();
    if (words.length < 2) return close();
    try {
      const answer = await fetch(`${input.dataset.suggest}&limit=8&q=${encodeURIComponent(words)}`, { signal: asking.signal });
      if (answer.ok && input === document.activeElement) show((await answer.json()).results);
    } catch {
      close(); // the form still asks the server
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "ArrowDown") { // closed by Escape, or not asked for yet
      event.preventDefault();
      ask();
    } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
      event.preventDefault();
      take(list.children[chosen]);
    }
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("li");
    if (!option) return;
    event.preventDefault();
    take(option);
  });
  input.addEventListener("blur", close);
}
