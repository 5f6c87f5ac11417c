/* The open workbook over the object model of WPS (ET): its bytes, marks on its cells, and taking them off.

   A mark is a conditional format that always holds and bears a tag in its formula, the same that `xltool validate
   --annotate` writes and `xltool clean` removes. The formats of the cells stay as they are. */
var Xltool = Xltool || {};

(function () {
  "use strict";
  var FORMULA = '=N("xltool")=0';
  var EXPRESSION = 2;       /* xlExpression */
  var VISIBLE = -1;         /* xlSheetVisible */
  var LONGEST = 200;        /* of an address in one call; ET takes 255 characters */

  Xltool.book = function (app) {
    /* --- reading --------------------------------------------------------------------------------- */

    /* A copy of the book as it stands in memory, as bytes. The copy on disk is removed again. */
    function bytes(book) {
      var path = temporary(book.Name), text;
      try {
        book.SaveCopyAs(path);
        text = app.FileSystem.readAsBinaryString(path);
      } finally {
        if (app.FileSystem.Exists(path)) { app.FileSystem.Remove(path); }
      }
      if (!text) { throw new Error("WPS 没有给出工作簿的内容。请保存后改用本机页面（xltool serve）。"); }
      var found = new Uint8Array(text.length);
      for (var i = 0; i < text.length; i += 1) { found[i] = text.charCodeAt(i) & 255; }
      return found;
    }
    function temporary(name) {
      var folder = String(app.Env.GetTempPath()).replace(/[\\\/]+$/, "");
      var suffix = /\.(xlsx|xlsm|xltx|xltm|xls|et|ett)$/i.exec(name);
      return folder + "/xltool-" + Math.random().toString(16).slice(2) + (suffix ? suffix[0] : ".xlsx");
    }

    /* --- marking --------------------------------------------------------------------------------- */

    /* Marks cells as `marks` says, after taking old marks off. The names of sheets that could not be marked. */
    function mark(book, marks) {
      return quietly(function () {
        var refused = strip(book), looks = {};
        marks.looks.forEach(function (look) { looks[look.look] = look; });
        marks.sheets.forEach(function (one) {
          var sheet = sheetOf(book, one.sheet);
          if (!sheet || sheet.ProtectContents) { add(refused, one.sheet); return; }
          /* the strongest look last: it then stands first */
          marks.looks.slice().reverse().forEach(function (look) {
            var cells = one.cells.filter(function (cell) { return cell.look === look.look; });
            addresses(cells.map(function (cell) { return cell.cell; })).forEach(function (address) {
              try {
                dress(sheet.Range(address), looks[look.look]);
              } catch (error) {
                add(refused, one.sheet);
              }
            });
          });
        });
        return refused;
      });
    }
    function dress(range, look) {
      var format = range.FormatConditions.Add(EXPRESSION, undefined, FORMULA);
      format.Interior.Color = colour(look.fill);
      if (look.colour) { format.Font.Color = colour(look.colour); }
      if (look.bold) { format.Font.Bold = true; }
      format.StopIfTrue = false;
      format.SetFirstPriority();
    }
    /* RRGGBB to the number of ET, which is BGR. */
    function colour(text) {
      return parseInt(text.slice(4, 6) + text.slice(2, 4) + text.slice(0, 2), 16);
    }

    /* Takes the marks off. The names of protected sheets, on which they stay. */
    function clear(book) {
      return quietly(function () { return strip(book); });
    }
    function strip(book) {
      var refused = [];
      sheets(book).forEach(function (sheet) {
        var formats = sheet.Cells.FormatConditions;
        for (var n = formats.Count; n >= 1; n -= 1) {
          var format = formats.Item(n);
          if (!own(format)) { continue; }
          if (sheet.ProtectContents) { add(refused, sheet.Name); continue; }
          format.Delete();
        }
      });
      return refused;
    }
    function own(format) {
      /* only conditions on expressions have a formula; others may not even answer */
      if (format.Type !== EXPRESSION) { return false; }
      return String(format.Formula1).replace(/\s/g, "").toLowerCase() === FORMULA.toLowerCase();
    }

    /* What happens within is not shown step by step; the setting comes back also after an error. */
    function quietly(act) {
      var before = app.ScreenUpdating;
      app.ScreenUpdating = false;
      try { return act(); } finally { app.ScreenUpdating = before; }
    }

    /* --- going there ------------------------------------------------------------------------------- */

    /* Selects a cell. False when its sheet is hidden or gone. */
    function go(book, name, cell) {
      var sheet = sheetOf(book, name);
      if (!sheet || sheet.Visible !== VISIBLE) { return false; }
      book.Activate();
      sheet.Activate();
      sheet.Range(cell).Select();
      return true;
    }

    /* The marks in the order in which people go through a book: sheets, rows, columns. */
    function ordered(book, marks) {
      var order = {}, found = [];
      sheets(book).forEach(function (sheet, n) { order[sheet.Name] = n; });
      marks.sheets.forEach(function (one) {
        one.cells.forEach(function (cell) {
          found.push({ sheet: one.sheet, cell: cell.cell, note: cell.note, look: cell.look, at: place(cell.cell) });
        });
      });
      return found.sort(function (a, b) {
        return order[a.sheet] - order[b.sheet] || a.at.row - b.at.row || a.at.column - b.at.column;
      });
    }

    /* --- helpers ----------------------------------------------------------------------------------- */
    function sheets(book) {
      var found = [], all = book.Worksheets;
      for (var n = 1; n <= all.Count; n += 1) { found.push(all.Item(n)); }
      return found;
    }
    function sheetOf(book, name) {
      return sheets(book).filter(function (sheet) { return sheet.Name === name; })[0] || null;
    }
    function add(list, name) { if (list.indexOf(name) < 0) { list.push(name); } }
    function place(cell) {
      var parts = /^([A-Z]+)(\d+)$/.exec(cell), column = 0;
      for (var i = 0; i < parts[1].length; i += 1) { column = column * 26 + parts[1].charCodeAt(i) - 64; }
      return { row: Number(parts[2]), column: column, letters: parts[1] };
    }
    /* Cells as few addresses: runs down a column joined, many in one address. */
    function addresses(cells) {
      var places = cells.map(place), runs = [], found = [];
      places.sort(function (a, b) { return a.column - b.column || a.row - b.row; });
      places.forEach(function (at) {
        var last = runs[runs.length - 1];
        if (last && last.column === at.column && last.bottom + 1 >= at.row) { last.bottom = at.row; return; }
        runs.push({ column: at.column, letters: at.letters, top: at.row, bottom: at.row });
      });
      runs.forEach(function (run) {
        var text = run.letters + run.top + (run.bottom > run.top ? ":" + run.letters + run.bottom : "");
        var last = found.length - 1;
        if (last >= 0 && found[last].length + 1 + text.length <= LONGEST) { found[last] += "," + text; } else { found.push(text); }
      });
      return found;
    }

    return { bytes: bytes, mark: mark, clear: clear, go: go, ordered: ordered };
  };
})();
