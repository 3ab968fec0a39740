// Brings the query editor, a library of others, when somebody begins to write, opens an example or follows a link to a
// query: until then the page is the plain form, which works by itself, and weighs little.
const page = document.querySelector(".sparql-page");
const plain = page.querySelector("form");
const { examples } = JSON.parse(document.getElementById("editor-settings").textContent);

const bring = (name, attributes) => new Promise((done, failed) => {
  const part = Object.assign(document.createElement(name), attributes);
  part.addEventListener("load", done);
  part.addEventListener("error", failed);
  document.head.append(part);
});
const vendor = (name) => new URL(`vendor/${name}`, import.meta.url).href;
let coming;
const editor = () => {
  coming ??= Promise.all([
    bring("link", { rel: "stylesheet", href: vendor("yasgui.min.css") }),
    bring("script", { src: vendor("yasgui.min.js") }),
  ]).then(() => import("./editor-field.js"));
  return coming;
};

plain.addEventListener("focusin", () => editor().catch(() => {}), { once: true });
plain.addEventListener("submit", (event) => {
  event.preventDefault();
  editor().then(({ run }) => run(), () => plain.submit());
});
for (const button of page.querySelectorAll("button[data-example]")) {
  const { text, view } = examples[Number(button.dataset.example)];
  button.hidden = false;
  button.addEventListener("click", () => editor().then(({ open }) => open(text, view), () => {
    plain.querySelector("textarea").value = text;
  }));
}

// Whoever follows a link to a query wants its answer.
const linked = () => {
  const query = new URLSearchParams(location.hash.slice(1)).get("query");
  if (!query) return;
  if (!coming) plain.querySelector("textarea").value = query;
  editor().then(({ put }) => put(query), () => {});
};
window.addEventListener("hashchange", linked);
linked();
