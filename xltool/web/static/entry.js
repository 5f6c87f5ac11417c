/* The clerk's way on the page: blank forms, assumptions, spreadsheets to import, copies to hand in. */
window.xltoolEntry = function (page) {
  "use strict";
  var byId = function (id) { return document.getElementById(id); };
  var MAKE = [["finish", "做上报稿"], ["clean", "清除标记"], ["checks", "加审核表"]];
  var MADE = { finished: "下载上报稿", receipt: "下载回执", cleaned: "下载清除标记的", checked: "下载带审核表的", changed: "下载改好的" };
  var IMPORTED = [["sheet", "还有数要填，下载填数表"], ["document", "下载数据文档"], ["trace", "下载来源对照"], ["mapping", "下载导入映射（下次用）"]];

  /* --- blank forms and assumptions --------------------------------------------------------------- */
  function editions(about) {
    var select = byId("blank-edition"), now = select.value;
    select.textContent = "";
    about.editions.forEach(function (edition) {
      var option = document.createElement("option");
      option.value = edition.id;
      option.textContent = page.editionName(edition);
      select.appendChild(option);
    });
    if (now) { select.value = now; }
    links();
  }
  function begin(about) {
    about.assumptions.forEach(function (entry) {
      var label = document.createElement("label"), box = document.createElement("input");
      box.type = "checkbox";
      box.value = entry.name;
      label.title = entry.words;
      label.appendChild(box);
      label.appendChild(document.createTextNode(entry.name));
      byId("assume").appendChild(label);
    });
  }
  function links() {
    Array.prototype.forEach.call(document.querySelectorAll("#blank a"), function (a) {
      a.href = page.root + "/new?edition=" + encodeURIComponent(byId("blank-edition").value) +
        "&kind=" + encodeURIComponent(a.getAttribute("data-kind"));
    });
  }
  function boxes() { return Array.prototype.slice.call(byId("assume").querySelectorAll("input")); }
  function told(answer) {
    boxes().forEach(function (box) { box.checked = answer.assume.indexOf(box.value) >= 0; });
  }
  byId("blank-edition").addEventListener("change", links);
  byId("blank-open").addEventListener("click", function () {
    var open = byId("blank").hidden;
    byId("blank").hidden = !open;
    this.setAttribute("aria-expanded", open ? "true" : "false");
    if (open) { byId("blank-edition").focus(); }
  });
  function assume(names) {
    boxes().forEach(function (box) { box.checked = box.checked || names.indexOf(box.value) >= 0; });
    byId("assume").dispatchEvent(new Event("change"));
  }
  byId("assume").addEventListener("change", function () {
    var query = boxes().filter(function (box) { return box.checked; }).map(function (box) {
      return "name=" + encodeURIComponent(box.value);
    }).join("&");
    page.ask("POST", page.root + "/assume?" + query).then(page.again, page.ignore);
  });

  /* --- spreadsheets ------------------------------------------------------------------------------- */
  function isImport(row) { return !!row.upload && row.upload.kind === "spreadsheet"; }
  function lines(row) {
    if (byId("change").getAttribute("data-now") !== key(row)) { byId("change").hidden = true; }
    var others = isImport(row) ? otherSheets(row) : [], list = byId("lines"), form = byId("answers");
    var now = isImport(row) ? row.upload.id + row.upload.round + others.map(function (u) { return u.id; }).join() : "";
    if (list.getAttribute("data-now") === now) { return; }
    list.setAttribute("data-now", now);
    list.textContent = "";
    form.hidden = !now;
    list.hidden = !now;
    if (!now) { return; }
    row.upload.lines.forEach(function (text) {
      var item = document.createElement("li");
      item.textContent = text;
      list.appendChild(item);
    });
    form.elements.name.value = row.upload.answers["单位名称"] || "";
    form.elements.year.value = row.upload.answers["年度"] || "";
    form.elements.unit.value = row.upload.answers["金额单位"] || "";
    form.elements.fixes.value = (row.upload.answers["改"] || "").split("\n").filter(Boolean).join("；");
    form.setAttribute("data-upload", row.upload.id);
    together(row, others);
    columns(row.upload);
  }
  /* Income in one file, spending in another: ticked ones are read together with this one. */
  function otherSheets(row) {
    return page.uploads().filter(function (u) { return u.kind === "spreadsheet" && u.id !== row.upload.id; });
  }
  function together(row, others) {
    var box = byId("together");
    box.textContent = others.length ? "和这些文件一起读：" : "";
    others.forEach(function (other) {
      var label = box.appendChild(document.createElement("label")), tick = label.appendChild(document.createElement("input"));
      tick.type = "checkbox";
      tick.value = other.id;
      tick.checked = row.upload.together.indexOf(other.id) >= 0;
      tick.addEventListener("change", function () { byId("answers").querySelector("button").click(); });
      label.appendChild(document.createTextNode(" " + other.name));
    });
  }
  /* Under each question the answers that it may have: one click says it, and the file is read once more. */
  function questions(row) {
    var all = isImport(row) ? row.upload.choices : [];
    Array.prototype.forEach.call(byId("problems").children, function (item, number) {
      if (!(all[number] || []).length || item.querySelector(".choices")) { return; }
      var box = item.appendChild(document.createElement("p"));
      box.className = "choices";
      var alike = all[number].every(function (text) { return left(text) === left(all[number][0]); });
      all[number].forEach(function (text) {
        var what = left(text), said = text.slice(what.length + 1), choice = document.createElement("button");
        choice.type = "button";
        choice.value = text;
        choice.textContent = what === "版本" ? nameOf(said) : alike ? said : text;
        choice.addEventListener("click", function () { answer(what, said); });
        box.appendChild(choice);
      });
    });
  }
  function left(answer) { return answer.slice(0, answer.lastIndexOf("=")); }
  function nameOf(id) {
    var option = byId("blank-edition").querySelector("option[value='" + id + "']");
    return option ? option.textContent : id;
  }
  function answer(what, said) {
    var form = byId("answers"), named = { "单位名称": "name", "年度": "year", "金额单位": "unit" }[what];
    if (what === "版本") {
      byId("edition").value = said;
      byId("edition").dispatchEvent(new Event("change"));
    } else if (named) {
      form.elements[named].value = said;
      form.querySelector("button").click();
    } else {
      fix(what, said);
    }
  }
  /* One line for each column: where it is, its head, and what it is used for, to choose from. */
  function columns(upload) {
    var body = byId("columns").querySelector("tbody");
    body.textContent = "";
    byId("columns").hidden = !upload.columns.length;
    upload.columns.forEach(function (column) {
      var line = body.insertRow(), place = (column.sheet ? column.sheet + "!" : "") + column.place;
      line.className = column.use ? "" : "unknown";
      line.insertCell().textContent = place;
      line.insertCell().textContent = column.head;
      var select = document.createElement("select");
      select.setAttribute("aria-label", place + " " + column.head);
      ["", column.use].concat(upload.uses).forEach(function (use, number, all) {
        if (all.indexOf(use) !== number) { return; }
        var option = document.createElement("option");
        option.value = use;
        option.textContent = use ? use.replace(".", "·") : "不认识，选一种用处";
        select.appendChild(option);
      });
      select.value = column.use;
      select.addEventListener("change", function () { fix(place, select.value); });
      line.insertCell().appendChild(select);
    });
  }
  function fix(place, use) {
    var form = byId("answers"), field = form.elements.fixes;
    var others = field.value.split("；").filter(function (text) { return text && text.split("=")[0] !== place; });
    field.value = others.concat(use ? [place + "=" + use] : []).join("；");
    form.querySelector("button").click();
  }
  byId("answers").addEventListener("submit", function (event) {
    event.preventDefault();
    var query = ["name", "year", "unit", "fixes"].map(function (name) {
      return name + "=" + encodeURIComponent(event.target.elements[name].value);
    }).join("&");
    Array.prototype.forEach.call(byId("together").querySelectorAll("input:checked"), function (tick) { query += "&with=" + tick.value; });
    page.ask("POST", page.root + "/uploads/" + this.getAttribute("data-upload") + "/answers?" + query).then(page.look, function (error) { page.notice(error.message); });
  });

  /* --- buttons under the verdict ------------------------------------------------------------------- */
  function button(box, text, href, file) {
    var a = document.createElement(href ? "a" : "button");
    a.className = "button" + (box.firstChild ? "" : " first");
    a.textContent = text;
    if (href) { a.href = href; a.setAttribute("download", file || ""); } else { a.type = "button"; }
    box.appendChild(a);
    return a;
  }
  function importActions(row, box) {
    var fill = button(box, "读得对，填进官方表样");
    fill.setAttribute("data-fill", "");
    fill.addEventListener("click", function () { fillIn(row, fill); });
    IMPORTED.forEach(function (pair) {
      if (row.upload.files[pair[0]]) {
        button(box, pair[1], page.root + "/uploads/" + row.upload.id + "/imported/" + pair[0], row.upload.files[pair[0]])
          .setAttribute("data-file", pair[0]);
      }
    });
  }
  /* The data document goes in beside the spreadsheet, as if it had been downloaded and put back. */
  function fillIn(row, fill) {
    var request = new XMLHttpRequest();
    fill.disabled = true;
    request.open("GET", page.root + "/uploads/" + row.upload.id + "/imported/document");
    request.responseType = "blob";
    request.onload = function () {
      var file = request.response;
      fill.disabled = false;
      if (request.status !== 200) { page.notice("没有这份结果，可能已经清除"); return; }
      file.name = row.upload.files.document;
      page.take(file);
    };
    request.onerror = function () { fill.disabled = false; page.notice("连不上本机服务"); };
    request.send();
  }
  /* Has a copy made; its links stand under the verdict. `then` gets the answer when all went well. */
  function make(row, box, maker, what, then) {
    maker.disabled = true;
    page.notice("");
    page.ask("POST", page.link(row, "make/" + what)).then(function (answer) {
      maker.disabled = false;
      if (answer.problems.length) { page.notice(answer.problems.join("；")); return; }
      Object.keys(answer.files).forEach(function (what) {
        var old = box.querySelector("[data-file=" + what + "]");
        if (old) { box.removeChild(old); }
        button(box, MADE[what], page.link(row, what), answer.files[what]).setAttribute("data-file", what);
      });
      if (answer.files.finished) { handIn(box); }
      if (then) { then(answer); }
    }, function (error) { maker.disabled = false; page.notice(error.message); });
  }
  /* What is handed in stands first and dark, so that nobody takes the workbook it was made from. */
  function handIn(box) {
    box.querySelector(".first").classList.remove("first");
    ["receipt", "finished"].forEach(function (what) {
      box.insertBefore(box.querySelector("[data-file=" + what + "]"), box.firstChild);
    });
    box.firstChild.classList.add("first");
    byId("detail").scrollTop = 0;
  }
  function makeActions(row, box) {
    MAKE.forEach(function (pair) {
      var maker = button(box, pair[1]);
      maker.setAttribute("data-make", pair[0]);
      maker.addEventListener("click", function () {
        make(row, box, maker, pair[0], function (answer) { page.notice(answer.lines.join("；")); });
      });
    });
    changeAction(row, box);
    if (!row.part.files.filled) { verifyAction(row, box); }
  }

  /* --- one figure changed; the receipt of a workbook that was handed in ----------------------------- */
  function key(row) { return row.upload ? row.upload.id + "/" + row.number + "/" + row.upload.round : ""; }
  function changeAction(row, box) {
    var form = byId("change"), opener = button(box, "改数…");
    opener.setAttribute("data-open", "change");
    opener.addEventListener("click", function () {
      if (form.getAttribute("data-now") !== key(row)) { form.reset(); byId("changed").textContent = ""; }
      form.setAttribute("data-now", key(row));
      form.hidden = !form.hidden;
      if (!form.hidden) { form.elements.changes.focus(); }
      form.onsubmit = function (event) {
        event.preventDefault();
        var what = "set?changes=" + encodeURIComponent(form.elements.changes.value);
        byId("changed").textContent = "";
        make(row, box, form.querySelector("button"), what, function (answer) {
          answer.lines.concat("改好的在上面下载；放回这里，就照改过的审核").forEach(function (text) {
            byId("changed").appendChild(document.createElement("li")).textContent = text;
          });
        });
      };
    });
  }
  function verifyAction(row, box) {
    var opener = button(box, "按回执核对…"), input = byId("receipt");
    opener.setAttribute("data-open", "receipt");
    opener.addEventListener("click", function () {
      input.value = "";
      input.onchange = function () {
        if (!input.files.length) { return; }
        page.ask("POST", page.root + "/uploads/" + row.upload.id + "/verify", input.files[0]).then(function (answer) {
          page.notice(answer.told);
        }, function (error) { page.notice(error.message); });
      };
      input.click();
    });
  }
  return { begin: begin, editions: editions, told: told, assume: assume, isImport: isImport, lines: lines, questions: questions, importActions: importActions, makeActions: makeActions };
};
