/* Tables of many rows: a search, and a choice of the columns of figures, "only where there are any". */
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
  function filtered(table) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows), heads = table.tHead.rows[0].cells;
    if (rows.length < least) { return; }
    var bar = doc.createElement("div"), columns = [];
    bar.className = "filters";
    var select = add(label(bar, "只看有"), "select"), search = add(label(bar, "查找"), "input");
    search.type = "search";
    add(select, "option", "全部");
    Array.prototype.forEach.call(heads, function (head, at) {
      if (head.className !== "figure" || !rows.some(function (row) { return row.cells[at].textContent !== ""; })) { return; }
      columns.push(at);
      add(select, "option", head.textContent);
    });
    if (!columns.length) { select.parentNode.hidden = true; }
    var told = add(bar, "span");
    told.className = "count";
    table.parentNode.insertBefore(bar, table);

    function look() {
      var at = columns[select.selectedIndex - 1], left = 0;
      var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      rows.forEach(function (row) {
        var text = row.textContent.toLowerCase();
        var fits = (at === undefined || row.cells[at].textContent !== "") &&
          words.every(function (word) { return text.indexOf(word) >= 0; });
        row.hidden = !fits;
        left += fits ? 1 : 0;
      });
      told.textContent = left === rows.length ? "" : "显示 " + left + " / " + rows.length + " 行";
    }
    select.addEventListener("change", look);
    search.addEventListener("input", look);
  }
  Array.prototype.forEach.call(doc.querySelectorAll("table.told"), filtered);
})();
