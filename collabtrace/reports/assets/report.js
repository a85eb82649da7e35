"use strict";
// The page can be read without this script. With it calls open one by one, and can be searched, filtered and sorted.
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const island = (id) => (byId(id) ? JSON.parse(byId(id).textContent) : null);
  const [opened, form, shown, hint, leftOut] = ["opened", "filters", "shown", "hint", "left-out"].map(byId);

  // Articles are in the page, or packed in deflated blocks; the index says in which.

  const blockOf = new Map(Object.entries(island("blocks") ?? {}));
  const order = [...blockOf.keys()];

  async function inflate(number) {
    const bytes = Uint8Array.from(atob(island(`block-${number}`)), (character) => character.charCodeAt(0));
    const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(inflated).text();
  }

  const find = (anchor, root) => all(".article", root).find((article) => article.dataset.anchor === anchor);

  async function article(anchor) {
    if (find(anchor, opened) || !blockOf.has(anchor)) return find(anchor, opened);
    const template = document.createElement("template");
    template.innerHTML = await inflate(blockOf.get(anchor));
    const found = find(anchor, opened) ?? find(anchor, template.content);
    const place = order.indexOf(anchor);
    const next = all(".article", opened).find((other) => order.indexOf(other.dataset.anchor) > place);
    opened.insertBefore(found, next ?? null);
    makeSortable(found);
    return found;
  }

  async function open(anchor) {
    const found = await article(anchor);
    if (!found) return;
    found.hidden = false;
    found.open = true;
    hint.hidden = true;
    markFound(found);
  }

  async function show(anchor) {
    const name = /^(call|other)-\d+/.exec(anchor);
    if (name) await open(name[0]);
    const target = byId(anchor);
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const seen = target.closest("li") ?? (target.matches(".body") ? target.parentElement : target);
    seen.scrollIntoView({ block: target.matches("pre") ? "center" : "start" });
    const focus = target.matches(".body") ? target.previousElementSibling : target;
    focus.focus({ preventScroll: true });
  }

  function go(anchor) {
    if (location.hash === `#${anchor}`) show(anchor);
    else location.hash = anchor;
  }

  addEventListener("hashchange", () => show(location.hash.slice(1)));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const row = event.target.closest("tr[data-article]");
    if (link && link.getAttribute("href") === location.hash) show(location.hash.slice(1));
    else if (!link && row && !getSelection().toString()) go(row.dataset.article);
  });

  // Arrows of a ladder lead to their message, or to the section that tells of them.

  const SECTION = { streams: "streams", floors: "floors", reports: "rtcp" };

  function follow(event) {
    const arrow = event.target.closest("svg .row");
    if (!arrow) return;
    event.preventDefault();
    const { table, row } = arrow.dataset;
    const { anchor } = arrow.closest(".article").dataset;
    const place = table === "messages" ? `m${row}` : SECTION[table];
    if (place) go(`${anchor}-${place}`);
  }
  opened.addEventListener("click", follow);
  opened.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") follow(event);
  });

  // Search and filter.

  const rows = all("tr[data-words]");
  const words = new Map(rows.map((row) => [row, `${row.textContent} ${row.dataset.words}`.toLowerCase()]));
  const textOf = new Map();
  let reading = null;

  const searched = () => form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);

  // Parsing every block as HTML would take ten times as long as cutting the texts out of it.
  const CHARACTERS = { "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'", "&amp;": "&" };

  function cutTexts(block) {
    for (const part of block.split('<details class="article" data-anchor="').slice(1)) {
      const texts = [...part.matchAll(/<pre [^>]*>([^<]*)/g)].map((match) => match[1]).join("\n");
      const plain = texts.replace(/&(?:lt|gt|#34|#39|amp);/g, (name) => CHARACTERS[name]);
      textOf.set(part.slice(0, part.indexOf('"')), plain.toLowerCase());
    }
  }

  async function readAll() {
    for (const each of all(".article", opened)) {
      textOf.set(each.dataset.anchor, all("pre", each).map((text) => text.textContent).join("\n").toLowerCase());
    }
    for (const number of new Set(blockOf.values())) cutTexts(await inflate(number));
  }

  function chosen(row) {
    const { result, findings, media } = form.elements;
    if (row.dataset.result === undefined) return true;
    const found = row.dataset.findings.split(" ");
    return (
      (!result.value || row.dataset.result === result.value) &&
      (!media.value || row.dataset.media.split(", ").includes(media.value)) &&
      (!findings.value || (findings.value === "*" ? found[0] !== "none" : found.includes(findings.value)))
    );
  }

  function markFound(article) {
    const terms = searched();
    for (const text of all(".messages pre", article)) {
      const words = text.textContent.toLowerCase();
      text.closest("li").classList.toggle("found", terms.some((term) => words.includes(term)));
    }
  }

  function apply(complete) {
    const terms = searched();
    for (const row of rows) {
      const text = textOf.get(row.dataset.article) ?? "";
      row.hidden = !(chosen(row) && terms.every((term) => words.get(row).includes(term) || text.includes(term)));
    }
    all(".article:not([hidden])", opened).forEach(markFound);
    const counts = ["calls", "outside"].map((section) => {
      const listed = all(`[aria-labelledby="${section}"] tr[data-words]`);
      const left = listed.filter((row) => !row.hidden).length;
      return `${left.toLocaleString("en")} of ${listed.length.toLocaleString("en")}`;
    });
    shown.textContent =
      `${counts[0]} calls and ${counts[1]} conversations outside calls shown` +
      (complete ? "." : ": still searching the text of the messages …");
  }

  async function search() {
    const texted = searched().length > 0;
    apply(!texted || reading?.done);
    if (!texted) return;
    reading ??= readAll();
    await reading;
    reading.done = true;
    apply(true);
  }

  let typing;
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(search, 120);
  });
  form.addEventListener("reset", () => setTimeout(search));
  form.addEventListener("submit", (event) => event.preventDefault());

  const MOST_OPENED = 50;
  byId("open-shown").addEventListener("click", async () => {
    const visible = rows.filter((row) => !row.hidden && row.dataset.article);
    for (const row of visible.slice(0, MOST_OPENED)) await open(row.dataset.article);
    shown.textContent = `${Math.min(visible.length, MOST_OPENED)} of ${visible.length} opened below.`;
  });

  // Sorting by a column.

  function makeSortable(root) {
    for (const heading of all("table.sortable thead th", root)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      button.addEventListener("click", () => sort(heading));
      heading.replaceChildren(button);
    }
  }

  function sort(heading) {
    const body = heading.closest("table").tBodies[0];
    const up = heading.getAttribute("aria-sort") !== "ascending";
    const key = (row) => row.cells[heading.cellIndex].dataset.key ?? row.cells[heading.cellIndex].textContent;
    const keyed = [...body.rows].map((row) => [key(row), row]);
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    const missing = (value) => value === "–";
    keyed.sort(([a], [b]) => {
      if (missing(a) || missing(b)) return missing(a) - missing(b);
      const difference = Number(a) - Number(b);
      return (Number.isNaN(difference) ? compare(a, b) : difference) * (up ? 1 : -1);
    });
    body.append(...keyed.map(([, row]) => row));
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
  }

  // What is open is printed, the messages with their text unless they are too many.

  const MOST_PRINTED = 200;
  addEventListener("beforeprint", () => {
    const printed = all(".article[open]:not([hidden])");
    const messages = printed.flatMap((each) => all(".messages details", each));
    const closed = all("main details:not([open], .article, .messages details)");
    const texts = messages.length > MOST_PRINTED ? [] : messages.filter((each) => !each.open);
    for (const each of [...closed, ...texts]) {
      each.open = true;
      each.dataset.printing = "";
    }
    const unopened = rows.length - printed.length;
    leftOut.textContent =
      (unopened ? `${unopened} calls and conversations were not open and are not printed here. ` : "") +
      (texts.length || messages.length <= MOST_PRINTED ? "" : "The messages are too many to print the text of all.");
  });
  addEventListener("afterprint", () => {
    for (const each of all("[data-printing]")) {
      each.open = false;
      delete each.dataset.printing;
    }
  });

  // Light and dark: as the system is set, until the reader chooses.

  const theme = byId("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  function name() {
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", `Use ${isDark() ? "light" : "dark"} colours`);
  }
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    name();
  });
  dark.addEventListener("change", name);
  name();

  // Begin.

  for (const each of all(".article", opened)) each.hidden = true;
  for (const each of rows.length ? [form, theme, hint] : [theme]) each.hidden = false;
  makeSortable(document);
  form.elements.q.value = new URLSearchParams(location.search).get("q") ?? "";
  search();
  if (location.hash) show(location.hash.slice(1));
  else if (rows.length && rows.filter((row) => row.dataset.result).length === 1) open("call-1");
}
