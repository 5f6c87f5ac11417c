/* One unit: what it handed in, each finding with what can be done about it, notes, waivers; and the log. */
window.season = (function () {
  "use strict";
  var doc = document, season = {};
  function add(parent, tag, text, css) {
    var made = doc.createElement(tag);
    if (css) { made.className = css; }
    if (text !== "" && text !== null && text !== undefined) { made.appendChild(doc.createTextNode(text)); }
    parent.appendChild(made);
    return made;
  }
  season.add = add;
  function button(parent, text, act) { add(parent, "button", text).addEventListener("click", act); }
  function words() { return Array.prototype.filter.call(arguments, Boolean).join("　"); }
  var looks = { "新增": "bad", "仍未改正": "bad", "未能核对": "doubt", "已说明": "doubt", "豁免": "good", "已改正": "good" };

  /* A small form in place of the button that asked for it. */
  function ask(item, label, dated, send) {
    Array.prototype.forEach.call(doc.querySelectorAll(".ask"), function (old) { old.parentNode.removeChild(old); });
    var form = add(item, "form", "", "ask"), text, until;
    add(form, "label", label);
    text = add(form, "textarea", "");
    text.rows = 2;
    text.maxLength = 2000;
    if (dated) {
      add(form, "label", "到哪一天（不写就一直有效）");
      until = add(form, "input", "");
      until.type = "date";
    }
    add(form, "button", "确定");
    button(form, "取消", function (event) { event.preventDefault(); item.removeChild(form); });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      send(text.value, until ? until.value : "", function () { if (form.parentNode) { item.removeChild(form); } });
    });
    text.focus();
  }
  function files(item, told) {
    ["报告", "标注本"].forEach(function (kind) {
      var link = add(item, "a", kind);
      var path = "api/season/files/" + told["报送"] + "/" + encodeURIComponent(kind);
      link.setAttribute("href", path);
      link.addEventListener("click", function (event) { event.preventDefault(); season.save(path); });
      item.appendChild(doc.createTextNode(" "));
    });
  }
  function submission(list, told) {
    var item = add(list, "li", "");
    add(item, "span", told["有效"] ? "有效" : "", "mark good");
    add(item, "span", words("第" + told["轮次"] + "轮", told["种类"], told["结论"] || "没能读取", told["文件"]));
    add(item, "div", told["有效"] ? told["说法"] : words(told["说法"], told["原因"]), "quiet");
    if (told["读取"] === "失败") { return; }
    files(item, told);
    if (!told["有效"]) {
      button(item, "以这一份为准", function () { season.change("/use", { file: told["文件"] }); });
    }
  }
  function finding(list, unit, told, waivable) {
    var item = add(list, "li", "");
    add(item, "span", told["状态"], "mark " + (looks[told["状态"]] || ""));
    add(item, "span", words(told["规则"], told["级别"], told["工作表"] || told["表"], told["单元格"] || told["位置"]));
    add(item, "div", told["内容"]);
    if (told["提示"]) { add(item, "div", told["提示"], "quiet"); }
    if (told["说明"]) { add(item, "div", "单位的说明：" + told["说明"]); }
    add(item, "div", "第" + told["首见"] + "轮首见，第" + told["自"] + "轮起是现在的状态", "quiet");
    button(item, "批注", function () {
      ask(item, "批注", false, function (text, until, done) {
        season.change("/notes", { unit: unit, finding: told["问题"], text: text }, done);
      });
    });
    if (waivable) {
      button(item, "豁免…", function () {
        ask(item, "豁免的理由（数变了豁免就失效）", true, function (text, until, done) {
          season.change("/waivers", { unit: unit, finding: told["问题"], why: text, until: until }, done);
        });
      });
    }
  }
  function note(list, told) {
    var item = add(list, "li", told["内容"]);
    add(item, "div", words(told["何人"], told["何时"], told["规则"], told["位置"]), "quiet");
  }
  function waiver(list, told) {
    var item = add(list, "li", told["理由"]);
    add(item, "div", words(told["规则"], told["表"], told["位置"], told["何人"], told["何时"], told["到期"] && "到 " + told["到期"]), "quiet");
    if (told["撤销"]) { add(item, "div", "已于 " + told["撤销"] + " 撤销", "quiet"); return; }
    button(item, "撤销", function () { season.change("/waivers/end", { waiver: told["豁免"] }); });
  }
  function section(parent, title, rows, draw) {
    if (!rows.length) { return; }
    add(parent, "h3", title + "（" + rows.length + "）");
    var list = add(parent, "ul", "");
    rows.forEach(function (row) { draw(list, row); });
  }

  season.draw = function (place, told, states) {
    var top = place.scrollTop;
    place.textContent = "";
    add(place, "h2", told.name);
    add(place, "p", words(told.department, told.contact && "联系人 " + told.contact), "quiet");
    button(place, "批注这个单位", function () {
      ask(place.querySelector("p"), "批注", false, function (text, until, done) {
        season.change("/notes", { unit: told.unit, text: text }, done);
      });
    });
    section(place, "批注", told.notes, note);
    var sorted = told.findings.slice().sort(function (a, b) { return states.indexOf(a["状态"]) - states.indexOf(b["状态"]); });
    section(place, "问题", sorted, function (list, row) {
      finding(list, told.unit, row, ["已改正", "豁免"].indexOf(row["状态"]) < 0);
    });
    section(place, "豁免", told.waivers, waiver);
    section(place, "报送", told.submissions, submission);
    place.scrollTop = top;
  };
  season.drawLog = function (place, rows) {
    place.textContent = "";
    add(place, "h2", "日志");
    add(place, "p", "最近 " + rows.length + " 条；姓名是审核人自己写的，后面是这台电脑的用户", "quiet");
    var table = add(add(place, "table", "", "logs"), "tbody", "");
    rows.forEach(function (row) {
      var line = add(table, "tr", "");
      [row["何时"], row["何人"], row["系统用户"], row["做了什么"], row["内容"]].forEach(function (text) { add(line, "td", text); });
    });
  };
  return season;
})();
