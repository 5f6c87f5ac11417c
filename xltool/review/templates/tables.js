/* Tables of many rows: a search, and a choice of the columns of figures, "only where there are any". What is looked
   through is all rows; of those that are no elements of the page the first that fit are drawn. */
(function () {
  "use strict";
  var doc = document, least = 8;

  function add(parent, tag, text) {
    var made = doc.createElement(tag);
    if (text) { made.appendChild(doc.createTextNode(text)); }
    parent.appendChild(made);
    return made;
  }
  function label(bar, words) {
    var made = add(bar, "label", words + " ");
    made.className = "pick";
    return made;
  }
  function address(path) { return path.split("/").map(encodeURIComponent).join("/"); }
  function words(value) { return typeof value === "string" ? value : value[0]; }

  function filtered(table) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows), heads = table.tHead.rows[0].cells;
    if (rows.length < least) { return; }
    var source = doc.getElementById(table.getAttribute("data-rest")), rest = null, drawn = [];
    var bar = doc.createElement("div"), columns = [];
    bar.className = "filters";
    var select = add(label(bar, "只看有"), "select"), search = add(label(bar, "查找"), "input");
    search.type = "search";
    add(select, "option", "全部");
    Array.prototype.forEach.call(heads, function (head, at) {
      if (head.className !== "figure") { return; }
      if (!source && !rows.some(function (row) { return row.cells[at].textContent !== ""; })) { return; }
      columns.push(at);
      add(select, "option", head.textContent);
    });
    if (!columns.length) { select.parentNode.hidden = true; }
    var told = add(bar, "span");
    told.className = "count";
    table.parentNode.insertBefore(bar, table);

    function draw(values) {
      var row = add(table.tBodies[0], "tr", "");
      values.forEach(function (value, at) {
        var cell = add(row, "td", typeof value === "string" ? value : "");
        cell.className = heads[at].className;
        if (typeof value !== "string") { add(cell, "a", value[0]).setAttribute("href", address(value[1])); }
      });
      drawn.push(row);
    }
    function look() {
      var at = columns[select.selectedIndex - 1], left = 0, seen = 0;
      var parts = search.value.toLowerCase().split(/\s+/).filter(Boolean), all = at === undefined && !parts.length;
      function fits(figure, text) {
        return (at === undefined || figure !== "") && parts.every(function (part) { return text.indexOf(part) >= 0; });
      }
      rows.forEach(function (row) {
        row.hidden = !fits(at === undefined ? "" : row.cells[at].textContent, row.textContent.toLowerCase());
        left += row.hidden ? 0 : 1;
      });
      seen = left;
      drawn.forEach(function (row) { row.parentNode.removeChild(row); });
      drawn = [];
      if (source && !all) {
        rest = rest || JSON.parse(source.textContent);
        rest.forEach(function (values) {
          if (!fits(at === undefined ? "" : words(values[at]), parts.length ? values.map(words).join("").toLowerCase() : "")) { return; }
          left += 1;
          if (seen < rows.length) { seen += 1; draw(values); }
        });
      }
      var whole = rows.length + (rest ? rest.length : 0);
      told.textContent = all ? "" : "显示 " + seen + " / " + whole + " 行" + (left > seen ? "，符合的有 " + left + " 行" : "");
    }
    select.addEventListener("change", look);
    search.addEventListener("input", look);
  }
  Array.prototype.forEach.call(doc.querySelectorAll("table.told"), filtered);
})();
