// The query editor in place of the plain form, made when editor.js brings it. Prefixes, terms, places and examples come
// with the page; nothing comes from elsewhere.
import { views } from "./editor-views.js";

const page = document.querySelector(".sparql-page");
const settings = JSON.parse(document.getElementById("editor-settings").textContent);
const { words } = settings;
const plain = page.querySelector("form");
const field = plain.querySelector("textarea");
const { Yasqe, Yasr } = window.Yasgui;

const completers = {
  prefixes: Object.entries(settings.prefixes).map(([name, iri]) => `${name}: <${iri}>`),
  class: settings.terms.class,
  property: settings.terms.property,
};
for (const [name, values] of Object.entries(completers)) {
  const completer = { ...Yasqe.Autocompleters[name], bulk: true, persistenceId: null, get: () => values };
  Yasqe.registerAutocompleter(completer, false);
}

const place = document.createElement("div");
place.className = "yasgui query-editor";
const results = document.createElement("div");
results.className = "yasgui query-results";
plain.after(place, results);

const editor = new Yasqe(place, {
  value: field.value,
  requestConfig: { endpoint: new URL("../sparql", import.meta.url).href, method: "POST", acceptHeaderGraph: "text/turtle" },
  autocompleters: [...Object.keys(completers), "variables"],
  createShareableLink: null,
  consumeShareLink: null,
  persistenceId: null,
  prefixCcApi: null,
  screenReaderLabel: words.query,
  highlightSelectionMatches: false,
  showQueryButton: false,
});
// The Tab key leaves the editor, as it leaves any field.
editor.setOption("extraKeys", { ...editor.getOption("extraKeys"), Tab: false, "Shift-Tab": false });
settings.goTo = (line, column) => {
  editor.getDoc().setCursor(line, column);
  editor.focus();
};

const made = views(settings);
Yasr.plugins = {};
Yasr.defaults.plugins = {};
const plugins = {};
for (const [name, view] of Object.entries(made)) {
  Yasr.registerPlugin(name, view);
  plugins[name] = { enabled: true };
}
const shown = new Yasr(results, {
  prefixes: settings.prefixes, persistenceId: null, plugins, pluginOrder: Object.keys(made), defaultPlugin: "table",
});
let taken = 0;
editor.on("queryResponse", (_, response, duration) => {
  taken = duration;
  results.removeAttribute("aria-busy");
  shown.setResponse(response, duration);
});
editor.on("query", () => results.setAttribute("aria-busy", "true"));
export const run = () => editor.query().catch(() => {}); // told by the response
document.getElementById("run-query").addEventListener("click", run);

// Names and states for controls that the library leaves without one, in the language of the page.
const say = (part, name, value) => part && part.getAttribute(name) !== value && part.setAttribute(name, value);
const dress = () => {
  place.querySelector(".CodeMirror-scroll").tabIndex = 0;
  say(place.querySelector(".CodeMirror-scroll"), "role", "region");
  say(place.querySelector(".CodeMirror-scroll"), "aria-label", words.query);
  const kept = shown.results && !shown.results.getError();
  const drawn = shown.drawnPlugin;
  for (const button of results.querySelectorAll("button.yasr_btn")) {
    const label = button.textContent.trim();
    say(button, "aria-label", label);
    say(button, "aria-pressed", String(button.classList.contains(`select_${drawn}`)));
    button.disabled = button.classList.contains("disabled");
  }
  say(results.querySelector(".yasr_downloadIcon"), "aria-label", words.download);
  const chip = results.querySelector(".yasr_response_chip");
  const rows = shown.results?.getBindings?.();
  const text = kept && rows
    ? words.rows_in.replace("{rows}", rows.length).replace("{seconds}", (taken / 1000).toLocaleString(settings.language)) : "";
  if (chip && chip.textContent !== text) chip.textContent = text;
  say(chip, "role", "status");
};
dress();
shown.on("drawn", dress);
new MutationObserver(dress).observe(results, { childList: true, subtree: true, attributeFilter: ["class"] });

// The address of the query that stands in the editor, to be kept and sent on.
const link = document.getElementById("query-link");
const address = () => { link.href = `#query=${encodeURIComponent(editor.getValue())}`; };
editor.on("change", address);
address();
const keys = link.closest("[hidden]");
keys.hidden = false;
place.after(keys);

// Whoever was writing in the plain form goes on at the same place.
if (plain.contains(document.activeElement)) {
  editor.setCursor(editor.getDoc().posFromIndex(field.selectionStart));
  editor.focus();
}
plain.hidden = true;

export const open = (text, view) => {
  editor.setValue(text);
  shown.selectedPlugin = view in made ? view : "table";
  editor.focus();
  place.scrollIntoView({ block: "nearest" });
};
export const put = (text) => {
  if (text !== editor.getValue()) editor.setValue(text);
  run();
};
