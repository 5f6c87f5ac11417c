/* A strict fake of the object model of WPS 表格 (ET), as far as its published documents describe what the add-in uses.

   Asking for anything else is an error, calls are written down, and what bites in the real one bites here: addresses
   have a limit, protected sheets refuse, cells are selected only on the active sheet of the active book, hidden
   sheets cannot be activated, a range takes no conditional format beyond its limit. */
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const FILES = path.join(__dirname, "..", "..", "xltool", "wps", "files");
const FREELY = new Set(["then", "toJSON", "constructor", "nodeType"]);

/* An object that answers only to its own names, and takes values only for names that it has. */
function strict(kind, object, journal) {
  return new Proxy(object, {
    has: (target, name) => name in target,
    get(target, name) {
      if (typeof name === "symbol" || FREELY.has(name)) { return target[name]; }
      if (!(name in target)) { throw new TypeError(`${kind} has no ${name}`); }
      journal.push(`${kind}.${name}`);
      return target[name];
    },
    set(target, name, value) {
      if (!(name in target)) { throw new TypeError(`${kind} has no ${name}`); }
      journal.push(`${kind}.${name}=`);
      target[name] = value;
      return true;
    },
  });
}

function cellsOf(address) {
  const found = [];
  for (const part of address.split(",")) {
    const match = /^([A-Z]{1,3})([1-9]\d*)(?::([A-Z]{1,3})([1-9]\d*))?$/.exec(part);
    if (!match) { throw new Error(`bad address ${address}`); }
    if (match[3] && match[3] !== match[1]) { throw new Error("the fake knows runs down one column only"); }
    for (let row = Number(match[2]); row <= Number(match[4] || match[2]); row += 1) { found.push(match[1] + row); }
  }
  return found;
}

function makeSheet(world, spec) {
  const formats = (spec.formats || []).map((format) => ({ StopIfTrue: false, Interior: {}, Font: {}, ...format }));
  const guard = () => { if (spec.protected) { throw new Error("工作表受保护"); } };
  const wrap = (format) => strict("FormatCondition", {
    get Type() { return format.Type; },
    get Formula1() {
      if (format.Type !== 2) { throw new Error("no formula in this kind of condition"); }
      return format.Formula1;
    },
    get AppliesTo() { return format.cells; },
    get StopIfTrue() { return format.StopIfTrue; },
    set StopIfTrue(value) { guard(); format.StopIfTrue = value; },
    Interior: strict("Interior", format.Interior, world.journal),
    Font: strict("Font", format.Font, world.journal),
    SetFirstPriority() { guard(); formats.splice(formats.indexOf(format), 1); formats.unshift(format); },
    Delete() { guard(); world.dirty(); formats.splice(formats.indexOf(format), 1); },
  }, world.journal);
  const conditions = (cells) => strict("FormatConditions", {
    get Count() { return formats.length; },
    Item(n) {
      if (!(n >= 1 && n <= formats.length)) { throw new Error("no such format"); }
      return wrap(formats[n - 1]);
    },
    Add(type, operator, formula) {
      guard();
      if (type !== 2 || operator !== undefined || formula[0] !== "=") { throw new Error("bad condition"); }
      if (spec.limit !== undefined && formats.length >= spec.limit) { throw new Error("太多条件格式"); }
      /* in the programs StopIfTrue is true at first, other than in their dialogs */
      const format = { Type: type, Formula1: formula, cells, StopIfTrue: true, Interior: { Color: 0 }, Font: { Color: 0, Bold: false } };
      formats.push(format);
      world.dirty();
      return wrap(format);
    },
  }, world.journal);
  const sheet = strict("Worksheet", {
    Name: spec.name,
    Visible: spec.visible === undefined ? -1 : spec.visible,
    ProtectContents: Boolean(spec.protected),
    get Cells() { return strict("Range", { FormatConditions: conditions(null) }, world.journal); },
    Range(address) {
      if (address.length > 255) { throw new Error("address too long"); }
      const cells = cellsOf(address);
      return strict("Range", {
        FormatConditions: conditions(cells),
        Select() {
          if (world.active !== spec.book || spec.book.active !== spec.name) { throw new Error("select on an inactive sheet"); }
          world.selected = `${spec.name}!${address}`;
        },
      }, world.journal);
    },
    Activate() {
      if (spec.visible !== undefined && spec.visible !== -1) { throw new Error("hidden sheet"); }
      if (world.active !== spec.book) { throw new Error("the book is not active"); }
      spec.book.active = spec.name;
    },
  }, world.journal);
  return { sheet, formats };
}

