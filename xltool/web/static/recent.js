/* Shows, while no file is on the page, what was checked outside of it and which folders are watched.
   `ask` asks the server, `open` lays one of the workbooks on the page. */
(function () {
  "use strict";
  window.xltoolRecent = function (ask, open) {
    var box = document.getElementById("recent"), now = "";
    function element(tag, name, text) {
      var node = document.createElement(tag);
      if (name) { node.className = name; }
      node.textContent = text;
      return node;
    }
    function books(list) {
      box.appendChild(element("h2", "", "最近校验过的"));
      var rows = box.appendChild(element("ul", "recent", ""));
      list.forEach(function (book) {
        var row = rows.appendChild(element("li", "", "")), button = element("button", "again", book.name);
        button.type = "button";
        button.title = book.folder;
        button.addEventListener("click", function () { open(book.id); });
        row.appendChild(button);
        row.appendChild(element("span", "", (book.verdict || "没有校验") + "　" + book.when));
      });
      var clear = element("button", "forget", "清空这份清单");
      clear.type = "button";
      clear.addEventListener("click", function () { ask("DELETE", "api/recent").then(look, function () { /* said */ }); });
      box.appendChild(clear);
    }
    function watched(list) {
      list.forEach(function (folder) {
        box.appendChild(element("h2", "", "正在看着 " + folder.folder + "（" + folder.since + " 起）"));
        var lines = box.appendChild(element("ul", "watched", ""));
        folder.lines.slice().reverse().forEach(function (line) { lines.appendChild(element("li", "", line)); });
        if (!folder.lines.length) { lines.appendChild(element("li", "", "还没有存过工作簿")); }
      });
    }
    function draw(told) {
      var text = JSON.stringify(told);
      if (text === now) { return; }
      now = text;
      box.textContent = "";
      watched(told.watched);
      if (told.books.length) { books(told.books); }
      box.hidden = !told.watched.length && !told.books.length;
    }
    function look() { return ask("GET", "api/recent").then(draw, function () { /* the alarm bar has said it */ }); }
    look();
    setInterval(function () {
      if (!document.hidden && document.body.classList.contains("empty")) { look(); }
    }, 5000);
  };
})();
