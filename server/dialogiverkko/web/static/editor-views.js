// The views of the query editor's results: table, graph, map, timeline, the answer as it came, and errors in words.
// Each picture has the table that says the same below it. All words come with the page.
const SVG = "http://www.w3.org/2000/svg";
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NAMING = ["http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label"];
const RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const MOST_ROWS = 500;
const MOST_NODES = 60;
const MOST_SPANS = 60;

const element = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
const drawn = (name, attributes = {}, ...children) => fill(document.createElementNS(SVG, name), attributes, children);
const fill = (made, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== "") made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};
const told = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

export const views = (settings) => {
  const { words, prefixes, base, map, language } = settings;

  const root = new URL("..", import.meta.url).pathname;
  const local = (iri) => (iri.startsWith(base) ? root + iri.slice(base.length) : iri);
  const short = (iri) => {
    const [name, start] = Object.entries(prefixes).find(([, each]) => iri.startsWith(each)) ?? [];
    return name === undefined ? iri : `${name}:${iri.slice(start.length)}`;
  };
  const isThing = (term) => term?.type === "uri";
  const term = (value, label) => {
    if (!value) return "";
    if (isThing(value)) return element("a", { href: local(value.value) }, label ?? short(value.value));
    return element("span", { lang: value["xml:lang"] !== language ? value["xml:lang"] : undefined }, value.value);
  };
  const table = (columns, rows, cell) => {
    const head = element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)));
    const body = rows.map((row) => element("tr", {}, ...columns.map((column) => element("td", {}, cell(row, column)))));
    return element("div", { class: "table-wrapper", tabindex: 0, role: "region", "aria-label": words.table },
      element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
  };
  const figure = (picture, caption = "") =>
    element("figure", { class: "picture answer-picture", tabindex: 0, "aria-label": picture.getAttribute("aria-label") },
      picture, ...(caption ? [element("figcaption", {}, caption)] : []));
  const titled = (link, text) => {
    link.setAttribute("aria-label", text);
    link.prepend(drawn("title", {}, text));
    return link;
  };

  // What a row is about: the words that name it, and the first thing that it links to.
  const subject = (row, columns) => {
    const named = columns.find((column) => column.endsWith("Label") && row[column])
      ?? columns.find((column) => row[column]?.type !== "uri" && row[column] && !row[column].datatype?.startsWith(XSD))
      ?? columns.find((column) => row[column]?.["xml:lang"]);
    const thing = columns.find((column) => isThing(row[column]));
    const iri = isThing(row[named?.replace(/Label$/, "")]) ? row[named.replace(/Label$/, "")].value : row[thing]?.value;
    return { iri, label: row[named]?.value ?? (iri ? short(iri) : "") };
  };
  const linked = (iri, ...children) => (iri ? drawn("a", { class: "mark", href: local(iri) }, ...children)
    : drawn("g", { class: "mark", role: "img" }, ...children));

  class View {
    priority = 1;
    constructor(yasr) { this.yasr = yasr; }
    get rows() { return this.yasr.results?.getBindings() ?? []; }
    get columns() { return this.yasr.results?.getVariables() ?? []; }
    get isGraph() { return this.yasr.results?.getType() === "ttl"; }
    getIcon() { return undefined; }
    draw() { this.yasr.resultsEl.replaceChildren(...this.parts()); }
    table() {
      const { rows, columns } = this;
      const made = [table(columns, rows.slice(0, MOST_ROWS), (row, column) => term(row[column]))];
      if (rows.length > MOST_ROWS) {
        made.unshift(element("p", {}, told(words.first_rows, { shown: MOST_ROWS, total: rows.length })));
      }
      return rows.length ? made : [element("p", {}, words.no_rows)];
    }
    download() {
      const text = this.yasr.results?.getOriginalResponseAsString() ?? "";
      return this.isGraph
        ? { getData: () => text, contentType: "text/turtle", title: words.download, filename: "dialogiverkko.ttl" }
        : { getData: () => this.yasr.results.asCsv() ?? "", contentType: "text/csv", title: words.download,
          filename: "dialogiverkko.csv" };
    }
  }

  class Table extends View {
    label = words.table;
    priority = 10;
    canHandleResults() { return this.columns.length > 0; }
    parts() { return this.table(); }
  }

  class Raw extends View {
    label = words.raw;
    canHandleResults() { return Boolean(this.yasr.results) && !this.yasr.results.getError(); }
    parts() { return [element("pre", { tabindex: 0 }, this.yasr.results.getOriginalResponseAsString() ?? "")]; }
  }

  // --- graph ---------------------------------------------------------------------------------------

  class Graph extends View {
    label = words.graph;
    canHandleResults() { return this.isGraph && this.rows.length > 0; }

    names() {
      const found = new Map();
      for (const { subject: about, predicate, object } of this.rows) {
        if (!NAMING.includes(predicate.value)) continue;
        const rank = [language, "fi", "en"].indexOf(object["xml:lang"]);
        const held = found.get(about.value);
        if (!held || (rank >= 0 && rank < held.rank)) found.set(about.value, { rank: rank < 0 ? 9 : rank, text: object.value });
      }
      return (iri) => found.get(iri)?.text ?? short(iri);
    }

    // Things that a link joins are neighbours, and the link is no point of its own; without such links, each statement
    // between things joins.
    edges() {
      const parties = Map.groupBy(this.rows.filter(({ predicate }) => predicate.value === settings.joins), (row) => row.subject.value);
      if (parties.size === 0) {
        return this.rows.filter(({ predicate, object }) => object.type !== "literal" && predicate.value !== RDF_TYPE);
      }
      return [...parties.values()].flatMap((rows) => rows.slice(1).map(({ object }) => (
        { subject: rows[0].object, predicate: rows[0].subject, object })));
    }

    parts() {
      const name = this.names();
      const edges = this.edges();
      const nodes = [...new Set(edges.flatMap((edge) => [edge.subject.value, edge.object.value]))];
      const statements = table([words.subject, words.property, words.value], this.rows.slice(0, MOST_ROWS), (row, column) => {
        const value = { [words.subject]: row.subject, [words.property]: row.predicate, [words.value]: row.object }[column];
        return term(value, isThing(value) ? name(value.value) : undefined);
      });
      if (!nodes.length) return [element("p", {}, words.no_edges), statements];
      if (nodes.length > MOST_NODES) {
        return [element("p", {}, told(words.too_many, { number: nodes.length, most: MOST_NODES })), statements];
      }
      return [figure(this.picture(nodes, edges, name), words.graph_key), statements];
    }

    picture(nodes, edges, name) {
      const { spots, height } = layout(nodes, edges);
      const pairs = Map.groupBy(edges, (edge) => [edge.subject.value, edge.object.value].sort().join(" "));
      const lines = [...pairs.values()].map((same) => {
        const [edge] = same;
        const [a, b] = [spots.get(edge.subject.value), spots.get(edge.object.value)];
        const said = [...new Set(same.map(({ predicate }) => name(predicate.value)))].join(", ");
        const text = `${name(edge.subject.value)} – ${name(edge.object.value)}: ${said}`;
        const line = { x1: a.x, y1: a.y, x2: b.x, y2: b.y };
        return titled(drawn("a", { class: "mark", href: local(edge.predicate.value) },
          drawn("line", { class: "hit", ...line }), drawn("line", { class: "edge", ...line })), text);
      });
      const points = nodes.map((iri) => {
        const { x, y } = spots.get(iri);
        const text = drawn("text", { x, y: y - 12, "text-anchor": x < 130 ? "start" : x > 870 ? "end" : "middle" });
        text.append(cut(name(iri), 27));
        const parts = [drawn("circle", { class: "node", cx: x, cy: y, r: 7 }), text];
        return titled(drawn("a", { class: "thing", href: local(iri) }, ...parts), name(iri));
      });
      return drawn("svg", { class: "network", viewBox: `0 0 1000 ${height}`, role: "group", "aria-label": words.graph_picture },
        drawn("g", {}, ...lines), drawn("g", {}, ...points));
    }
  }

  // --- map -----------------------------------------------------------------------------------------

  const number = (row, columns, pattern) => {
    const column = columns.find((each) => pattern.test(each) && row[each]);
    return column ? Number(row[column].value) : NaN;
  };
  const isOnMap = (x, y) => Math.min(x, y, map.width - x, map.height - y) >= map.margin;
  const spot = (row, columns) => {
    for (const column of columns) {
      const found = isThing(row[column]) ? map.places[row[column].value] : undefined;
      if (!found || !isOnMap(found[0], found[1])) continue;
      return { x: found[0], y: found[1], place: row[column].value, label: row[`${column}Label`]?.value ?? found[2] };
    }
    const point = columns.map((column) => /^\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(\S+)\s+(\S+)\s*\)/i.exec(row[column]?.value ?? ""))
      .find(Boolean);
    const longitude = point ? Number(point[1]) : number(row, columns, /^(long|lng|lon|longitude)$/i);
    const latitude = point ? Number(point[2]) : number(row, columns, /^(lat|latitude)$/i);
    if (Number.isNaN(longitude) || Number.isNaN(latitude)) return undefined;
    const x = map.x[0] + map.x[1] * longitude;
    const y = map.y[0] + map.y[1] * latitude;
    const about = subject(row, columns);
    return isOnMap(x, y) ? { x, y, place: about.iri, label: about.label } : undefined;
  };

  class Places extends View {
    label = words.map;
    canHandleResults() { return !this.isGraph && this.rows.some((row) => spot(row, this.columns)); }
    parts() {
      const found = new Map();
      for (const row of this.rows) {
        const at = spot(row, this.columns);
        if (!at) continue;
        const key = at.place ?? `${at.x} ${at.y}`;
        if (!found.has(key)) found.set(key, { ...at, said: new Set() });
        const rest = this.columns.filter((column) => row[column]?.value !== at.place && row[column]?.value !== at.label);
        found.get(key).said.add(subject(row, rest).label);
      }
      const marks = [...found.values()].map(({ x, y, place, label, said }) => {
        const text = drawn("text", { x: x + 12, y: y + 5 }, label);
        const link = linked(place, drawn("circle", { class: "venue", cx: x, cy: y, r: 8 }), text);
        const more = [...said].filter((each) => each && each !== label);
        return titled(link, more.length ? `${label}: ${more.join("; ")}` : label);
      });
      const picture = drawn("svg", { class: "finland", viewBox: `0 0 ${map.width + 60} ${map.height}`, role: "group",
        "aria-label": words.map_picture }, drawn("path", { d: map.outline }), ...marks);
      const without = this.rows.filter((row) => !spot(row, this.columns)).length;
      return [figure(picture, without ? told(words.rows_off_map, { number: without }) : ""), ...this.table()];
    }
  }

  // --- timeline ------------------------------------------------------------------------------------

  const DATES = [`${XSD}date`, `${XSD}dateTime`, `${XSD}gYearMonth`, `${XSD}gYear`];
  const day = (value, last) => {
    if (!DATES.includes(value?.datatype)) return undefined;
    const [year, month, date] = value.value.slice(0, 10).split("-").map(Number);
    if (date) return Date.UTC(year, month - 1, date);
    return last ? (month ? Date.UTC(year, month, 0) : Date.UTC(year, 11, 31)) : Date.UTC(year, (month || 1) - 1, 1);
  };
  const DAY = 86_400_000;

  class Timeline extends View {
    label = words.timeline;
    canHandleResults() { return !this.isGraph && this.rows.some((row) => this.columns.some((column) => day(row[column]))); }

    spans() {
      const found = new Map();
      for (const row of this.rows) {
        const dated = this.columns.filter((column) => day(row[column]) !== undefined);
        if (!dated.length) continue;
        const first = Math.min(...dated.map((column) => day(row[column])));
        const last = Math.max(...dated.map((column) => day(row[column], true)));
        const [sureFrom, sureTo] = [day(row.beginNotAfter), day(row.endNotBefore, true)];
        const about = subject(row, this.columns.filter((column) => !dated.includes(column)));
        found.set(`${about.iri} ${about.label} ${first} ${last}`, { ...about, first, last, sureFrom, sureTo });
      }
      return [...found.values()];
    }

    parts() {
      const spans = this.spans();
      const more = spans.length > MOST_SPANS ? told(words.first_drawn, { number: spans.length, most: MOST_SPANS }) : "";
      return [figure(this.picture(spans.slice(0, MOST_SPANS)), `${words.timeline_key} ${more}`.trim()), ...this.table()];
    }

    picture(spans) {
      const from = new Date(Math.min(...spans.map((span) => span.first))).getUTCFullYear();
      const after = new Date(Math.max(...spans.map((span) => span.last))).getUTCFullYear() + 1;
      const [start, end] = [Date.UTC(from, 0, 1), Date.UTC(after, 0, 1)];
      const x = (when) => 340 + (640 * (when - start)) / (end - start);
      const height = spans.length * 28 + 40;
      const step = Math.ceil((after - from) / 10);
      const years = Array.from({ length: Math.ceil((after - from) / step) }, (_, each) => from + each * step);
      const rules = years.flatMap((year) => {
        const at = x(Date.UTC(year, 0, 1));
        return [drawn("line", { class: "rule", x1: at, y1: 22, x2: at, y2: height }), drawn("text", { x: at + 4, y: 17 }, year)];
      });
      const written = new Intl.DateTimeFormat(language, { timeZone: "UTC", dateStyle: "medium" });
      const bars = spans.map((span, row) => {
        const y = row * 28 + 32;
        const bar = (name, one, other) => drawn("rect", { class: name, x: x(one), y, height: 16, rx: 3,
          width: Math.max(x(other + DAY) - x(one), 3) });
        const parts = [drawn("text", { x: 8, y: y + 13 }, cut(span.label, 42)), bar("possible", span.first, span.last)];
        if (span.sureFrom <= span.sureTo) parts.push(bar("sure", span.sureFrom, span.sureTo));
        const time = span.first === span.last ? written.format(span.first)
          : written.formatRange(span.first, span.last);
        return titled(linked(span.iri, ...parts), `${span.label}: ${time}`);
      });
      return drawn("svg", { class: "timeline", viewBox: `0 0 1000 ${height}`, role: "group", "aria-label": words.timeline_picture },
        ...rules, ...bars);
    }
  }

  // --- truth and errors ----------------------------------------------------------------------------

  class Truth extends View {
    hideFromSelection = true;
    priority = 20;
    canHandleResults() { return typeof this.yasr.results?.getBoolean() === "boolean"; }
    parts() { return [element("p", { class: "truth" }, this.yasr.results.getBoolean() ? words.yes : words.no)]; }
  }

  class Problem extends View {
    hideFromSelection = true;
    priority = 30;
    canHandleResults() { return Boolean(this.yasr.results?.getError()); }
    parts() {
      let problem = {};
      try {
        problem = JSON.parse(this.yasr.results.getError().text);
      } catch {
        problem = { detail: this.yasr.results.getError().text };
      }
      const code = String(problem.type ?? "").split("/").at(-1);
      const box = element("div", { class: "query-problem", role: "alert" },
        element("h2", {}, settings.problems[code] ?? problem.title ?? words.unreachable));
      if (problem.line) {
        const place = { line: problem.line, column: problem.column ?? 1 };
        const go = element("button", { type: "button" }, words.go_there);
        go.addEventListener("click", () => settings.goTo(place.line - 1, place.column - 1));
        box.append(element("p", {}, told(words.place, place), " ", go));
      }
      if (problem.detail) box.append(element("p", { lang: "en" }, problem.detail));
      return [box];
    }
  }

  return { error: Problem, boolean: Truth, table: Table, graph: Graph, map: Places, timeline: Timeline, raw: Raw };
};

