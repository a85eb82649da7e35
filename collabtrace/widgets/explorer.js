// The explorer: this side shows and asks, the kernel answers with HTML that is escaped already.

const SEVERITIES = ["critical", "major", "minor", "info"];
const COLUMNS = ["call", "started", "caller", "callee", "result", "lasted", "media", "messages"];
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };
const ZOOM = { least: 0.3, most: 3, step: 1.2 };

function make(name, properties = {}, ...children) {
  const node = document.createElement(name);
  Object.assign(node, properties);
  node.append(...children);
  return node;
}

function ownKey(event) {
  // JupyterLab takes single keys for commands, such as A for a new cell; its keys with Ctrl, such as to save, stay.
  if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
}

function option(value, text = value) {
  return make("option", { value, textContent: text });
}

function controls() {
  const search = make("input", { type: "search", placeholder: "caller, callee, Call-ID, address …", ariaLabel: "Search" });
  const result = make("select", { ariaLabel: "Result" });
  const found = make("select", { ariaLabel: "Findings" });
  const count = make("output");
  const refresh = make("button", { type: "button", textContent: "Refresh", title: "Read what was captured since" });
  const told = make("output", { className: "told" });
  const bar = make("form", { className: "bar" }, search, result, found, count, refresh, told);
  return { search, result, found, count, refresh, told, bar };
}

function offer(select, first, values) {
  // What was chosen before stays chosen as long as it is there.
  const chosen = select.value;
  select.replaceChildren(...first, ...values.map((value) => option(value)));
  select.value = chosen;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}

function rowOf(call, place) {
  const cells = COLUMNS.map((name) => make("td", { textContent: call[name] }));
  const alarm = call.severity ? `${SEVERITIES.indexOf(call.severity) < 2 ? "✕" : "!"} ${call.rules.join(", ")}` : "";
  cells.push(make("td", { textContent: alarm, className: `severity ${call.severity}` }));
  for (const cell of cells) cell.title = cell.textContent;
  const row = make("tr", { tabIndex: -1, ariaRowIndex: String(place + 2) }, ...cells);
  Object.assign(row.dataset, { call: call.call, place });
  return row;
}

function tableOf(size) {
  const heads = ["Call", "Started", "Caller", "Callee", "Result", "Lasted", "Media", "Messages", "Findings"];
  const head = make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { textContent: text, scope: "col" }))));
  return make("table", { ariaRowCount: String(size + 1) }, head, make("tbody"));
}

function zoomable(drawing) {
  // Zoom with the buttons or Ctrl and the wheel, pan by dragging or with the scroll bars.
  const ladder = windowOfLadder(drawing);
  const svg = drawing.querySelector("svg");
  const wide = Number(svg.getAttribute("width"));
  const tall = Number(svg.getAttribute("height"));
  let scale = 1;
  const apply = (factor) => {
    // What is in the middle stays there.
    const middle = (drawing.scrollTop + drawing.clientHeight / 2) / scale;
    scale = Math.min(ZOOM.most, Math.max(ZOOM.least, scale * factor));
    svg.setAttribute("width", wide * scale);
    svg.setAttribute("height", tall * scale);
    drawing.scrollTop = middle * scale - drawing.clientHeight / 2;
    ladder.zoomed(scale);
  };
  const button = (text, title, act) => {
    const made = make("button", { type: "button", textContent: text, title, ariaLabel: title });
    made.addEventListener("click", act);
    return made;
  };
  const bar = make(
    "div",
    { className: "zoom" },
    button("−", "Zoom out", () => apply(1 / ZOOM.step)),
    button("100 %", "Actual size", () => apply(1 / scale)),
    button("+", "Zoom in", () => apply(ZOOM.step)),
  );
  drawing.before(bar);
  drawing.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    apply(event.deltaY < 0 ? ZOOM.step : 1 / ZOOM.step);
  }, { passive: false });
  let from = null;
  drawing.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && !event.target.closest(".row")) from = [event.clientX + drawing.scrollLeft, event.clientY + drawing.scrollTop];
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!from) return;
    drawing.scrollLeft = from[0] - event.clientX;
    drawing.scrollTop = from[1] - event.clientY;
  });
  for (const end of ["pointerup", "pointerleave"]) drawing.addEventListener(end, () => { from = null; });
  return ladder;
}

