/* The pane beside the sheet: what was found in the current workbook, each with a button that leads to its cell. */
(function () {
  "use strict";
  var PREFIX = "xltool:", EACH = 1000;
  var KEYS = { "不合格": "fail", "未完成审核": "partial", "合格": "pass" };
  var app = window.Application || window.wps.EtApplication(), book = Xltool.book(app), round = null;
  var byId = function (id) { return document.getElementById(id); };

  function look() {
    var storage = app.PluginStorage, key = storage.getItem(PREFIX + "current");
    var now = key + " " + storage.getItem(PREFIX + "round");
    if (now === round) { return; }
    round = now;
    var text = key ? storage.getItem(PREFIX + key) : null;
    draw(key, text ? JSON.parse(text) : null);
  }
  function line(id, text) { byId(id).textContent = text; byId(id).hidden = !text; }
  function draw(key, result) {
    byId("problems").textContent = "";
    byId("open").textContent = "";
    byId("openHead").hidden = !result || !result.open.length;
    line("file", result ? result.file : "");
    line("verdict", result ? result.verdict : "还没有校验");
    byId("verdict").className = result ? KEYS[result.verdict] : "";
    line("refused", result && result.refused.length ? "受保护，没有标记：" + result.refused.join("、") : "");
    line("more", result && result.more ? "另有 " + result.more + " 处，见本机页面的报告" : "");
    if (!result) { return; }
    result.problems.forEach(function (problem) { byId("problems").appendChild(item(key, problem)); });
    result.open.forEach(function (text) {
      byId("open").appendChild(document.createElement("li")).textContent = text;
    });
  }
  function item(key, problem) {
    var node = document.createElement("li"), parts = problem.cell.split("!");
    var cell = parts.pop(), sheet = parts.join("!") || problem.sheet;
    node.className = problem.level;
    if (cell) {
      var button = node.appendChild(document.createElement("button"));
      button.type = "button";
      button.textContent = sheet + " " + cell;
      button.addEventListener("click", function () { lead(key, sheet, cell); });
    }
    if (problem.hint) { text(node, "span", "hint", problem.hint); }
    problem.told.forEach(function (one) {
      text(text(node, "span", "told", one.message + " "), "span", "rule", one.rule);
    });
    return node;
  }
  function text(parent, tag, name, words) {
    var node = parent.appendChild(document.createElement(tag));
    node.className = name;
    node.appendChild(document.createTextNode(words));
    return node;
  }
  function lead(key, sheet, cell) {
    for (var n = 1; n <= app.Workbooks.Count; n += 1) {
      var open = app.Workbooks.Item(n);
      if (open.FullName === key) {
        if (!book.go(open, sheet, cell)) { window.alert("工作表“" + sheet + "”是隐藏的，或已经删除。"); }
        return;
      }
    }
    window.alert("这本工作簿已经关闭。");
  }
  look();
  setInterval(look, EACH);
})();
