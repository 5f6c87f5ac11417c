/* What data that was filled in still wants: assumptions to take, figures to type, rows to choose; then once more. */
window.xltoolFigures = function (page) {
  "use strict";
  var form = document.getElementById("wanted"), fields = form.querySelector(".fields"), economic = form.querySelector("textarea");
  var BASIC = "基本支出.明细[", DIVIDED = "*";
  var last = {};  /* by upload, what was asked when it was filled in */

  function add(parent, name, text) {
    var node = parent.appendChild(document.createElement(name));
    node.textContent = text || "";
    return node;
  }
  function words(address) { return address.replace(/\.明细\[/g, " ").replace(/\]?\./g, " "); }
  function input(address, told, value) {
    var label = add(fields, "label", told + " "), box = add(label, "input");
    box.setAttribute("data-address", address);
    box.value = value || "";
    return label;
  }
  /* An amount of which nobody knows the row: one code, or a figure for each of several. */
  function held(one) {
    var label = add(fields, "label", words(one[0]).replace(/ +/g, " ") + " " + one[1] + " 在哪个科目 "), select = add(label, "select");
    add(select, "option", "选一个科目").value = "";
    Object.keys(one[2]).forEach(function (code) { add(select, "option", code + " " + one[2][code]).value = code; });
    add(select, "option", "几个科目都有，分别填").value = DIVIDED;
    select.setAttribute("data-address", one[0]);
    select.setAttribute("data-amount", one[1]);
    select.addEventListener("change", function () {
      if (select.value !== DIVIDED) { return; }
      Object.keys(one[2]).forEach(function (code) {
        fields.insertBefore(input(one[0].replace("[]", "[" + code + "]"), code + " " + one[2][code]), label);
      });
      fields.removeChild(label);
    });
  }
  /* What is asked; of figures that could not be filled in the rest of what was asked before, so that they can be corrected. */
  function wanted(upload, failed) {
    var before = failed && last[upload.id] || upload.asked || {}, given = upload.figures.map(function (text) { return text.slice(0, text.indexOf("=")); });
    if (!failed) { last[upload.id] = before; }
    function open(address) { return given.indexOf(address) < 0; }
    if (!failed || !before.count) { return before; }
    return {
      count: before.count, economic: before.economic, figures: before.figures.filter(open),
      held: before.held.filter(function (one) { return !given.some(function (address) { return address.replace(/\[\d+\]/, "[]") === one[0]; }); })
    };
  }
  function shown(row) {
    var upload = row && row.upload && row.upload.kind === "data" && (row.part || row.state === "failed") ? row.upload : null;
    var asked = upload ? wanted(upload, !row.part) : {}, now = upload ? upload.id + "/" + upload.round : "";
    var any = !!upload && (upload.figures.length > 0 || Object.keys(asked).length > 0);
    form.hidden = !any;
    if (form.getAttribute("data-now") === now) { return; }
    form.setAttribute("data-now", now);
    fields.textContent = "";
    economic.value = "";
    if (!any) { return; }
    form.setAttribute("data-upload", upload.id);
    assume(asked);
    upload.figures.forEach(function (text) {
      var at = text.indexOf("=");
      if (text.indexOf(BASIC) === 0) {
        economic.value += text.slice(BASIC.length, text.indexOf("]")) + " " + text.slice(at + 1) + "\n";
      } else {
        input(text.slice(0, at), words(text.slice(0, at)), text.slice(at + 1));
      }
    });
    (asked.figures || []).forEach(function (address) { input(address, words(address)); });
    (asked.held || []).forEach(held);
    economic.parentNode.hidden = !economic.value && !asked.economic;
    form.querySelector("[type=submit]").hidden = !fields.firstChild && economic.parentNode.hidden;
  }
  function assume(asked) {
    var button = form.querySelector("[data-assume]"), names = asked.assume || [];
    button.hidden = !names.length;
    button.textContent = "确实这样的，选前提：" + names.join("、") + (asked.left ? "（只差 " + asked.left + " 个数）" : "");
    button.onclick = function () { page.assume(names); };
  }
  function lines() {
    var found = [];
    Array.prototype.forEach.call(fields.querySelectorAll("[data-address]"), function (box) {
      var address = box.getAttribute("data-address"), amount = box.getAttribute("data-amount");
      if (!box.value || box.value === DIVIDED) { return; }
      found.push(amount ? address.replace("[]", "[" + box.value + "]") + "=" + amount : address + "=" + box.value);
    });
    economic.value.split("\n").forEach(function (line) {
      var parts = line.trim().split(/[\s=:：，]+/);
      if (parts[0]) { found.push(BASIC + parts[0] + "].金额=" + parts.slice(1).join("")); }
    });
    return found;
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    document.getElementById("detail").focus();  /* the form goes, and with it the place of the keyboard */
    page.ask("POST", page.root + "/uploads/" + form.getAttribute("data-upload") + "/figures?figures=" + encodeURIComponent(lines().join("\n"))).then(page.look, function (error) { page.notice(error.message); });
  });
  return { shown: shown };
};