/* A WPS with some books: `{name, fullName, bytes, sheets: [{name, visible, protected, formats, limit}]}`. */
function makeWorld(books, options = {}) {
  const world = { journal: [], files: new Map(options.files || []), active: null, selected: null, alerts: [], panes: [], requests: [] };
  world.dirty = () => { world.touched = true; };
  world.books = books.map((spec) => {
    const book = { ...spec, active: spec.sheets[0].name, fullName: spec.fullName || spec.name };
    book.made = spec.sheets.map((one) => makeSheet(world, { ...one, book }));
    const collection = (items) => strict("Sheets", {
      get Count() { return items.length; },
      Item(n) { if (!items[n - 1]) { throw new Error("no such sheet"); } return items[n - 1]; },
    }, world.journal);
    book.object = strict("Workbook", {
      Name: book.name,
      FullName: book.fullName,
      get Worksheets() { return collection(book.made.map((one) => one.sheet)); },
      Activate() { world.active = book; },
      SaveCopyAs(target) {
        if (options.noCopies) { throw new Error("策略不允许"); }
        world.files.set(target, Buffer.from(book.bytes || "book").toString("latin1"));
        world.copied = target;
      },
    }, world.journal);
    return book;
  });
  world.active = world.books[0] || null;
  const storage = new Map();
  const application = {
    get ActiveWorkbook() { return world.active && world.active.object; },
    get Workbooks() {
      return strict("Workbooks", {
        get Count() { return world.books.length; },
        Item(n) { if (!world.books[n - 1]) { throw new Error("no such book"); } return world.books[n - 1].object; },
      }, world.journal);
    },
    ScreenUpdating: true,
    StatusBar: false,
    Env: strict("Env", { GetTempPath: () => options.temp || "C:\\Users\\张三\\AppData\\Local\\Temp\\" }, world.journal),
    FileSystem: strict("FileSystem", {
      Exists: (name) => world.files.has(name),
      Remove: (name) => world.files.delete(name),
      readAsBinaryString: (name) => world.files.get(name),
      readFileString: (name) => world.files.get(name),
    }, world.journal),
    PluginStorage: strict("PluginStorage", {
      getItem: (name) => (storage.has(name) ? storage.get(name) : null),
      setItem(name, value) {
        if (typeof value === "object") { throw new TypeError("simple values only"); }
        storage.set(name, value);
      },
      removeItem: (name) => { storage.delete(name); },
    }, world.journal),
  };
  if (!options.noPanes) {
    application[options.paneName || "CreateTaskPane"] = (url) => {
      const pane = { url, Visible: false, ID: `pane${world.panes.length}` };
      world.panes.push(pane);
      return pane;
    };
    application[options.paneName ? "GetTaskpane" : "GetTaskPane"] = (id) => world.panes.find((pane) => pane.ID === id);
  }
  world.application = strict("Application", application, world.journal);
  world.raw = application;
  return world;
}

/* The add-in's scripts in a window of their own, as index.html loads them. */
function load(world, extra = {}) {
  const window = {
    Application: world.application,
    XMLHttpRequest: extra.XMLHttpRequest,
    XltoolSettings: { address: extra.address || "serve.json" },
    alert: (text) => { world.alerts.push(text); },
    location: { href: "file:///C:/Users/x/AppData/Roaming/kingsoft/wps/jsaddons/xltool_0.1.0/index.html" },
  };
  const context = vm.createContext({ window, console });
  const page = fs.readFileSync(path.join(FILES, "index.html"), "utf-8");
  for (const [, name] of page.matchAll(/<script src="([^"]+)"/g)) {
    if (name !== "settings.js") { vm.runInContext(fs.readFileSync(path.join(FILES, name), "utf-8"), context, { filename: name }); }
  }
  world.press = (id) => { window.XltoolAction({ Id: id }); };
  world.window = window;
  world.Xltool = vm.runInContext("Xltool", context);
  return world;
}

/* An XMLHttpRequest that answers by `answer(request)`: {status, text}, "error" or "timeout"; at once, or when told. */
function requests(world, answer, later = false) {
  return class {
    constructor() { this.headers = {}; }
    open(method, url) { this.method = method; this.url = url; }
    setRequestHeader(name, value) { this.headers[name] = value; }
    send(body) {
      this.body = body;
      world.requests.push(this);
      this.finish = () => {
        const got = answer(this);
        if (got === "error") { this.onerror(); return; }
        if (got === "timeout") { this.ontimeout(); return; }
        this.status = got.status;
        this.responseText = got.text;
        this.onload();
      };
      if (!later) { this.finish(); }
    }
  };
}

module.exports = { makeWorld, load, requests, FILES };