function render({ model, el }) {
  let calls = [];
  let words = [];
  let shown = [];
  let table = null;
  let ladders = [];
  const { search, result, found, count, refresh, told, bar } = controls();
  const list = make("div", { className: "list", tabIndex: -1 });
  const article = make("div", { className: "article collabtrace ct" });
  const message = make("aside", { className: "message collabtrace ct", ariaLive: "polite" });
  const body = make("div", { className: "body" }, article, message);
  el.classList.add("ct-explorer");
  el.replaceChildren(make("style", { textContent: model.get("look") }), bar, list, body);

  function drawCalls() {
    calls = model.get("calls");
    words = calls.map((call) => `${call.words} ${COLUMNS.map((name) => call[name]).join(" ")} ${call.rules.join(" ")}`.toLowerCase());
    const drawn = tableOf(calls.length);
    table = windowOfTable(list, drawn.tBodies[0], (place) => rowOf(calls[place], place));
    list.replaceChildren(drawn);
    offer(result, [option("", "any result")], [...new Set(calls.map((call) => call.result))]);
    offer(found, [option("", "all calls"), option("*", "with findings")], [...new Set(calls.flatMap((call) => call.rules))].sort());
    filter();
  }

  function drawTold() {
    told.textContent = model.get("told");
  }

  function filter() {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = [...calls.keys()].filter((place) => {
      const call = calls[place];
      return terms.every((term) => words[place].includes(term)) && (!result.value || call.result === result.value) &&
        (!found.value || (found.value === "*" ? call.rules.length > 0 : call.rules.includes(found.value)));
    });
    count.textContent = `${shown.length} of ${calls.length} calls`;
    table.show(shown);
    mark();
  }

  function choose(place) {
    model.set("chosen", calls[place].call);
    model.save_changes();
    const row = table.bring(place);
    mark();
    row.focus({ preventScroll: true });
  }

  function mark() {
    const chosen = String(model.get("chosen"));
    const rows = table.rows();
    for (const row of rows) {
      row.setAttribute("aria-selected", String(row.dataset.call === chosen));
      row.tabIndex = row.dataset.call === chosen ? 0 : -1;
    }
    if (!rows.some((row) => row.tabIndex === 0 && row.isConnected) && rows[0]) rows[0].tabIndex = 0;
  }

  function drawArticle() {
    // A template lays nothing out, so a long ladder is cut to what is in sight before that costs anything.
    const made = make("template", { innerHTML: model.get("article") });
    ladders = [...made.content.querySelectorAll(".drawing")].map(zoomable);
    // Anchors of the report are no places of this page: a frame of a finding leads to its arrow instead.
    for (const link of made.content.querySelectorAll("a[href^='#']")) {
      link.addEventListener("click", (event) => { event.preventDefault(); jump(link); });
    }
    article.replaceChildren(made.content, listed);
    article.scrollTop = 0;
    mark();
  }

  const listed = make("div", { className: "listed" });

  function drawListed() {
    const text = model.get("listed");
    const call = calls.find((each) => each.call === model.get("chosen"));
    listed.innerHTML = text;
    if (text || !call) return;
    const more = make("button", { type: "button", textContent: `List all ${call.messages} messages` });
    more.addEventListener("click", () => model.send("list"));
    listed.replaceChildren(more);
  }

  function jump(link) {
    const row = /-m(\d+)$/.exec(link.getAttribute("href"))?.[1];
    if (!row) return;
    for (const ladder of ladders) {
      const arrow = ladder.bring(row);
      if (!arrow) continue;
      arrow.scrollIntoView({ block: "center" });
      arrow.focus({ preventScroll: true });
    }
    ask(Number(row));
  }

  function ask(row) {
    if (model.get("asked") === row) return drawMessage();
    model.set("asked", row);
    model.save_changes();
  }

  function drawMessage() {
    message.innerHTML = model.get("message");
    message.hidden = !model.get("message");
    message.scrollTop = 0;
  }

  function open(event) {
    const arrow = event.target.closest("svg .row");
    if (!arrow || arrow.dataset.table !== "messages") return;
    event.preventDefault();
    ask(Number(arrow.dataset.row));
  }

  list.addEventListener("click", (event) => {
    const row = event.target.closest("tbody tr[data-call]");
    if (row) choose(Number(row.dataset.place));
  });
  list.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const chosen = model.get("chosen");
    const place = shown.findIndex((each) => calls[each].call === chosen);
    const next = shown[Math.min(shown.length - 1, Math.max(0, place + step))];
    if (next !== undefined) choose(next);
  });
  article.addEventListener("click", open);
  article.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") open(event);
    ownKey(event);
  });
  for (const control of [search, result, found]) control.addEventListener("input", filter);
  search.addEventListener("keydown", ownKey);
  bar.addEventListener("submit", (event) => event.preventDefault());

  refresh.addEventListener("click", () => {
    model.set("told", "reading …");
    model.save_changes();
    model.send("refresh");
  });

  const drawn = { calls: drawCalls, article: drawArticle, listed: drawListed, message: drawMessage, told: drawTold };
  for (const [name, draw] of Object.entries(drawn)) {
    model.on(`change:${name}`, draw);
    draw();
  }
  return () => {
    for (const [name, draw] of Object.entries(drawn)) model.off(`change:${name}`, draw);
  };
}

export default { render };
