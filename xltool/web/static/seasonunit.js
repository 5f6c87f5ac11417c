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

  /* A small form below the button that asked for it: a text (or a unit), and a date or a tick where one is wanted. */
  function ask(item, label, more, send) {
    Array.prototype.forEach.call(doc.querySelectorAll(".ask"), function (old) { old.parentNode.removeChild(old); });
    var form = add(item, "form", "", "ask"), text, other;
    add(form, "label", label);
    text = add(form, more === "unit" ? "input" : "textarea", "");
    text.maxLength = 2000;
    if (more === "unit") { text.setAttribute("list", "names"); }
    if (more) {
      other = add(add(form, "label", { date: "到哪一天（不写就一直有效）", unit: "是清单里没有的新单位" }[more]), "input", "");
      other.type = { date: "date", unit: "checkbox" }[more];
    }
    add(form, "button", "确定");
    button(form, "取消", function (event) { event.preventDefault(); item.removeChild(form); });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      function done() { if (form.parentNode) { item.removeChild(form); } }
      send(text.value, done, other && (more === "unit" ? other.checked : other.value));
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
    if (told["读取"] !== "失败") { files(item, told); }
    if (told["读取"] !== "失败" && !told["有效"]) {
      button(item, "以这一份为准", function () { season.change("/use", { submission: told["报送"] }); });
    }
    owner(item, told, "是别的单位的…");
  }
  /* Whose it is, or that it is no submission. */
  function owner(item, told, title) {
    button(item, title, function () {
      ask(item, "单位编码或名称", "unit", function (text, done, fresh) {
        season.change("/give", { submission: told["报送"], unit: text, "new": fresh }, done);
      });
    });
    button(item, "不是报送…", function () {
      ask(item, "为什么不是报送（内容不变就不再问）", "", function (text, done) {
        season.change("/dismissals", { submission: told["报送"], why: text }, done);
      });
    });
  }
  function unassigned(list, told) {
    var item = add(list, "li", ""), read = told["读取"] !== "失败";
    add(item, "span", words("第" + told["轮次"] + "轮", told["文件"]));
    add(item, "div", words(read ? "表上：" + words(told["表上名称"], told["表上编码"], told["年度"]) : "没能读取：" + told["原因"]), "quiet");
    add(item, "div", told["说法"] || told["内容"]);
    if (read) { files(item, told); }
    if (told["归属"]) {
      button(item, "撤回，又算报送", function () { season.change("/dismissals/end", { submission: told["报送"] }); });
    } else { owner(item, told, "是哪个单位的…"); }
  }
  function finding(list, unit, told, waivable) {
    var item = add(list, "li", "");
    add(item, "span", told["状态"], "mark " + (looks[told["状态"]] || ""));
    add(item, "span", words(told["规则"], told["级别"], told["工作表"] || told["表"], told["单元格"] || told["位置"]));
    add(item, "div", told["内容"]);
    if (told["提示"]) { add(item, "div", told["提示"], "quiet"); }
    if (told["说明"]) { add(item, "div", "单位的说明：" + told["说明"]); }
    add(item, "div", "第" + told["首见"] + "轮首见，第" + told["自"] + "轮起是现在的状态" +
      (told["未核自"] ? "；第" + told["未核自"] + "轮起又交了，没有给上年的数或外部表，没有核对" : ""), "quiet");
    button(item, "批注", function () {
      ask(item, "批注", "", function (text, done) {
        season.change("/notes", { unit: unit, finding: told["问题"], text: text }, done);
      });
    });
    if (waivable) {
      button(item, "豁免…", function () {
        ask(item, "豁免的理由（数变了豁免就失效）", "date", function (text, done, until) {
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
    add(place, "h2", told.name);
    add(place, "p", words(told.department, told.contact && "联系人 " + told.contact), "quiet");
    button(place, "批注这个单位", function () {
      ask(place.querySelector("p"), "批注", "", function (text, done) {
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
  };
  season.drawUnassigned = function (place, rows) {
    add(place, "h2", "不知道是谁的");
    add(place, "p", "分不清的不猜，也不算进任何单位。认过的，内容相同，或名称和编码（没有编码的，名称和文件夹）都相同的，以后就认得。", "quiet");
    section(place, "待认定", rows.filter(function (row) { return !row["归属"]; }), unassigned);
    section(place, "不是报送", rows.filter(function (row) { return row["归属"]; }), unassigned);
  };
  season.drawLog = function (place, rows) {
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
