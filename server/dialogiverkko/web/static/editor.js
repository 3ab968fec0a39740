// Puts the query editor in place of the plain form. Prefixes, terms and examples come with the page; nothing comes from elsewhere.
"use strict";
{
  const page = document.querySelector(".sparql-page");
  const settings = JSON.parse(document.getElementById("editor-settings").textContent);
  const plain = page.querySelector("form");
  const { Yasqe, Yasr } = Yasgui;

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
    value: plain.querySelector("textarea").value,
    requestConfig: { endpoint: `${location.origin}/sparql`, method: "POST", acceptHeaderGraph: "text/turtle" },
    autocompleters: Object.keys(completers),
    createShareableLink: (yasqe) => `${location.origin}/sparql?query=${encodeURIComponent(yasqe.getValue())}`,
    consumeShareLink: null,
    persistenceId: null,
    prefixCcApi: null,
    screenReaderLabel: settings.words.query,
  });
  // The Tab key leaves the editor, as it leaves any field.
  editor.setOption("extraKeys", { ...editor.getOption("extraKeys"), Tab: false, "Shift-Tab": false });
  const shown = new Yasr(results, { prefixes: settings.prefixes, persistenceId: null });
  editor.on("queryResponse", (_, response, duration) => shown.setResponse(response, duration));

  // Names for controls that the library leaves without one.
  const name = () => {
    place.querySelector(".CodeMirror-scroll").tabIndex = 0;
    const run = place.querySelector(".yasqe_queryButton");
    if (run && run.getAttribute("aria-label") !== settings.words.run) run.setAttribute("aria-label", settings.words.run);
    results.querySelector("select.tableSizer")?.setAttribute("aria-label", settings.words.rows);
    results.querySelector("input.tableFilter")?.setAttribute("aria-label", settings.words.filter);
    for (const title of results.querySelectorAll("th .dt-column-title:empty")) title.textContent = "#";
  };
  name();
  new MutationObserver(name).observe(results, { childList: true, subtree: true });
  new MutationObserver(name).observe(place, { subtree: true, attributeFilter: ["aria-label"] });

  plain.hidden = true;
  for (const button of page.querySelectorAll("button[data-example]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      editor.setValue(settings.examples[Number(button.dataset.example)]);
      editor.focus();
    });
  }
}
