/* Forms of one's own: what was recognised in a workbook, the questions, the edition to keep. */
window.xltoolForms = function (page) {
  "use strict";
  var byId = function (id) { return document.getElementById(id); };
  var open = {};     /* id of an upload -> what is known of its form; {} while it is asked for */
  var current = "";  /* the upload whose form is shown */

  function element(tag, name, text) {
    var node = document.createElement(tag);
    if (name) { node.className = name; }
    if (text) { node.textContent = text; }
    return node;
  }
  function can(row) {
    return !!row.upload && /\.xls[xm]?$/i.test(row.upload.name) && (row.state === "done" || row.state === "failed") &&
      (row.upload.kind === "book" || row.upload.kind === "spreadsheet");
  }
  function isOpen(row) { return !!row && !!row.upload && !!open[row.upload.id]; }
  function address(upload) { return page.root + "/uploads/" + upload + "/form"; }

  /* --- the button, and the part of the page that it opens ------------------------------------------ */
  function action(row, box, redraw) {
    var button = element("button", "button", row.part ? "做成自己的版本…" : "这是决算表样，做成自己的版本…");
    button.type = "button";
    button.id = "own-open";
    button.addEventListener("click", function () {
      var upload = row.upload.id, stem = row.upload.name.replace(/\.[^.]*$/, "");
      if (!open[upload]) {
        open[upload] = { id: stem.replace(/[\\/:*?"<>|\s]/g, "").slice(0, 40), name: stem.slice(0, 60), waiting: true };
        make(upload, {});
      }
      redraw();
      byId("own").scrollIntoView();
    });
    box.appendChild(button);
  }
  function shown(row) {
    var upload = isOpen(row) ? row.upload.id : "";
    byId("own").hidden = !upload;
    byId("shown").classList.toggle("asking", !!upload);
    if (upload === current) { return; }
    current = upload;
    if (upload) { draw(open[upload]); }
  }
  byId("own-close").addEventListener("click", function () {
    delete open[current];
    page.again();
  });

  /* --- asking ---------------------------------------------------------------------------------------- */
  function make(upload, answers, then) {
    var form = open[upload];
    form.waiting = true;
    if (upload === current) { draw(form); }
    var body = JSON.stringify({ id: form.id, name: form.name, answers: answers });
    page.ask("POST", address(upload), body).then(function (told) {
      form.told = told;
      form.kept = "";
      form.round = (form.round || 0) + 1;
    }, function (error) {
      form.told = { problems: [error.message] };
    }).then(function () {
      form.waiting = false;
      if (upload === current) { draw(form); }
      if (then && form.told.proved) { then(); }
    });
  }
  /* What a person has typed and chosen, and whether it differs from what was last read. */
  function said() {
    var fields = byId("own-form").elements, answers = {};
    Array.prototype.forEach.call(byId("own-questions").querySelectorAll("fieldset"), function (box) {
      var input = box.querySelector("input[type=text]"), picked = box.querySelector("input:checked");
      answers[box.getAttribute("data-question")] = input ? input.value.trim() : picked ? picked.value : "";
    });
    return { id: fields.id.value.trim(), name: fields.name.value.trim(), answers: answers };
  }
  function differs(form, now) {
    return now.id !== form.id || now.name !== form.name || ((form.told || {}).questions || []).some(function (question) {
      return now.answers[question.id] !== question.answer;
    });
  }
  function read(form, now, then) {
    form.id = now.id;
    form.name = now.name;
    make(current, now.answers, then);
  }
  byId("own-form").addEventListener("submit", function (event) {
    event.preventDefault();
    if (open[current] && !open[current].waiting) { read(open[current], said()); }
  });
  byId("own-form").addEventListener("input", changed);
  byId("own-form").addEventListener("change", changed);
  function changed() {
    var form = open[current], now = form && !form.waiting && said();
    if (!now || !differs(form, now)) { return; }
    form.kept = "";
    byId("own-folder").hidden = true;  /* it holds what was read before */
    byId("own-keep").disabled = !(form.told && form.told.proved);
  }
  byId("own-keep").addEventListener("click", function () {
    var upload = current, form = open[upload], now = said();
    if (differs(form, now)) { read(form, now, function () { keep(upload, false); }); } else { keep(upload, false); }
  });
  function keep(upload, replace) {
    var form = open[upload];
    page.ask("POST", address(upload) + "/keep" + (replace ? "?replace=1" : "")).then(function (told) {
      if (told.there && !replace) {
        if (window.confirm("这台电脑上已经有版本“" + form.told.id + "”，换成这一份？")) { keep(upload, true); }
        return;
      }
      form.kept = told.problems.length ? "" : "已存到这台电脑（版本号 " + form.told.id + "）。同样的工作簿以后放进来就认得；要填报，在最上面“版本”里选“" + (form.told.name || form.told.id) + "（本机）”。";
      if (told.problems.length) { page.notice(told.problems.join("；")); }
      if (upload === current) { draw(form); }
      if (form.kept) { page.editions().then(page.again); }
    }).then(null, function (error) { page.notice(error.message); });
  }

  /* --- drawing --------------------------------------------------------------------------------------- */
  function draw(form) {
    var told = form.told || {}, problems = told.problems || [], questions = told.questions || [];
    var left = questions.filter(function (question) { return !question.answer; }).length;
    byId("own-form").elements.id.value = form.id;
    byId("own-form").elements.name.value = form.name;
    state(form, told, problems, left);
    list(byId("own-notes"), form.waiting ? [] : told.notes || []);
    rules(byId("own-rules"), form.waiting ? [] : told.rules || []);
    var box = byId("own-questions");
    box.textContent = "";
    questions.forEach(function (question, n) { box.appendChild(ask(question, n)); });
    byId("own-keep").disabled = form.waiting || !told.proved || !!form.kept;
    Array.prototype.forEach.call(byId("own-form").querySelectorAll("[type=submit]"), function (b) { b.disabled = form.waiting; });
    var folder = byId("own-folder"), made = !form.waiting && !!told.tables;
    folder.hidden = !made || !told.proved;
    folder.href = made ? address(current) + "/folder" : "#";
    folder.setAttribute("download", made ? told.id + ".zip" : "");
    picture(made ? address(current) + "/picture?round=" + form.round : "");
  }
  function rules(box, lines) {
    box.hidden = !lines.length;
    box.querySelector("summary").textContent = "这份表样不审哪些自带规则，另有哪些规则（" + lines.length + " 条，写在版本的 rules.yaml 里）";
    list(box.querySelector("ul"), lines);
  }
  function state(form, told, problems, left) {
    var node = byId("own-state"), text, kind = "";
    if (form.waiting) {
      text = "正在认表、试填，要几秒到半分钟……";
    } else if (problems.length) {
      text = problems.join("\n");
      kind = "bad";
    } else if (form.kept) {
      text = form.kept;
      kind = "good";
    } else {
      text = "认出 " + told.tables.length + " 张表。" +
        (told.proved ? "试填了 " + told.proved + " 个数，读回来个个相等，可以存了。规则用“" + told.near + "”的。" : "还不能用：" + told.faults.join("；") + "。") +
        (left ? "有 " + left + " 处认不准，" + (told.proved ? "答了更全，不答那几处就不填不读。" : "先回答下面的问题。") : "");
      kind = told.proved ? "good" : "";
    }
    node.className = "state " + kind;
    node.textContent = text;
  }
  function list(node, texts) {
    node.textContent = "";
    texts.forEach(function (text) { node.appendChild(element("li", "", text)); });
  }
  function ask(question, n) {
    var box = element("fieldset", question.answer ? "answered" : "");
    box.setAttribute("data-question", question.id);
    box.appendChild(element("legend", "", question.ask));
    box.appendChild(element("span", "place", question.where));
    if (question.free) {
      var label = element("label", ""), input = element("input");
      input.type = "text";
      input.size = 8;
      input.value = question.answer;
      label.appendChild(input);
      box.appendChild(label);
      return box;
    }
    question.choices.forEach(function (choice) { option(box, n, choice.text, choice.text, choice.reason, question.answer); });
    option(box, n, "", "先不答", "", question.answer);
    return box;
  }
  function option(box, n, value, text, reason, answer) {
    var label = element("label", ""), input = element("input");
    input.type = "radio";
    input.name = "question" + n;
    input.value = value;
    input.checked = value === answer;
    label.appendChild(input);
    label.appendChild(document.createTextNode(text));
    if (reason) { label.appendChild(element("span", "reason", "（" + reason + "）")); }
    box.appendChild(label);
  }
  function picture(address) {
    var frame = byId("own-picture");
    if ((frame.getAttribute("data-now") || "") === address) { return; }
    frame.setAttribute("data-now", address);
    frame.hidden = !address;
    var fresh = frame.cloneNode(false);
    if (address) { fresh.src = address; } else { fresh.removeAttribute("src"); }
    frame.parentNode.replaceChild(fresh, frame);
  }
  return { can: can, isOpen: isOpen, action: action, shown: shown };
};
