/* The first rows are there without this script; it draws all of them, filters, sorts, and tells what a sign stands for.
   Only the rows that can be seen are elements: a page of 20,000 books stays as quick as one of 200. */
(function () {
  "use strict";
  var doc = document, table = doc.getElementById("books");
  if (!table) { return; }
  var data = JSON.parse(doc.getElementById("data").textContent), columns = data.columns;
  var frame = doc.getElementById("matrix-frame"), sized = doc.getElementById("sized"), body = table.tBodies[0];
  var form = doc.getElementById("filters"), shown = doc.getElementById("shown");
  var height = body.rows[0].offsetHeight || 19, spare = 40, few = 400;
  var order = [], view = [], drawn = [0, 0], here = -1, paper = false;
  for (var n = 0; n < data.size; n += 1) { order.push(n); }
  form.hidden = false;

  function word(name, n) { return data.words[name][columns[name][n]]; }
  function add(parent, tag, text, css) {
    var made = doc.createElement(tag);
    if (css) { made.className = css; }
    if (text !== "") { made.appendChild(doc.createTextNode(text)); }
    parent.appendChild(made);
    return made;
  }
  function address(path) { return path.split("/").map(encodeURIComponent).join("/"); }
  function link(parent, path, text, css) { add(parent, "a", text, css).setAttribute("href", address(path)); }

  /* One row, as the template draws it. */
  function unit(row, n) {
    var cell = add(row, "th", "", "unit"), file = columns.file[n], name = columns.unit[n];
    cell.setAttribute("scope", "row");
    cell.title = columns.unmarked[n] ? file + "\n没有标注本：" + columns.unmarked[n] : file;
    if (columns.report[n]) { link(cell, columns.report[n], name); } else { cell.appendChild(doc.createTextNode(name)); }
    if (!columns.alone[n]) {
      cell.appendChild(doc.createTextNode(" "));
      add(cell, "small", file.split("/").slice(-2).join("/"));
    }
    if (columns.marked[n]) {
      cell.appendChild(doc.createTextNode(" "));
      link(cell, columns.marked[n], "标注本", "marked");
    }
  }
  function letters(row, n) {
    var cell = add(row, "td", "", "m"), signs = columns.letters[n], plain = "";
    for (var at = 0; at < signs.length; at += 1) {
      var look = data.shown[signs.charAt(at)];
      if (!look) { plain += signs.charAt(at); continue; }
      if (plain) { cell.appendChild(doc.createTextNode(plain)); plain = ""; }
      add(cell, look[0], look[1]);
    }
    if (plain) { cell.appendChild(doc.createTextNode(plain)); }
  }
  function draw(at) {
    var n = view[at], row = doc.createElement("tr"), verdict = word("verdict", n);
    row.id = "row-" + at;
    row.className = ({ "不合格": "f", "合格": "p" }[verdict] || "o") + (at === here ? " here" : "");
    row.setAttribute("aria-rowindex", at + 2);
    row.book = n;
    unit(row, n);
    var told = add(row, "td", verdict);
    if (word("terms", n)) { told.title = word("terms", n); }
    columns.counts.forEach(function (count) { add(row, "td", count[n] || "", "figure"); });
    if (data.states) {
      if (columns.changes[n]) {
        columns.changes[n].forEach(function (count) { add(row, "td", count || "", "figure"); });
      } else {
        add(row, "td", "上次没有", "figure first").colSpan = data.states;
      }
    }
    letters(row, n);
    return row;
  }

  /* What is seen, and some rows above and below it. */
  function fill(from, to) {
    var all = doc.createDocumentFragment();
    for (var at = from; at < to; at += 1) { all.appendChild(draw(at)); }
    body.textContent = "";
    body.appendChild(all);
    drawn = [from, to];
    sized.style.paddingTop = from * height + "px";
    sized.style.height = view.length > few ? view.length * height + table.tHead.offsetHeight + "px" : "";
  }
  function look(again) {
    if (paper) { return; }
    if (view.length <= few) {
      if (again) { fill(0, view.length); }
      return;
    }
    var top = Math.floor(frame.scrollTop / height), seen = Math.ceil(frame.clientHeight / height);
    var from = Math.max(0, Math.min(top, view.length) - spare), to = Math.min(view.length, top + seen + spare);
    if (again || (top < drawn[0] + spare / 2 && drawn[0] > 0) || (top + seen > drawn[1] - spare / 2 && drawn[1] < view.length)) {
      fill(from, to);
    }
  }
  function show() {
    here = -1;
    frame.removeAttribute("aria-activedescendant");
    frame.scrollTop = 0;
    table.setAttribute("aria-rowcount", view.length + 1);
    look(true);
  }
  frame.addEventListener("scroll", function () { look(false); });
  window.addEventListener("resize", function () { look(true); });
  window.addEventListener("beforeprint", function () { paper = true; fill(0, view.length); });
  window.addEventListener("afterprint", function () { paper = false; look(true); });

  /* Filters */
  var lower = [];
  function text(n) {
    if (lower[n] === undefined) { lower[n] = (columns.unit[n] + " " + columns.file[n] + " " + word("department", n)).toLowerCase(); }
    return lower[n];
  }
  function picked() {
    return ["department", "year", "edition"].filter(function (name) {
      return form.elements[name] && form.elements[name].value !== "";
    }).map(function (name) { return [columns[name], data.words[name].indexOf(form.elements[name].value)]; });
  }
  function changed(n, change) {
    var states = columns.changes[n];
    return change === "" || (change === "new" ? !states : !!states && states[+change] > 0);
  }
  function filter() {
    var verdicts = {}, rule = form.elements.rule.value, wanted = form.elements.outcome.value, picks = picked();
    Array.prototype.forEach.call(form.elements.verdict, function (box) { verdicts[box.value] = box.checked; });
    var change = form.elements.change ? form.elements.change.value : "";
    var words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    view = order.filter(function (n) {
      var sign = rule === "" ? "" : columns.letters[n].charAt(+rule);
      return verdicts[word("verdict", n)] && (rule === "" || (sign !== "" && wanted.indexOf(sign) >= 0)) &&
        picks.every(function (pick) { return pick[0][n] === pick[1]; }) && changed(n, change) &&
        words.every(function (part) { return text(n).indexOf(part) >= 0; });
    });
    shown.textContent = view.length === data.size ? "" : "显示 " + view.length + " / " + data.size + " 份";
    Array.prototype.forEach.call(table.querySelectorAll(".rules a"), function (link, at) {
      link.classList.toggle("chosen", rule !== "" && at === +rule);
    });
    show();
  }
  form.addEventListener("input", filter);
  form.addEventListener("change", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(filter, 0); });

  /* A rule is chosen where it is named, and given up when it is named again. */
  doc.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[data-rule]") : null;
    if (!link) { return; }
    var select = form.elements.rule, found = "";
    data.rules.forEach(function (rule, at) { if (rule[0] === link.getAttribute("data-rule")) { found = String(at); } });
    select.value = link.closest("thead") && select.value === found ? "" : found;
    filter();
    if (link.closest("thead")) { event.preventDefault(); }
  });

  /* Sorting: as it came is the worst first. */
  var ranks = { "不合格": 0, "未完成审核": 1, "合格": 2 }, byName = null;
  function names() {
    if (!byName) {
      var alike = window.Intl ? new Intl.Collator("zh").compare : function (a, b) { return a < b ? -1 : a > b ? 1 : 0; };
      var all = columns.unit.map(function (name, n) { return n; });
      all.sort(function (a, b) { return alike(columns.unit[a], columns.unit[b]); });
      byName = [];
      all.forEach(function (n, at) { byName[n] = at && columns.unit[all[at - 1]] === columns.unit[n] ? byName[all[at - 1]] : at; });
    }
    return byName;
  }
  function keys(column) {
    if (column === 0) { return names(); }
    if (column === 1) {
      return columns.verdict.map(function (at) {
        var rank = ranks[data.words.verdict[at]];
        return rank === undefined ? 3 + at : rank;
      });
    }
    if (column < 2 + columns.counts.length) { return columns.counts[column - 2]; }
    return columns.changes.map(function (states) { return states ? states[column - 2 - columns.counts.length] : 0; });
  }
  function sort(head) {
    var kind = head.getAttribute("data-sort"), before = head.getAttribute("aria-sort");
    var up = before ? before === "descending" : kind !== "number", by = keys(head.cellIndex);
    Array.prototype.forEach.call(head.parentNode.cells, function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    order.sort(function (a, b) { return (up ? by[a] - by[b] : by[b] - by[a]) || a - b; });
    filter();
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head) {
    if (!head.getAttribute("data-sort")) { return; }
    head.tabIndex = 0;
    head.addEventListener("click", function () { sort(head); });
    head.addEventListener("keydown", function (event) {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); sort(head); }
    });
  });

  /* The keyboard: rows in the frame, / for the search. */
  function go(to) {
    var old = doc.getElementById("row-" + here), head = table.tHead.offsetHeight;
    here = Math.max(0, Math.min(view.length - 1, to));
    if (old) { old.classList.remove("here"); }
    var top = here * height, seen = frame.clientHeight - head - height;
    if (top < frame.scrollTop) { frame.scrollTop = top; }
    if (top > frame.scrollTop + seen) { frame.scrollTop = top - seen; }
    look(here < drawn[0] || here >= drawn[1]);
    var row = doc.getElementById("row-" + here);
    if (row) { row.classList.add("here"); frame.setAttribute("aria-activedescendant", row.id); }
  }
  frame.addEventListener("keydown", function (event) {
    var page = Math.max(1, Math.floor(frame.clientHeight / height) - 5);
    var to = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + page, PageUp: here - page, Home: 0, End: view.length - 1 }[event.key];
    if (event.target !== frame || event.ctrlKey || event.altKey || !view.length) { return; }
    if (to !== undefined) { event.preventDefault(); go(to); }
    if (event.key === "Enter" && here >= 0 && columns.report[view[here]]) { location.href = address(columns.report[view[here]]); }
  });
  doc.addEventListener("keydown", function (event) {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); form.elements.text.focus(); }
  });

  /* What the sign under the pointer stands for; a click on a failure opens the report at its rule. */
  function column(cell, event) {
    return Math.floor((event.clientX - cell.getBoundingClientRect().left) / data.step);
  }
  table.addEventListener("mousemove", function (event) {
    var cell = event.target.closest("td.m");
    if (!cell || !cell.textContent) { return; }
    var at = column(cell, event), rule = data.rules[at];
    var meaning = data.meaning[columns.letters[cell.parentNode.book].charAt(at)];
    cell.title = rule ? rule[0] + " " + rule[1] + "：" + (meaning || "不适用") : "";
  });
  table.addEventListener("click", function (event) {
    var mark = event.target.closest("td.m b, td.m i, td.m s"), cell = event.target.closest("td.m");
    var report = cell && columns.report[cell.parentNode.book];
    if (mark && report) { location.href = address(report) + "#r-" + data.rules[column(cell, event)][0]; }
  });
  filter();
})();
