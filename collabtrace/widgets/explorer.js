// The explorer: this side shows and asks, the kernel answers with HTML that is escaped already.

const SEVERITIES = ["critical", "major", "minor", "info"];
const COLUMNS = ["call", "started", "caller", "callee", "result", "lasted", "media", "messages"];
const ZOOM = { least: 0.3, most: 3, step: 1.2 };

function make(name, properties = {}, ...children) {
  const node = document.createElement(name);
  Object.assign(node, properties);
  node.append(...children);
  return node;
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

function rowOf(call) {
  const cells = COLUMNS.map((name) => make("td", { textContent: call[name] }));
  const alarm = call.severity ? `${SEVERITIES.indexOf(call.severity) < 2 ? "✕" : "!"} ${call.rules.join(", ")}` : "";
  cells.push(make("td", { textContent: alarm, className: `severity ${call.severity}` }));
  const row = make("tr", { tabIndex: -1 }, ...cells);
  row.dataset.call = call.call;
  return row;
}

function tableOf(calls) {
  const heads = ["Call", "Started", "Caller", "Callee", "Result", "Lasted", "Media", "Messages", "Findings"];
  const head = make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { textContent: text, scope: "col" }))));
  return make("table", {}, head, make("tbody", {}, ...calls.map(rowOf)));
}

function zoomable(drawing) {
  // Zoom with the buttons or Ctrl and the wheel, pan by dragging or with the scroll bars.
  const svg = drawing.querySelector("svg");
  if (!svg) return;
  const wide = svg.width.baseVal.value;
  const tall = svg.height.baseVal.value;
  let scale = 1;
  const apply = (factor) => {
    scale = Math.min(ZOOM.most, Math.max(ZOOM.least, scale * factor));
    svg.setAttribute("width", wide * scale);
    svg.setAttribute("height", tall * scale);
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
}

function render({ model, el }) {
  let calls = [];
  let rows = [];
  let words = [];
  const { search, result, found, count, refresh, told, bar } = controls();
  const list = make("div", { className: "list" });
  const article = make("div", { className: "article collabtrace ct" });
  const message = make("aside", { className: "message collabtrace ct", ariaLive: "polite" });
  const body = make("div", { className: "body" }, article, message);
  el.classList.add("ct-explorer");
  el.replaceChildren(make("style", { textContent: model.get("look") }), bar, list, body);

  function drawCalls() {
    calls = model.get("calls");
    const table = tableOf(calls);
    rows = [...table.tBodies[0].rows];
    words = calls.map((call) => `${call.words} ${COLUMNS.map((name) => call[name]).join(" ")} ${call.rules.join(" ")}`.toLowerCase());
    list.replaceChildren(table);
    offer(result, [option("", "any result")], [...new Set(calls.map((call) => call.result))]);
    offer(found, [option("", "all calls"), option("*", "with findings")], [...new Set(calls.flatMap((call) => call.rules))].sort());
    filter();
    mark();
  }

  function drawTold() {
    told.textContent = model.get("told");
  }

  function filter() {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    rows.forEach((row, place) => {
      const call = calls[place];
      const fits = terms.every((term) => words[place].includes(term)) && (!result.value || call.result === result.value) &&
        (!found.value || (found.value === "*" ? call.rules.length > 0 : call.rules.includes(found.value)));
      row.hidden = !fits;
      left += fits;
    });
    count.textContent = `${left} of ${rows.length} calls`;
  }

  function choose(row) {
    model.set("chosen", Number(row.dataset.call));
    model.save_changes();
    row.focus();
  }

  function mark() {
    const chosen = String(model.get("chosen"));
    for (const row of rows) {
      row.setAttribute("aria-selected", String(row.dataset.call === chosen));
      row.tabIndex = row.dataset.call === chosen ? 0 : -1;
    }
    if (!rows.some((row) => row.tabIndex === 0) && rows[0]) rows[0].tabIndex = 0;
  }

  function drawArticle() {
    article.innerHTML = model.get("article");
    article.scrollTop = 0;
    for (const drawing of article.querySelectorAll(".drawing")) zoomable(drawing);
    // Anchors of the report are no places of this page: a frame of a finding leads to its arrow instead.
    for (const link of article.querySelectorAll("a[href^='#']")) {
      link.addEventListener("click", (event) => { event.preventDefault(); jump(link); });
    }
    mark();
  }

  function jump(link) {
    const row = /-m(\d+)$/.exec(link.getAttribute("href"))?.[1];
    const arrow = row && article.querySelector(`svg .row[data-table="messages"][data-row="${row}"]`);
    if (arrow) {
      arrow.scrollIntoView({ block: "center" });
      arrow.focus({ preventScroll: true });
    }
    if (row) ask(Number(row));
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
    const row = event.target.closest("tbody tr");
    if (row) choose(row);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const shown = rows.filter((row) => !row.hidden);
    const place = shown.indexOf(event.target.closest("tr"));
    const next = shown[place + step];
    if (next) choose(next);
  });
  article.addEventListener("click", open);
  article.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") open(event);
    event.stopPropagation();
  });
  for (const control of [search, result, found]) control.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => event.stopPropagation());
  bar.addEventListener("submit", (event) => event.preventDefault());

  refresh.addEventListener("click", () => {
    model.set("told", "reading …");
    model.save_changes();
    model.send("refresh");
  });

  const drawn = { calls: drawCalls, article: drawArticle, message: drawMessage, told: drawTold };
  for (const [name, draw] of Object.entries(drawn)) {
    model.on(`change:${name}`, draw);
    draw();
  }
  return () => {
    for (const [name, draw] of Object.entries(drawn)) model.off(`change:${name}`, draw);
  };
}

export default { render };
