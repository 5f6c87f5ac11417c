/* The page is complete without this script; it folds, filters, and opens what a link or the printer needs. */
(function () {
  "use strict";
  var doc = document;
  function all(selector, within) {
    return Array.prototype.slice.call((within || doc).querySelectorAll(selector));
  }
  function each(selector, act) { all(selector).forEach(act); }

  each("details.fold", function (d) { d.open = false; });

  /* What is folded around the target of a link opens. */
  function reveal(id) {
    var target = id && doc.getElementById(id);
    if (!target) { return; }
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
      if (node.classList.contains("out")) { node.classList.remove("out"); }
    }
    target.scrollIntoView({ block: target.closest(".grid") ? "center" : "start", inline: "nearest" });
  }
  function here() {
    try { return decodeURIComponent(location.hash.slice(1)); } catch (e) { return ""; }
  }
  window.addEventListener("hashchange", function () { reveal(here()); });
  doc.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[href^='#']") : null;
    if (link && link.getAttribute("href") === location.hash) { reveal(here()); }
  });

  /* For the printer what carries a failure and the 尾差 open, and close again afterwards. */
  var opened = [];
  window.addEventListener("beforeprint", function () {
    each("details[data-print]", function (d) {
      if (!d.open) { d.open = true; opened.push(d); }
    });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (d) { d.open = false; });
    opened = [];
  });

  var unfold = doc.getElementById("unfold");
  unfold.hidden = false;
  unfold.addEventListener("click", function () {
    var open = unfold.textContent === "全部展开";
    each("details.table", function (d) { d.open = open; });
    unfold.textContent = open ? "全部收起" : "全部展开";
  });

  var form = doc.getElementById("filters");
  form.hidden = false;
  function checked(name) {
    var values = {};
    all("input[name=" + name + "]", form).forEach(function (box) { values[box.value] = box.checked; });
    return values;
  }
  var items = all(".item").map(function (node) {
    return { node: node, data: node.dataset, text: null };
  });
  function text(item) {
    if (item.text === null) { item.text = item.node.textContent.toLowerCase(); }
    return item.text;
  }
  function fits(item, want) {
    var data = item.data;
    if (data.level && want.level[data.level] === false) { return false; }
    if (data.outcome && want.outcome[data.outcome] === false) { return false; }
    if (want.table && (" " + data.tables + " ").indexOf(" " + want.table + " ") < 0) { return false; }
    return !want.text || text(item).indexOf(want.text) >= 0;
  }
  function apply() {
    var want = {
      level: checked("level"), outcome: checked("outcome"),
      table: form.elements.table.value, text: form.elements.text.value.trim().toLowerCase()
    };
    var shown = {}, total = {};
    items.forEach(function (item) {
      var fit = fits(item, want), kind = item.data.kind === "note" ? item.data.outcome : item.data.kind;
      item.node.classList.toggle("out", !fit);
      total[kind] = (total[kind] || 0) + 1;
      shown[kind] = (shown[kind] || 0) + (fit ? 1 : 0);
    });
    each(".ledger .group", function (row) {
      row.classList.toggle("out", !row.parentNode.querySelector(".item:not(.out)"));
    });
    each("[data-count]", function (count) {
      var kind = count.getAttribute("data-count"), of = total[kind] || 0;
      count.textContent = !of ? "无" : shown[kind] === of ? of : shown[kind] + " / " + of;
    });
    doc.getElementById("found").textContent =
      "显示问题 " + (shown.problem || 0) + " / " + (total.problem || 0) +
      "，规则 " + (shown.rule || 0) + " / " + (total.rule || 0);
  }
  form.addEventListener("change", apply);
  form.addEventListener("input", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  apply();
  if (location.hash) { reveal(here()); }
})();
