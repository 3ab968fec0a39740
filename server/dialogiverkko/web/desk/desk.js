// The desk: the text of a source beside its reading. Words selected become quotations; names are offered; what holds
// and what does not is asked of the server a moment after each change.
const get = (id) => document.getElementById(id);
const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const [editor, list, numbers] = [get("reading"), get("text"), get("numbers")];
const MOST_WORDS = 12;
const MOST_NAMES = 12;
const WAIT = 350;
const state = { digest: "", names: [], kinds: {}, rows: [], saved: "", asked: 0, cursor: [0, 0] };

const post = async (path, body = "") => {
  const { token, header } = document.body.dataset;
  const answer = await fetch(path, { method: "POST", body, headers: { [header]: token } });
  return answer.ok || answer.status === 409 ? answer.json() : { said: [], wrong: [`the desk answered ${answer.status}`] };
};

// --- the text
const states = { unread: "not read", waiting: "nothing told yet", item: "read", heading: "heading" };
const goTo = (line, column = 1) => {
  const lines = editor.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  editor.focus();
  editor.setSelectionRange(start + column - 1, start + (lines[line - 1] ?? "").length);
  const height = editor.scrollHeight / lines.length;
  editor.scrollTop = Math.max(0, height * (line - 4));
};
const piece = ({ text, said }) => {
  if (!said.length) return text;
  const title = said.map(({ key, line }) => `${key}, line ${line}`).join("; ");
  const made = element("mark", { title }, text);
  made.addEventListener("click", () => getSelection().isCollapsed && goTo(said[0].line));
  return made;
};
const shownRow = (row) => {
  const label = row.state === "unread" ? `Line ${row.number}, not read: insert an item` : `Line ${row.number}, ${states[row.state]}`;
  const button = element("button", { type: "button", "aria-label": label, title: label }, String(row.number));
  button.addEventListener("click", () => (row.line ? goTo(row.line) : insertLines([`- words: «${row.opening}»`])));
  const bullet = row.isBullet ? " bullet" : "";
  const words = element("span", { class: "words" }, ...row.parts.map(piece));
  return element("li", { class: `${row.state}${bullet}${row.indent > 3 ? " in" : ""}`, "data-row": row.number }, button, words);
};
const show = (view) => {
  if (view.isForm && view.rows.length) {
    state.rows = view.rows;
    list.replaceChildren(...view.rows.map(shownRow));
  }
  const left = state.rows.filter((row) => row.state === "unread" || row.state === "waiting").length;
  const todo = view.todo.length ? `; ${view.todo.length} texts to translate` : "";
  const read = state.rows.length ? `${state.rows.length - left} of ${state.rows.length} lines read` : "no text";
  get("figures").textContent = view.isForm ? `${read}${todo}` : "this has not the form of a reading yet";
  get("problems").replaceChildren(...view.problems.map(({ line, column, text }) => {
    const button = element("button", { type: "button" }, `line ${line}, column ${column}`);
    button.addEventListener("click", () => goTo(line, column));
    return element("li", {}, button, element("pre", {}, text));
  }));
};

// --- words selected become evidence
const occurrence = (row, start, words) => {
  const text = row.parts.map((part) => part.text).join("");
  const holders = row.scopes.filter(([low, high]) => low <= start && start + words.length <= high);
  const low = holders.length ? Math.max(...holders.map(([first]) => first)) : 0;
  let nth = 0;
  for (let at = text.indexOf(words, low); at >= 0 && at <= start; at = text.indexOf(words, at + 1)) nth += 1;
  return nth;
};
const quoted = () => {
  const selection = getSelection();
  if (selection.isCollapsed || !list.contains(selection.anchorNode) || !list.contains(selection.focusNode)) return "";
  const range = selection.getRangeAt(0);
  const item = range.startContainer.parentElement.closest("li");
  const words = selection.toString().trim();
  if (!item || !words || !item.contains(range.endContainer) || words.includes("\n")) return "";
  const row = state.rows.find(({ number }) => String(number) === item.dataset.row);
  if (words.split(/\s+/).length > MOST_WORDS) return `«${words.split(/\s+/).slice(0, 3).join(" ")} …»`;
  const before = document.createRange();
  before.setStart(item.querySelector(".words"), 0);
  before.setEnd(range.startContainer, range.startOffset);
  const spaces = selection.toString().length - selection.toString().trimStart().length;
  const nth = occurrence(row, before.toString().length + spaces, words);
  return `«${words}»${nth > 1 ? `#${nth}` : ""}`;
};
list.addEventListener("mouseup", () => {
  const words = quoted();
  if (!words) return;
  getSelection().removeAllRanges();
  const [from, to] = state.cursor; // a selection in the text takes that of the reading away
  insert(editor.value[from - 1]?.trim() ? ` ${words}` : words, from, to);
});

