/* The page of `xltool serve`. ES2017, no libraries; texts from files reach the page as text and never as markup. */
(function () {
  "use strict";
  var byId = function (id) { return document.getElementById(id); };
  if (!window.Promise || !window.crypto || !window.sessionStorage) {
    byId("alarm").textContent = "这个浏览器太旧，打不开本页面。请重新运行 xltool serve --no-browser，把新的地址复制到 Edge、Chrome，或 360、搜狗的极速模式里打开。";
    byId("alarm").hidden = false;
    return;
  }
  var VERDICTS = { "不合格": ["fail", 1], "未完成审核": ["partial", 2], "合格": ["pass", 3] };
  var STATES = { queued: "等待上传", receiving: "正在上传", waiting: "等待审核", working: "正在审核" };
  var FILES = [["filled", "下载填好的工作簿"], ["supplied", "补上的数"], ["marked", "下载标注本"], ["report", "下载报告"], ["json", "下载 JSON"]];
  VERDICTS["不符"] = VERDICTS["不合格"];   /* of texts */
  VERDICTS["未核对"] = VERDICTS["未完成审核"];
  VERDICTS["相符"] = VERDICTS["合格"];
  var PARALLEL = 2, SOON = 400, LATER = 60000;

  var desk = deskName(), root = "api/desks/" + desk;
  var about = { max_file: Infinity, max_files: Infinity };
  var locals = [];          /* files that wait for their upload, are on the way, or were refused */
  var uploads = [];         /* what the server holds, as it last told */
  var gone = {};            /* uploads taken off the desk: an answer on its way may still tell of them */
  var chosen = null;        /* key of the row that is shown */
  var pinned = false;       /* whether a person chose it */
  var timer = null, lost = false;

  function deskName() {
    var name = null;
    try { name = sessionStorage.getItem("xltool-desk"); } catch (e) { /* storage is forbidden: a new desk each time */ }
    if (!name) {
      var bytes = new Uint8Array(16);
      crypto.getRandomValues(bytes);
      name = Array.prototype.map.call(bytes, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
      try { sessionStorage.setItem("xltool-desk", name); } catch (e) { /* as above */ }
    }
    return name;
  }

  /* --- asking the server --------------------------------------------------------------------- */
  function ask(method, path, body, onProgress) {
    return new Promise(function (resolve, reject) {
      var request = new XMLHttpRequest();
      request.open(method, path);
      request.setRequestHeader("X-Xltool-Page", "1");
      if (body) { request.setRequestHeader("Content-Type", "application/octet-stream"); }
      if (onProgress) { request.upload.onprogress = onProgress; }
      request.onload = function () {
        var answer = {};
        try { answer = request.responseText ? JSON.parse(request.responseText) : {}; } catch (e) { /* not for people */ }
        if (request.status < 400) { alarm(""); resolve(answer); return; }
        if (request.status === 403) { alarm("口令已失效：服务可能重新启动过。请用命令窗口里新的地址打开本页面。"); }
        reject(new Error(answer.error || "服务答复 " + request.status));
      };
      request.onerror = function () {
        alarm("连不上本机服务：它可能已经停止。请重新双击“打开页面”，或重新运行 xltool serve，用新的地址打开。");
        reject(new Error("上传中断，连不上本机服务"));
      };
      request.send(body || null);
    });
  }
  function alarm(text) {
    var bar = byId("alarm");
    lost = !!text;
    if (bar.textContent !== text) { bar.textContent = text; }
    bar.hidden = !text;
  }
  function notice(text) {
    byId("notice").textContent = text;
    byId("notice").hidden = !text;
  }
  function ignore() { /* the alarm bar has said it */ }

  /* --- files on their way -------------------------------------------------------------------- */
  var entry = window.xltoolEntry({
    root: root, ask: ask, editionName: editionName, look: function () { return look(); }, again: function () { return again(); },
    ignore: ignore, notice: notice, link: function (row, what) { return link(row, what); }, uploads: function () { return uploads; },
    take: function (file) { add([file]); choose(locals[locals.length - 1].key); }
  });
  var forms = window.xltoolForms({
    root: root, ask: ask, again: function () { return again(); }, notice: notice, editions: editions
  });
  var figures = window.xltoolFigures({
    root: root, ask: ask, look: function () { return look(); }, notice: notice, assume: function (names) { entry.assume(names); }
  });
  function add(files) {
    notice("");
    Array.prototype.forEach.call(files, function (file) {
      var item = { key: "local" + Math.random(), name: file.name, file: file, state: "queued", sent: 0, problems: [] };
      var fault = faultOf(file);
      if (fault) { refuse(item, fault); }
      locals.push(item);
    });
    pump();
    draw();
  }
  function faultOf(file) {
    if (file.size > about.max_file) { return "文件超过 " + Math.floor(about.max_file / 1048576) + " MB，没有上传"; }
    return file.size ? "" : "文件是空的，或这是文件夹";
  }
  function refuse(item, why) { item.state = "failed"; item.problems = [why]; item.file = null; }
  function pump() {
    var busy = locals.filter(function (item) { return item.state === "receiving"; }).length;
    locals.forEach(function (item) {
      if (item.state !== "queued" || busy >= PARALLEL) { return; }
      busy += 1;
      send(item);
    });
  }
  function send(item) {
    item.state = "receiving";
    ask("POST", root + "/uploads?name=" + encodeURIComponent(item.name), item.file, function (event) {
      if (event.lengthComputable) { item.sent = event.loaded / event.total; draw(); }
    }).then(function (answer) {
      locals.splice(locals.indexOf(item), 1);
      if (chosen === item.key) { chosen = answer.id + ":0"; }
      return look();
    }, function (error) {
      refuse(item, error.message);
    }).then(function () { pump(); draw(); });
  }

  /* --- what the server holds ------------------------------------------------------------------ */
  function look() {
    clearTimeout(timer);
    return ask("GET", root).then(function (told) {
      if (uploads.length && !told.uploads.length) { notice("放着的文件久未使用，已经自动清除。需要的话请重新放入。"); }
      uploads = told.uploads.filter(function (upload) { return !gone[upload.id]; });
      byId("edition").value = told.edition;
      byId("totals").value = told.totals;
      entry.told(told);
      showAside("prior", told.prior);
      showAside("explanations", told.explanations);
      showAside("mapping", told.mapping);
      draw();
    }, ignore).then(function () { timer = setTimeout(look, lost ? LATER / 12 : busy() ? SOON : LATER); });
  }
  function busy() {
    return uploads.some(function (u) { return u.state !== "done" && u.state !== "failed"; });
  }
  function showAside(what, name) {
    var box = document.querySelector("[data-aside=" + what + "]");
    box.querySelector(".name").textContent = name || "";
    box.querySelector(".name").title = name || "";
    box.querySelector(".drop").hidden = !name;
  }

  /* --- rows: one for each workbook ------------------------------------------------------------- */
  function rows() {
    var found = [];
    locals.forEach(function (item) {
      found.push({ key: item.key, local: item, name: item.name, state: item.state, problems: item.problems, sent: item.sent });
    });
    uploads.forEach(function (u) {
      if (u.parts.length) {
        u.parts.forEach(function (part, n) {
          found.push({ key: u.id + ":" + n, upload: u, part: part, number: n, name: part.file, state: u.state, problems: [] });
        });
      } else if (u.state !== "receiving") {
        found.push({ key: u.id + ":0", upload: u, name: u.name, state: u.state, problems: u.problems });
      }
    });
    found.forEach(function (row, n) { row.weight = weight(row); row.order = n; });
    return found.sort(function (a, b) { return a.weight - b.weight || a.order - b.order; });
  }
  /* Data filled in before all its figures are known: what does not add up yet is no fault of anybody. */
  function wanting(row) {
    var asked = row.part && row.part.verdict === "不合格" && row.upload.asked;
    return asked && asked.count || 0;
  }
  function weight(row) {
    if (wanting(row)) { return 2; }
    if (row.part) { return VERDICTS[row.part.verdict][1]; }
    if (read(row)) { return 2; }
    return row.state === "failed" ? 0 : 4;
  }
  function read(row) { return entry.isImport(row) && row.state === "done"; }
  function css(row) {
    if (wanting(row)) { return "partial"; }
    if (row.part) { return VERDICTS[row.part.verdict][0]; }
    if (read(row)) { return "partial"; }
    return row.state === "failed" ? "broken" : "";
  }
  function word(row) {
    if (wanting(row)) { return "还缺数"; }
    if (row.part) { return row.part.verdict; }
    if (read(row)) { return "请核对"; }
    if (row.state === "failed" && entry.isImport(row)) { return "要问"; }
    return row.state === "failed" ? "没有做成" : STATES[row.state];
  }
  function gist(row) {
    if (read(row)) { return "普通表格，读出来了：" + row.upload.lines[0]; }
    if (!row.part) { return row.problems[0] || ""; }
    if (wanting(row)) { return (row.part.unit_name ? row.part.unit_name + "　" : "") + "还缺 " + wanting(row) + " 个数"; }
    var counts = row.part.counts, told = [];
    [["error", "必须相符"], ["confirm", "待确认"], ["warning", "需核实"]].forEach(function (pair) {
      if (counts[pair[0]]) { told.push(pair[1] + " " + counts[pair[0]] + " 个问题"); }
    });
    if (counts.open) { told.push(counts.open + " 条必须相符的规则没能审核"); }
    return (row.part.unit_name ? row.part.unit_name + "　" : "") + told.join("，");
  }

  /* --- drawing ---------------------------------------------------------------------------------- */
  function element(tag, name, text) {
    var node = document.createElement(tag);
    if (name) { node.className = name; }
    if (text) { node.textContent = text; }
    return node;
  }
  function put(node, text) { if (node.textContent !== text) { node.textContent = text; } }

  function draw() {
    var all = rows(), list = byId("list"), known = {};
    document.body.classList.toggle("empty", !all.length);
    Array.prototype.forEach.call(list.children, function (node) { known[node.getAttribute("data-key")] = node; });
    var working = all.some(function (row) { return row.weight === 4; });
    if (!all.some(function (row) { return row.key === chosen; })) { chosen = null; pinned = false; }
    if (!pinned && all.length && !working) { chosen = all[0].key; }
    var focused = document.activeElement, before = list.firstChild;
    all.forEach(function (row) {
      var node = known[row.key] || blank(row.key);
      delete known[row.key];
      fillRow(node, row);
      if (node === before) { before = before.nextSibling; } else { list.insertBefore(node, before); }
    });
    Object.keys(known).forEach(function (key) { list.removeChild(known[key]); });
    if (focused && focused !== document.activeElement && document.contains(focused)) { focused.focus(); }
    drawTally(all, working);
    drawDetail(all.filter(function (row) { return row.key === chosen; })[0]);
  }
  function blank(key) {
    var node = element("li", "book"), open = element("button", "open"), remove = element("button", "remove", "移除");
    node.setAttribute("data-key", key);
    open.type = remove.type = "button";
    open.appendChild(element("span", "title"));
    var line = element("span", "gist");
    line.appendChild(element("span", "word"));
    line.appendChild(element("span", "told"));
    open.appendChild(line);
    node.appendChild(open);
    node.appendChild(remove);
    return node;
  }
  function fillRow(node, row) {
    node.className = "book " + css(row) + (row.key === chosen ? " chosen" : "");
    put(node.querySelector(".title"), row.name);
    put(node.querySelector(".word"), word(row));
    put(node.querySelector(".told"), gist(row));
    var open = node.querySelector(".open");
    open.setAttribute("aria-pressed", row.key === chosen ? "true" : "false");
    node.querySelector(".remove").setAttribute("aria-label", "移除 " + row.name);
    var bar = node.querySelector("progress");
    if (row.state === "receiving") {
      if (!bar) { bar = open.appendChild(element("progress")); bar.max = 1; }
      bar.value = row.sent;
    } else if (bar) {
      open.removeChild(bar);
    }
  }
  function drawTally(all, working) {
    var counts = {}, told = [];
    all.forEach(function (row) {
      var name = row.weight === 4 ? "处理中" : word(row);
      counts[name] = (counts[name] || 0) + 1;
    });
    ["没有做成", "要问", "不合格", "不符", "未完成审核", "未核对", "请核对", "还缺数", "合格", "相符", "处理中"].forEach(function (name) {
      if (counts[name]) { told.push(name + " " + counts[name]); }
    });
    put(byId("tally"), all.length ? "共 " + all.length + " 份：" + told.join("，") : "没有文件");
    byId("tally").setAttribute("aria-busy", working ? "true" : "false");
  }
  function drawDetail(row) {
    var frame = byId("report");
    byId("none").hidden = !!row;
    byId("shown").hidden = !row;
    if (!row) { show(frame, ""); forms.shown(null); figures.shown(null); return; }
    byId("verdict").className = "verdict " + css(row);
    put(byId("word"), wanting(row) ? "还缺 " + wanting(row) + " 个数" : word(row));
    var part = row.part;
    put(byId("why"), wanting(row) ? "还有 " + wanting(row) + " 个数没有，也推算不出来。在下面选前提、填数，再填一遍，才有结论" : part ? part.summary : read(row) ? "核对下面每一列读成了什么、每个数从哪一格来，读得对就填进官方表样" : row.state === "failed" ? row.name : row.name + " 处理完后在这里显示结果");
    put(byId("facts"), part ? [part.file, part.unit_name, part.year && part.year + "年度", part.unit, part.edition].filter(Boolean).join("　") : "");
    lines(byId("remarks"), part ? row.upload.notes.concat(part.remarks) : []);
    lines(byId("problems"), row.problems);
    entry.lines(row);
    entry.questions(row);
    figures.shown(row);
    actions(row);
    forms.shown(row);
    show(frame, part && !forms.isOpen(row) && !wanting(row) ? link(row, "report") + "?show&round=" + row.upload.round + (found(part) ? "#problems" : "") : "");
  }
  function found(part) { return part.counts.error + part.counts.warning + part.counts.info > 0; }
  function lines(node, texts) {
    var now = texts.join("\u0000");
    if (node.getAttribute("data-now") === now) { return; }
    node.setAttribute("data-now", now);
    node.textContent = "";
    texts.forEach(function (text) { node.appendChild(element("li", "", text)); });
  }
  function link(row, what) { return root + "/uploads/" + row.upload.id + "/" + row.number + "/" + what; }
  function actions(row) {
    var box = byId("actions"), now = row.part || read(row) || forms.can(row) ? row.key + row.upload.round : "";
    box.hidden = !now;
    if (box.getAttribute("data-now") === now) { return; }
    box.setAttribute("data-now", now);
    box.textContent = "";
    byId("detail").scrollTop = 0;  /* filled in once more from the form below: the new verdict is seen */
    if (read(row)) { entry.importActions(row, box); }
    if (!row.part) { forms.action(row, box, draw); return; }
    FILES.forEach(function (pair) {
      if (!row.part.files[pair[0]]) { return; }
      var a = element("a", "button" + (box.firstChild ? "" : " first"), pair[1]);
      a.href = link(row, pair[0]);
      a.setAttribute("download", row.part.files[pair[0]]);
      a.setAttribute("data-file", pair[0]);
      box.appendChild(a);
    });
    var open = element("a", "button", "在新窗口打开报告（打印用）");
    open.href = link(row, "report") + "?show";
    open.target = "_blank";
    open.rel = "noopener";
    box.appendChild(open);
    if (row.upload.kind !== "text") { entry.makeActions(row, box); }
    if (forms.can(row)) { forms.action(row, box, draw); }
  }
  function show(frame, address) {
    if ((frame.getAttribute("data-now") || "") === address) { return; }
    frame.setAttribute("data-now", address);
    frame.hidden = !address;
    /* replaced and not navigated, so that going back leaves the page and does not step through reports */
    var fresh = frame.cloneNode(false);
    if (address) { fresh.src = address; } else { fresh.removeAttribute("src"); }
    fresh.onload = function () { byId("detail").scrollTop = 0; };  /* the report goes to its problems, and takes the page along */
    frame.parentNode.replaceChild(fresh, frame);
  }

  /* --- what people do --------------------------------------------------------------------------- */
  function choose(key) { chosen = key; pinned = true; draw(); }
  function removeRow(key) {
    var row = rows().filter(function (r) { return r.key === key; })[0];
    if (!row) { return; }
    if (row.local) {
      locals.splice(locals.indexOf(row.local), 1);
      draw();
      return;
    }
    drop([row.upload], root + "/uploads/" + row.upload.id);
  }
  function drop(taken, address) {
    taken.forEach(function (upload) { gone[upload.id] = true; });
    uploads = uploads.filter(function (upload) { return !gone[upload.id]; });
    draw();
    ask("DELETE", address).then(look, function () {
      taken.forEach(function (upload) { delete gone[upload.id]; });  /* they are there still: the next look shows them */
    });
  }
  byId("list").addEventListener("click", function (event) {
    var node = event.target.closest("li"), button = event.target.closest("button");
    if (!node || !button) { return; }
    var key = node.getAttribute("data-key");
    if (button.className === "remove") {
      var next = node.nextSibling || node.previousSibling;
      removeRow(key);
      (next ? next.querySelector(".open") : byId("choose")).focus();
    } else {
      choose(key);
    }
  });
  byId("list").addEventListener("keydown", function (event) {
    var node = event.target.closest("li"), to = null;
    if (!node) { return; }
    if (event.key === "ArrowDown" || event.key === "Down") { to = node.nextSibling; }
    if (event.key === "ArrowUp" || event.key === "Up") { to = node.previousSibling; }
    if (event.key === "Delete" || event.key === "Del") { node.querySelector(".remove").click(); event.preventDefault(); }
    if (to) { to.querySelector(".open").focus(); choose(to.getAttribute("data-key")); event.preventDefault(); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" && event.key !== "Esc") { return; }
    byId("curtain").hidden = true;
    var row = byId("list").querySelector(".chosen .open");
    (row || byId("choose")).focus();
  });
  byId("choose").addEventListener("click", function () { byId("files").click(); });
  byId("files").addEventListener("change", function () { add(this.files); this.value = ""; });
  byId("print").addEventListener("click", function () { window.print(); });
  byId("clear").addEventListener("click", function () {
    if (!window.confirm("全部清除？没有下载的结果不能找回。")) { return; }
    locals.length = 0;
    drop(uploads, root);
    byId("choose").focus();
  });
  byId("options").addEventListener("submit", function (event) { event.preventDefault(); });
  function optionsChanged() {
    var query = "?edition=" + encodeURIComponent(byId("edition").value) + "&totals=" + byId("totals").value;
    ask("POST", root + "/options" + query).then(again, ignore);
  }
  function again() { return ask("POST", root + "/again").then(look, ignore); }
  byId("edition").addEventListener("change", optionsChanged);
  byId("totals").addEventListener("change", optionsChanged);
  Array.prototype.forEach.call(document.querySelectorAll("[data-aside]"), function (box) {
    var what = box.getAttribute("data-aside"), input = box.querySelector("input");
    box.querySelector(".pick").addEventListener("click", function () { input.click(); });
    input.addEventListener("change", function () {
      var file = input.files[0];
      input.value = "";
      if (!file) { return; }
      var fault = faultOf(file);
      notice(fault && file.name + "：" + fault);
      if (fault) { return; }
      ask("POST", root + "/aside/" + what + "?name=" + encodeURIComponent(file.name), file).then(again, function (error) {
        if (!lost) { notice(file.name + "：" + error.message); }
      });
    });
    box.querySelector(".drop").addEventListener("click", function () {
      box.querySelector(".pick").focus();
      ask("DELETE", root + "/aside/" + what).then(again, ignore);
    });
  });

  window.xltoolDrop(byId("curtain"), add);
  window.xltoolRecent(ask, function (book) {
    ask("POST", root + "/recent/" + book).then(look, function (error) { if (!lost) { notice(error.message); } });
  });
  window.addEventListener("beforeunload", function (event) {
    if (locals.some(function (item) { return item.state === "receiving" || item.state === "queued"; })) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  /* The ticket has done its work: it need not stay in the address bar. */
  if (location.search) { history.replaceState(null, "", location.pathname); }
  /* An edition as people know it, and whose it is where it is none of the tool's. */
  function editionName(edition) { return edition.name + (edition.place ? "（" + edition.place + "）" : ""); }
  /* The editions to choose from: anew when one of one's own was kept. */
  function editions() {
    return ask("GET", "api/about").then(function (told) {
      var select = byId("edition"), now = select.value;
      about = told;
      while (select.options.length > 1) { select.remove(1); }
      told.editions.forEach(function (edition) {
        var option = element("option", "", editionName(edition));
        option.value = edition.id;
        select.appendChild(option);
      });
      select.value = now;
      entry.editions(told);
      return told;
    });
  }
  editions().then(entry.begin, ignore).then(look);
})();
