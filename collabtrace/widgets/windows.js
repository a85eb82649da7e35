// Long tables and ladders: only what is in sight is in the page, because a browser slows with every element.

const SPARE = 900; // Pixels above and below what is in sight that are ready to be scrolled to.
const MANY = 300; // Rows of a ladder from which on that is worth it.
const ROW = 24; // Pixels of a row of the table of calls.
const AT_FIRST = 600; // Pixels that are in sight at most, before the browser has laid anything out.

function attach(parent, wanted) {
  // What stays is not touched, so that it keeps the keyboard's focus.
  const kept = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!kept.has(child)) child.remove();
  let next = null;
  for (let place = wanted.length - 1; place >= 0; place -= 1) {
    if (wanted[place].parentNode !== parent) parent.insertBefore(wanted[place], next);
    next = wanted[place];
  }
}

function lowest(places, least) {
  // The first of some rising places that is not below the least.
  let [from, to] = [0, places.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (places[middle] < least) from = middle + 1;
    else to = middle;
  }
  return from;
}

function topOf(child) {
  const moved = /translate\(0 (-?[\d.]+)\)/.exec(child.getAttribute("transform"));
  const place = moved?.[1] ?? child.getAttribute("y") ?? /^M-?[\d.]+ (-?[\d.]+)/.exec(child.getAttribute("d"))?.[1];
  return place === undefined || place === null ? null : Number(place);
}

function windowOfLadder(drawing) {
  // Called before the drawing is in the page. Gives what finds an arrow, and what has to be called after a zoom.
  const groups = [...drawing.querySelectorAll("svg g[role=list]")].map((group) => {
    const children = [...group.children];
    let last = 0;
    const tops = children.map((child) => (last = Math.max(last, topOf(child) ?? last)));
    return { group, children, tops };
  });
  const arrows = new Map();
  for (const { children, tops } of groups) {
    children.forEach((child, place) => {
      if (child.dataset.table === "messages") arrows.set(child.dataset.row, { child, top: tops[place] });
    });
  }
  const long = groups.reduce((sum, { children }) => sum + children.length, 0) > MANY;
  let scale = 1;

  function show(top, height) {
    if (!long) return;
    const focused = drawing.getRootNode().activeElement;
    for (const { group, children, tops } of groups) {
      const from = lowest(tops, (top - SPARE) / scale);
      const to = lowest(tops, (top + height + SPARE) / scale);
      const wanted = children.slice(from, to);
      const held = children.findIndex((child) => child === focused);
      if (held >= 0 && held < from) wanted.unshift(focused);
      if (held >= to) wanted.push(focused);
      attach(group, wanted);
    }
  }
  const again = () => show(drawing.scrollTop, drawing.clientHeight);
  show(0, AT_FIRST);
  drawing.addEventListener("scroll", again, { passive: true });
  // The keyboard may be faster than the scrolling that it causes.
  drawing.addEventListener("focusin", (event) => {
    for (const { children, tops } of groups) {
      const place = children.indexOf(event.target);
      if (place >= 0) show(tops[place] * scale - AT_FIRST / 2, AT_FIRST);
    }
  });
  return {
    zoomed(factor) {
      scale = factor;
      again();
    },
    bring(row) {
      const arrow = arrows.get(String(row));
      if (!arrow) return null;
      drawing.scrollTop = arrow.top * scale - drawing.clientHeight / 2;
      again();
      return arrow.child;
    },
  };
}

function windowOfTable(list, body, rowOf) {
  // The rows of a table, all of the same height; show() is told which, by their numbers.
  const [above, below] = [make("tr", { ariaHidden: "true" }), make("tr", { ariaHidden: "true" })];
  const made = new Map();
  let shown = [];

  function draw() {
    const from = Math.max(0, Math.floor((list.scrollTop - SPARE) / ROW));
    const to = Math.min(shown.length, Math.ceil((list.scrollTop + AT_FIRST + SPARE) / ROW));
    const wanted = shown.slice(from, to).map((number) => {
      if (!made.has(number)) made.set(number, rowOf(number));
      return made.get(number);
    });
    above.style.height = `${from * ROW}px`;
    below.style.height = `${(shown.length - to) * ROW}px`;
    const focused = body.contains(body.getRootNode().activeElement);
    attach(body, [above, ...wanted, below]);
    // The keyboard goes on from here where its row was scrolled out of sight.
    if (focused && !body.contains(body.getRootNode().activeElement)) list.focus({ preventScroll: true });
  }
  list.onscroll = draw;
  return {
    show(numbers) {
      shown = numbers;
      draw();
    },
    bring(number) {
      const [top, height] = [shown.indexOf(number) * ROW, list.clientHeight - 2 * ROW];
      if (top < list.scrollTop) list.scrollTop = top;
      else if (top > list.scrollTop + height) list.scrollTop = top - height;
      draw();
      return made.get(number);
    },
    rows: () => [...made.values()],
  };
}