// --- the reading
const insert = (text, from = editor.selectionStart, to = editor.selectionEnd) => {
  editor.focus();
  editor.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) editor.setRangeText(text, from, to, "end"); // keeps undo
  changed();
};
const lineAt = (place = editor.selectionStart) => {
  const begin = editor.value.lastIndexOf("\n", place - 1) + 1;
  const end = editor.value.indexOf("\n", place);
  return { begin, end: end < 0 ? editor.value.length : end };
};
const insertLines = (lines) => {
  const { begin, end } = lineAt();
  const line = editor.value.slice(begin, end);
  const indent = /^\s*/.exec(line)[0];
  const text = lines.map((each) => indent + each).join("\n");
  insert(line.trim() ? `\n${text}` : text.slice(indent.length), end, end);
};
const ACTIVITY = [
  "  activity:", "    id: ", "    form: series", "    name: {fi: , sv: todo, en: todo}", "    about: {fi: , sv: todo, en: todo}",
  "    status: realised",
];
const context = () => {
  const { begin } = lineAt();
  const before = editor.value.slice(begin, editor.selectionStart);
  const word = /[\p{L}\d-]*$/u.exec(before)[0];
  const own = /^[\s-]*([a-z][a-z-]*):/.exec(before);
  const above = editor.value.slice(0, begin).split("\n").reverse().find((line) => /^\s*(- )?[a-z-]+:\s*$/.test(line));
  const key = own ? own[1] : /^\s*- /.test(before) && above ? above.trim().replace(/^- /, "").slice(0, -1) : "";
  return { word, key };
};
const offer = () => {
  state.cursor = [editor.selectionStart, editor.selectionEnd];
  const { word, key } = context();
  const kinds = state.kinds[key];
  const wanted = word.toLowerCase();
  const fits = kinds || wanted.length > 1 ? state.names.filter(([kind, slug, label]) =>
    (!kinds || kinds.includes(kind)) && (slug.includes(wanted) || label.toLowerCase().includes(wanted))) : [];
  fits.sort((one, two) => two[1].startsWith(wanted) - one[1].startsWith(wanted) || one[1].length - two[1].length);
  get("names").replaceChildren(...fits.slice(0, MOST_NAMES).map(([kind, slug, label]) => {
    const button = element("button", { type: "button", title: label }, slug, " ", element("small", {}, kind));
    const [from, to] = [editor.selectionStart - word.length, editor.selectionStart];
    button.addEventListener("click", () => insert(slug, from, to));
    return element("li", {}, button);
  }));
  const line = editor.value.slice(0, editor.selectionStart).split("\n").length;
  get("where").textContent = `line ${line}${key ? `, ${key}` : ""}`;
};
const number = () => {
  const many = editor.value.split("\n").length;
  if (numbers.dataset.many !== String(many)) numbers.textContent = Array.from({ length: many }, (_, n) => n + 1).join("\n");
  numbers.dataset.many = many;
  numbers.scrollTop = editor.scrollTop;
};
let timer;
const changed = () => {
  number();
  offer();
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const asked = (state.asked += 1);
    const view = await post("/look", editor.value);
    if (asked === state.asked && view.rows) show(view);
  }, WAIT);
};
const tell = ({ said, wrong }) => (get("said").textContent = [...wrong, ...said].join("\n"));
const save = async () => {
  const text = editor.value;
  const answer = await post(`/save?before=${state.digest}`, text);
  if (answer.digest) Object.assign(state, { digest: answer.digest, saved: text });
  tell(answer);
  return Boolean(answer.digest);
};

editor.addEventListener("input", changed);
editor.addEventListener("scroll", () => (numbers.scrollTop = editor.scrollTop));
for (const event of ["click", "keyup"]) editor.addEventListener(event, offer);
get("save").addEventListener("click", save);
get("compile").addEventListener("click", async ({ currentTarget: button }) => {
  if (!(await save())) return;
  button.disabled = true;
  get("said").textContent = "compiling, and judging the whole graph …";
  tell(await post("/compile"));
  button.disabled = false;
});
get("activity").addEventListener("click", () => insertLines(ACTIVITY));
get("next").addEventListener("click", () => {
  const left = list.querySelector(".unread, .waiting");
  left?.scrollIntoView({ block: "center" });
  left?.querySelector("button").focus();
});
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    save();
  }
});
addEventListener("beforeunload", (event) => editor.value !== state.saved && event.preventDefault());

const [first, known] = await Promise.all([fetch("/reading"), fetch("/names")].map(async (each) => (await each).json()));
Object.assign(state, { digest: first.digest, saved: first.reading, names: known.names, kinds: known.kinds });
editor.value = first.reading;
number();
show(first.view);
