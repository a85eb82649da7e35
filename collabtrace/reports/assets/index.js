"use strict";
// The table of cases can be read without this script. With it the cases can be searched, filtered and sorted.
{
  const SEVERITIES = ["critical", "major", "minor", "info"];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const rows = all("tbody tr").map((row) => ({ row, words: row.dataset.words.toLowerCase(), found: row.dataset.findings.split(" ") }));

  const epoch = (value) => (value ? Date.parse(`${value}Z`) / 1000 : null);

  function matches({ row, words, found }, wanted) {
    const { findings, severity, from, to, terms } = wanted;
    if (!terms.every((term) => words.includes(term))) return false;
    if (findings === "*" ? found[0] === "none" : findings && !found.includes(findings)) return false;
    if (severity && Number(row.dataset.severity) > SEVERITIES.indexOf(severity)) return false;
    if (from !== null && !(Number(row.dataset.to) >= from)) return false;
    return to === null || (row.dataset.from !== undefined && Number(row.dataset.from) <= to);
  }

  function filter() {
    const said = new FormData(form);
    const wanted = {
      terms: said.get("q").toLowerCase().split(/\s+/).filter(Boolean),
      findings: said.get("findings"),
      severity: said.get("severity"),
      from: epoch(said.get("from")),
      to: epoch(said.get("to")),
    };
    for (const entry of rows) entry.row.hidden = !matches(entry, wanted);
    const left = rows.filter((entry) => !entry.row.hidden).length;
    shown.textContent = left === rows.length ? "" : `${left} of ${rows.length} cases`;
  }

  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.key === undefined ? cell.textContent.trim() : Number(cell.dataset.key);
  };

  function compare(one, other) {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other), undefined, { numeric: true });
  }

  function sort(heading) {
    const column = heading.cellIndex;
    const falling = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const body = heading.closest("table").tBodies[0];
    const sorted = [...body.rows].sort((a, b) => compare(value(a, column), value(b, column)) * (falling ? -1 : 1));
    body.append(...sorted);
  }

  for (const heading of all("table.sortable thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => sort(heading));
  }

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
}