// Splits a graph into the parts that nothing links, the largest first.
const parts = (nodes, edges) => {
  const near = new Map(nodes.map((iri) => [iri, []]));
  for (const { subject, object } of edges) {
    near.get(subject.value).push(object.value);
    near.get(object.value).push(subject.value);
  }
  const left = new Set(nodes);
  const found = [];
  for (const start of nodes) {
    if (!left.delete(start)) continue;
    const part = [start];
    for (const iri of part) part.push(...near.get(iri).filter((other) => left.delete(other)));
    found.push(part);
  }
  return found.sort((one, other) => other.length - one.length);
};

// Places one part by springs: neighbours draw together, all push apart. The same graph is always drawn alike.
const spring = (nodes, edges, width, height) => {
  const all = nodes.map((_, number) => {
    const away = 0.5 * Math.sqrt((number + 0.5) / nodes.length);
    return { x: width * (0.5 + away * Math.cos(2.4 * number)), y: height * (0.5 + away * Math.sin(2.4 * number)) };
  });
  const at = new Map(nodes.map((iri, number) => [iri, all[number]]));
  const pairs = edges.filter((edge) => at.has(edge.subject.value)).map((edge) => [at.get(edge.subject.value), at.get(edge.object.value)]);
  const wide = 0.7 * Math.sqrt((width * height) / nodes.length);
  const pull = (one, other, force) => {
    const [dx, dy] = [one.x - other.x, one.y - other.y];
    const far = Math.max(Math.hypot(dx, dy), 1);
    const by = force(far) / far;
    one.dx += dx * by; one.dy += dy * by;
    other.dx -= dx * by; other.dy -= dy * by;
  };
  for (let turn = 0; turn < 300; turn += 1) {
    for (const each of all) Object.assign(each, { dx: 0, dy: 0 });
    all.forEach((one, number) => all.slice(number + 1).forEach((other) => pull(one, other, (far) => (wide * wide) / far)));
    for (const [one, other] of pairs) pull(one, other, (far) => -(far * far) / wide);
    const most = 40 * (1 - turn / 300) + 1;
    for (const each of all) {
      const far = Math.max(Math.hypot(each.dx, each.dy), 1);
      each.x += (each.dx / far) * Math.min(far, most);
      each.y += (each.dy / far) * Math.min(far, most);
    }
  }
  for (const [axis, room] of [["x", width], ["y", height]]) {
    const values = all.map((each) => each[axis]);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    for (const each of all) each[axis] = most > least ? ((each[axis] - least) / (most - least)) * room : room / 2;
  }
  return at;
};

// Lays the parts of a graph in rows: each has the room that it needs, the largest a row of its own.
const layout = (nodes, edges) => {
  const spots = new Map();
  let [left, top, deepest] = [0, 0, 0];
  for (const part of parts(nodes, edges)) {
    const width = part.length > 6 ? 1000 : part.length > 2 ? 500 : 1000 / 3;
    const height = part.length > 2 ? 40 + 80 * Math.sqrt(part.length) : 90;
    if (left + width > 1001) [left, top, deepest] = [0, top + deepest, 0];
    for (const [iri, { x, y }] of spring(part, edges, width - 180, height - 60)) {
      spots.set(iri, { x: Math.round(left + 90 + x), y: Math.round(top + 40 + y) });
    }
    left += width;
    deepest = Math.max(deepest, height);
  }
  return { spots, height: Math.round(top + deepest) };
};
