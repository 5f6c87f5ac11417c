/* The buttons. Everything here carries between the workbook (book.js) and the server (client.js). */
var Xltool = Xltool || {};

(function () {
  "use strict";
  var PREFIX = "xltool:", PANE = "xltool-pane", SHOWN = 300;

  /* `app`: Application of WPS. `say(text)`: shows a message. `home`: the add-in's own folder as URL, with a slash. */
  Xltool.addin = function (app, client, say, home) {
    var book = Xltool.book(app), working = false, at = {};

    function active() {
      var found = app.ActiveWorkbook;
      if (!found) { throw new Error("没有打开的工作簿。"); }
      return found;
    }
    function named(key) {
      for (var n = 1; n <= app.Workbooks.Count; n += 1) {
        if (app.Workbooks.Item(n).FullName === key) { return app.Workbooks.Item(n); }
      }
      return null;
    }
    function status(text) { app.StatusBar = text || false; }

    /* --- 校验 ---------------------------------------------------------------------------------------- */
    function validate() {
      if (working) { say("上一次校验还没有做完，请稍等。"); return; }
      var open = active(), key = open.FullName;
      working = true;
      status("正在校验……");
      try {
        client.validate(open.Name, book.bytes(open), function (error, answer) {
          working = false;
          guarded(function () {
            status("");
            if (error) { throw error; }
            received(key, answer);
          });
        });
      } catch (error) {
        working = false;
        status("");
        throw error;
      }
    }
    function received(key, answer) {
      var open = named(key);
      if (!open) { throw new Error("校验完了，但工作簿已经关闭或另存为别的名字，没有标记。"); }
      var refused = book.mark(open, answer.marks);
      at[key] = -1;
      store(key, brief(answer, book.ordered(open, answer.marks), refused));
      if (refused.length) { say("这些工作表受保护，没有标记：" + refused.join("、") + "。结果照样列在“审核结果”里。"); }
      if (!show()) { say(answer.verdict + "。有问题的单元格已标上颜色，按“下一处问题”逐处看。"); }
    }
    /* What the pane shows, without what it does not need. */
    function brief(answer, marks, refused) {
      var problems = together(answer.findings.filter(function (f) {
        return f.outcome === "不符" && !((f.level === "warning" || f.confirm) && f.explanation);
      }));
      return {
        file: answer.file, verdict: answer.verdict, refused: refused, marks: marks, more: Math.max(0, problems.length - SHOWN),
        open: answer.ledger.rules.filter(function (r) { return r.blocks; })
          .map(function (r) { return r.rule + " " + r.name + (r.reason ? "：" + r.reason : ""); }),
        problems: problems.slice(0, SHOWN)
      };
    }
    /* Findings of one cause as one problem, with its advice once. */
    function together(findings) {
      var found = [], causes = {};
      findings.forEach(function (f) {
        var problem = f.group ? causes[f.group] : null;
        if (!problem) {
          problem = { level: f.level, hint: f.hint, sheet: f.sheet, cell: f.suspect || f.cells[0] || "", told: [] };
          found.push(problem);
          if (f.group) { causes[f.group] = problem; }
        }
        problem.told.push({ rule: f.rule, message: f.message });
      });
      return found;
    }

    /* --- what was found, for all pages of the add-in --------------------------------------------------- */
    function store(key, result) {
      app.PluginStorage.setItem(PREFIX + key, JSON.stringify(result));
      app.PluginStorage.setItem(PREFIX + "current", key);
      app.PluginStorage.setItem(PREFIX + "round", String(Date.now()));
    }
    function stored(key) {
      var text = app.PluginStorage.getItem(PREFIX + key);
      return text ? JSON.parse(text) : null;
    }

    /* --- 审核结果… ------------------------------------------------------------------------------------- */
    /* Shows the pane; false when this WPS has none. */
    function show() {
      var id = app.PluginStorage.getItem(PANE), pane = null;
      if (id) { try { pane = paneBy("GetTaskPane", "GetTaskpane", id); } catch (error) { pane = null; } }
      if (!pane) {
        try { pane = paneBy("CreateTaskPane", "CreateTaskpane", home + "results.html"); } catch (error) { return false; }
        if (!pane) { return false; }
        app.PluginStorage.setItem(PANE, pane.ID);
      }
      pane.Visible = true;
      return true;
    }
    /* The documents of WPS spell these names in two ways. */
    function paneBy(name, other, argument) {
      if (name in app) { return app[name](argument); }
      return other in app ? app[other](argument) : null;
    }
    function result() {
      var open = active();
      if (!stored(open.FullName)) { say("这本工作簿还没有校验。请先按“校验”。"); return; }
      app.PluginStorage.setItem(PREFIX + "current", open.FullName);
      if (!show()) { say("这个版本的 WPS 不能显示任务窗格。请按“下一处问题”逐处看。"); }
    }

    /* --- 下一处问题 -------------------------------------------------------------------------------------- */
    function next() {
      var open = active(), found = stored(open.FullName);
      if (!found) { say("这本工作簿还没有校验。请先按“校验”。"); return; }
      if (!found.marks.length) { say(found.verdict + "，没有标记的单元格。" + (found.open.length ? "没能审核的规则见“审核结果”。" : "")); return; }
      var key = open.FullName, from = key in at ? at[key] : -1;
      for (var step = 1; step <= found.marks.length; step += 1) {
        var n = (from + step) % found.marks.length, mark = found.marks[n];
        if (!book.go(open, mark.sheet, mark.cell)) { continue; }
        at[key] = n;
        status((n + 1) + "/" + found.marks.length + "　" + mark.note.split("\n")[0]);
        app.PluginStorage.setItem(PREFIX + "cell", mark.sheet + "!" + mark.cell);
        return;
      }
      say("有问题的工作表都是隐藏的。取消隐藏后再按。");
    }

    /* --- 清除标记 ---------------------------------------------------------------------------------------- */
    function clear() {
      var open = active(), refused = book.clear(open);
      app.PluginStorage.removeItem(PREFIX + open.FullName);
      app.PluginStorage.setItem(PREFIX + "round", String(Date.now()));
      delete at[open.FullName];
      status("");
      if (refused.length) { say("这些工作表受保护，标记还在：" + refused.join("、") + "。撤销保护后再按“清除标记”。"); }
    }

    /* --- from the ribbon and the pane --------------------------------------------------------------------- */
    function guarded(act) {
      try { act(); } catch (error) { say("没有做成：" + (error && error.message ? error.message : error)); }
    }
    var actions = { xltoolValidate: validate, xltoolNext: next, xltoolResult: result, xltoolClear: clear };
    return {
      actions: Object.keys(actions),
      run: function (id) { guarded(actions[id]); }
    };
  };

  /* What the ribbon calls by name. */
  if (typeof window !== "undefined") {
    var addin = null;
    var started = function () {
      if (!addin) {
        var app = window.Application || window.wps.EtApplication();
        var client = Xltool.client(app.FileSystem, window.XltoolSettings.address, window.XMLHttpRequest);
        addin = Xltool.addin(app, client, function (text) { window.alert(text); }, window.location.href.replace(/[^\/]*$/, ""));
      }
      return addin;
    };
    window.XltoolLoad = function () { return true; };
    window.XltoolAction = function (control) { started().run(control.Id); return true; };
    window.XltoolImage = function (control) { return "images/" + control.Id + ".svg"; };
  }
})();
