/* The page is complete without this script; it filters, sorts, and tells what a sign stands for. */
(function () {
  "use strict";
  var doc = document, table = doc.getElementById("books");
  if (!table) { return; }
  var data = JSON.parse(doc.getElementById("data").textContent);
  var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
  var form = doc.getElementById("filters"), shown = doc.getElementById("shown");
  form.hidden = false;

  /* What a row holds, taken from it when it is first asked for. */
  var items = rows.map(function (row, n) { return { row: row, at: n, verdict: row.cells[1].textContent, text: null, signs: null }; });
  items.forEach(function (item) { item.row.holds = item; });
  function text(item) {
    if (item.text === null) { item.text = (item.row.cells[0].title + " " + item.row.cells[0].textContent).toLowerCase(); }
    return item.text;
  }
  function cell(row) { return row.cells[row.cells.length - 1]; }
  function signs(item) {
    if (item.signs === null) {
      item.signs = [];
      Array.prototype.forEach.call(cell(item.row).childNodes, function (node) {
        var tag = node.nodeType === 1 ? node.tagName.toLowerCase() : "";
        node.textContent.split("").forEach(function (sign) { item.signs.push(tag + sign); });
      });
    }
    return item.signs;
  }

  function filter() {
    var verdicts = {}, count = 0;
    Array.prototype.forEach.call(form.elements.verdict, function (box) { verdicts[box.value] = box.checked; });
    var rule = form.elements.rule.value, wanted = form.elements.outcome.value.split(" ");
    var change = form.elements.change ? form.elements.change.value : "";
    var words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    items.forEach(function (item) {
      var fits = verdicts[item.verdict] &&
        (rule === "" || wanted.indexOf(signs(item)[+rule]) >= 0) &&
        changed(item.row, change) &&
        words.every(function (word) { return text(item).indexOf(word) >= 0; });
      item.row.hidden = !fits;
      if (fits) { count += 1; }
    });
    shown.textContent = count === items.length ? "" : "显示 " + count + " / " + items.length + " 份";
    Array.prototype.forEach.call(table.querySelectorAll(".rules a"), function (link, n) {
      link.classList.toggle("chosen", rule !== "" && n === +rule);
    });
  }
  function changed(row, change) {
    var first = row.querySelector(".first");
    if (change === "") { return true; }
    if (change === "new" || first) { return change === "new" && !!first; }
    return row.cells[6 + +change].textContent !== "";
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
    data.rules.forEach(function (rule, n) { if (rule[0] === link.getAttribute("data-rule")) { found = String(n); } });
    select.value = link.closest("thead") && select.value === found ? "" : found;
    filter();
    if (link.closest("thead")) { event.preventDefault(); }
  });

  /* Sorting: as it came is the worst first. */
  var ranks = { "不合格": 0, "未完成审核": 1, "合格": 2, "没有交": 3, "没能读取": 4 };
  function key(item, column, kind) {
    var cell = item.row.cells[column], value = cell && cell.colSpan === 1 ? cell.textContent : "";
    if (kind === "text") { return value; }
    return kind === "verdict" ? ranks[value] : +value || 0;
  }
  function sort(head) {
    var kind = head.getAttribute("data-sort"), column = head.cellIndex, before = head.getAttribute("aria-sort");
    var up = before ? before === "descending" : kind !== "number";
    Array.prototype.forEach.call(head.parentNode.cells, function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    var keyed = items.map(function (item) { return { item: item, key: key(item, column, kind) }; });
    keyed.sort(function (a, b) {
      var order = kind === "text" ? a.key.localeCompare(b.key, "zh") : a.key - b.key;
      return (up ? order : -order) || a.item.at - b.item.at;
    });
    var all = doc.createDocumentFragment();
    keyed.forEach(function (entry) { all.appendChild(entry.item.row); });
    body.appendChild(all);
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head) {
    if (!head.getAttribute("data-sort")) { return; }
    head.tabIndex = 0;
    head.addEventListener("click", function () { sort(head); });
    head.addEventListener("keydown", function (event) { if (event.key === "Enter") { sort(head); } });
  });

  /* What the sign under the pointer stands for; a click on a failure opens the report at its rule. */
  function column(cell, event) {
    return Math.floor((event.clientX - cell.getBoundingClientRect().left) / data.step);
  }
  table.addEventListener("mousemove", function (event) {
    var cell = event.target.closest("td.m");
    if (!cell || !cell.textContent) { return; }
    var n = column(cell, event), rule = data.rules[n];
    var meaning = data.meaning[signs(cell.parentNode.holds)[n]];
    cell.title = rule ? rule[0] + " " + rule[1] + "：" + (meaning || "不适用") : "";
  });
  table.addEventListener("click", function (event) {
    var mark = event.target.closest("td.m b, td.m i, td.m s"), cell = event.target.closest("td.m");
    var link = cell && cell.parentNode.cells[0].querySelector("a");
    if (mark && link) { location.href = link.getAttribute("href") + "#r-" + data.rules[column(cell, event)][0]; }
  });
})();
