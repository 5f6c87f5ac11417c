/* A season live: the units, what is asked of them, and every few seconds whether anything has changed. */
(function () {
  "use strict";
  var doc = document, season = window.season, stamp = "", units = [], states = [], view = [], chosen = null, most = 300;
  var sorted = { column: -1, up: true }, every = 4000, failed = 0;
  var body = doc.querySelector("#units tbody"), alarm = doc.getElementById("alarm");
  function by(id) { return doc.getElementById(id); }

  season.alarm = function (text) { alarm.textContent = text || ""; alarm.hidden = !text; };
  season.ask = function (path, given) {
    var how = { headers: { "x-xltool-page": "1" }, credentials: "same-origin" };
    if (given) {
      var who = by("who").value.trim();
      if (!who) { by("who").focus(); season.alarm("先在左上方写上审核人的姓名"); return Promise.reject(new Error("nobody")); }
      given.who = who;
      how.method = "POST";
      how.headers["content-type"] = "application/json";
      how.body = JSON.stringify(given);
    }
    return fetch("api/season" + path, how).then(function (answer) {
      if (answer.status === 204) { return null; }
      return answer.json().then(function (told) {
        if (!answer.ok) { season.alarm(told.error); throw new Error(told.error); }
        return told;
      });
    });
  };
  season.change = function (path, given, done) {
    return season.ask(path, given).then(function () {
      season.alarm("");
      if (done) { done(); }
      return refresh();
    }).catch(function () { /* told in the alarm */ });
  };

  /* A file is saved when it is there; what keeps it away is told. */
  season.save = function (path) {
    fetch(path, { credentials: "same-origin" }).then(function (answer) {
      if (answer.ok) { season.alarm(""); location.href = path; return null; }
      return answer.json().then(function (told) { season.alarm(told.error); });
    });
  };

  /* The columns of the list. */
  function columns() {
    return [
      { title: "编码", of: function (unit) { return unit.code; } },
      { title: "单位", of: function (unit) { return unit.name; } },
      { title: "主管部门", of: function (unit) { return unit.department; } },
      { title: "报送", of: function (unit) { return unit.flags.join("，"); } },
      { title: "结论", of: function (unit) { return unit.verdict; } }
    ].concat(states.map(function (state, n) {
      return { title: state, figure: true, of: function (unit) { return unit.states[n]; } };
    }));
  }
  var looks = { "不合格": "bad", "未完成审核": "doubt", "合格": "good", "未报": "bad" };
  function heads() {
    var row = by("heads");
    row.textContent = "";
    columns().forEach(function (column, n) {
      var head = season.add(row, "th", column.title, column.figure ? "figure" : "");
      head.tabIndex = 0;
      if (sorted.column === n) { head.setAttribute("aria-sort", sorted.up ? "ascending" : "descending"); }
      function sort() {
        sorted = { column: n, up: sorted.column === n ? !sorted.up : !column.figure };
        heads();
        list();
      }
      head.addEventListener("click", sort);
      head.addEventListener("keydown", function (event) { if (event.key === "Enter") { sort(); } });
    });
  }
  function choices(id, values) {
    var select = by(id), kept = select.value;
    while (select.options.length > 1) { select.remove(1); }
    values.forEach(function (value) { season.add(select, "option", value); });
    select.value = kept;
    if (select.selectedIndex < 0) { select.value = ""; }
  }
  function different(of) {
    var seen = {};
    units.forEach(function (unit) { [].concat(of(unit)).forEach(function (value) { if (value) { seen[value] = true; } }); });
    return Object.keys(seen).sort();
  }
  function names() {
    var list = by("names");
    list.textContent = "";
    units.slice(0, 5000).forEach(function (unit) {
      season.add(list, "option", "").value = unit.code ? unit.name + "（" + unit.code + "）" : unit.name;
    });
  }
  function fits(unit) {
    var words = by("text").value.toLowerCase().split(/\s+/).filter(Boolean), state = by("state").selectedIndex - 1;
    var text = (unit.code + " " + unit.name + " " + unit.department).toLowerCase();
    return (!by("department").value || unit.department === by("department").value) &&
      (!by("flag").value || unit.flags.indexOf(by("flag").value) >= 0) &&
      (!by("verdict").value || unit.verdict === by("verdict").value) &&
      (state < 0 || unit.states[state] > 0) &&
      words.every(function (word) { return text.indexOf(word) >= 0; });
  }
  function list() {
    var all = columns(), column = all[sorted.column], alike = new Intl.Collator("zh").compare;
    view = units.filter(fits);
    if (column) {
      view.sort(function (a, b) {
        var one = column.of(a), other = column.of(b), order = column.figure ? one - other : alike(one, other);
        return sorted.up ? order : -order;
      });
    }
    body.textContent = "";
    view.slice(0, most).forEach(function (unit) {
      var row = season.add(body, "tr", "", unit.unit === chosen ? "chosen" : "");
      row.unit = unit.unit;
      all.forEach(function (column) {
        var value = column.of(unit);
        season.add(row, "td", value || "", column.figure ? "figure" : looks[value] || "");
      });
    });
    by("more").hidden = view.length <= most;
    by("shown").textContent = view.length === units.length ? units.length + " 个单位" : view.length + " / " + units.length + " 个单位";
  }
  /* Show what is asked for beside the list: a unit by its number, the log, what is nobody's. */
  function choose(what) {
    var draw = { log: season.drawLog, unassigned: season.drawUnassigned }[what] || season.draw, place = by("detail");
    chosen = what;
    Array.prototype.forEach.call(body.rows, function (row) { row.className = row.unit === what ? "chosen" : ""; });
    return season.ask(typeof what === "number" ? "/units/" + what : "/" + what).then(function (told) {
      if (chosen !== what) { return; }
      var top = place.scrollTop;
      place.textContent = "";
      draw(place, told, states);
      place.scrollTop = top;
    });
  }
  body.addEventListener("click", function (event) {
    var row = event.target.closest("tr");
    if (row) { choose(row.unit); }
  });
  by("list").addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target !== by("list")) { return; }
    event.preventDefault();
    var at = view.map(function (unit) { return unit.unit; }).indexOf(chosen) + step;
    if (at >= 0 && at < Math.min(view.length, most)) {
      choose(view[at].unit);
      body.rows[at].scrollIntoView({ block: "nearest" });
    }
  });
  ["department", "flag", "verdict", "state", "text"].forEach(function (id) { by(id).addEventListener("input", list); });
  by("options").addEventListener("submit", function (event) { event.preventDefault(); });
  by("more").addEventListener("click", function () { most += 300; list(); });
  by("logs").addEventListener("click", function () { choose("log"); });
  by("unassigned").addEventListener("click", function () { choose("unassigned"); });
  try { by("who").value = localStorage.getItem("xltool-who") || ""; } catch (error) { /* not kept */ }
  by("who").addEventListener("change", function () {
    try { localStorage.setItem("xltool-who", by("who").value.trim()); } catch (error) { /* not kept */ }
  });

  /* What has changed. A form that somebody is writing in is not taken away. */
  function refresh() {
    return season.ask("?since=" + encodeURIComponent(stamp)).then(function (told) {
      failed = 0;
      by("fresh").textContent = "";
      if (!told) { return null; }
      stamp = told.stamp;
      units = told.units;
      states = told.states;
      by("season").textContent = told.season + "（" + told.runs.length + " 轮）";
      by("told").textContent = told.told + "。这台电脑的用户：" + told.user;
      by("unassigned").textContent = told.unassigned[0] ? "待认定（" + told.unassigned[0] + "）" : "不是报送（" + told.unassigned[1] + "）";
      by("unassigned").hidden = !told.unassigned[0] && !told.unassigned[1];
      names();
      choices("department", different(function (unit) { return unit.department; }));
      choices("flag", different(function (unit) { return unit.flags; }));
      choices("state", states);
      heads();
      list();
      if (typeof chosen === "number" && !units.some(function (unit) { return unit.unit === chosen; })) {
        chosen = null;
        by("detail").textContent = "";
      }
      return chosen !== null && !doc.querySelector(".ask") ? choose(chosen) : null;
    }).catch(function (error) {
      failed += 1;
      if (failed > 1) { by("fresh").textContent = "连不上本机服务，看到的可能不是最新的"; }
      throw error;
    });
  }
  function again() { refresh().catch(function () { /* told above */ }).then(function () { setTimeout(again, every); }); }
  again();
})();
