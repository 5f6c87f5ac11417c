/* The pane beside the sheet against the strict fake and the few parts of a page that it uses. */
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const vm = require("node:vm");
const { FILES, makeWorld } = require("./et.js");

/* Texts can only be set as texts here: a page of these elements has no markup to be broken. */
class Node {
  constructor(tag) { this.tag = tag; this.children = []; this.own = ""; this.hidden = false; this.className = ""; }
  get textContent() { return this.own + this.children.map((child) => child.textContent).join(""); }
  set textContent(text) { this.own = String(text); this.children = []; }
  appendChild(child) { this.children.push(child); return child; }
  addEventListener(kind, act) { this[`on${kind}`] = act; }
  all(tag) { return this.children.flatMap((child) => [...(child.tag === tag ? [child] : []), ...child.all(tag)]); }
}

function open(result) {
  const world = makeWorld([{ name: "决算.xlsx", fullName: "C:\\决算.xlsx", sheets: [{ name: "总表" }, { name: "隐藏的", visible: 0 }] }]);
  const storage = world.raw.PluginStorage;
  if (result) {
    storage.setItem("xltool:current", "C:\\决算.xlsx");
    storage.setItem("xltool:C:\\决算.xlsx", JSON.stringify(result));
  }
  const page = fs.readFileSync(path.join(FILES, "results.html"), "utf-8");
  const nodes = new Map([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => [id, new Node("div")]));
  const document = {
    getElementById: (id) => { assert.ok(nodes.has(id), id); return nodes.get(id); },
    createElement: (tag) => new Node(tag),
    createTextNode: (text) => { const node = new Node("#text"); node.textContent = text; return node; },
  };
  const alerts = [];
  let tick = null;
  const window = { Application: world.application, alert: (text) => alerts.push(text) };
  const context = vm.createContext({ window, document, setInterval: (act) => { tick = act; } });
  for (const [, name] of page.matchAll(/<script src="([^"]+)"/g)) {
    vm.runInContext(fs.readFileSync(path.join(FILES, name), "utf-8"), context, { filename: name });
  }
  return { world, nodes, alerts, storage, tick: () => tick() };
}

const HOSTILE = "<img src=x onerror=alert(1)>";
const RESULT = {
  file: "决算.xlsx", verdict: "不合格", refused: ["受保护的"], more: 2, marks: [], open: ["T02-02 合计等于各类之和：没有填"],
  problems: [
    { level: "error", hint: "改为 1", sheet: "总表", cell: "D33", told: [{ rule: "T01-04", message: HOSTILE }, { rule: "T01-05", message: "也不等" }] },
    { level: "warning", hint: "", sheet: "总表", cell: "隐藏的!B2", told: [{ rule: "X-01", message: "另一表" }] },
    { level: "error", hint: "", sheet: "", cell: "", told: [{ rule: "S-01", message: "缺表" }] },
  ],
};

test("the pane lists what was found, as text", () => {
  const { nodes } = open(RESULT);
  assert.equal(nodes.get("verdict").textContent, "不合格");
  assert.equal(nodes.get("verdict").className, "fail");
  const items = nodes.get("problems").children;
  assert.deepEqual(items.map((item) => item.className), ["error", "warning", "error"]);
  assert.equal(items[0].textContent, `总表 D33改为 1${HOSTILE} T01-04也不等 T01-05`);
  assert.deepEqual(items.map((item) => item.all("button").map((b) => b.textContent)), [["总表 D33"], ["隐藏的 B2"], []]);
  assert.equal(nodes.get("refused").textContent, "受保护，没有标记：受保护的");
  assert.equal(nodes.get("more").textContent, "另有 2 处，见本机页面的报告");
  assert.equal(nodes.get("open").children[0].textContent, "T02-02 合计等于各类之和：没有填");
});

test("a button leads to its cell, or says why not", () => {
  const { world, nodes, alerts } = open(RESULT);
  const [first, second] = nodes.get("problems").children;
  first.all("button")[0].onclick();
  assert.equal(world.selected, "总表!D33");
  second.all("button")[0].onclick();
  assert.match(alerts[0], /“隐藏的”是隐藏的/);
  world.books.length = 0;
  first.all("button")[0].onclick();
  assert.match(alerts[1], /已经关闭/);
});

test("the pane follows the next 校验 and 清除标记", () => {
  const { nodes, storage, tick } = open(null);
  assert.equal(nodes.get("verdict").textContent, "还没有校验");
  storage.setItem("xltool:current", "C:\\决算.xlsx");
  storage.setItem("xltool:C:\\决算.xlsx", JSON.stringify({ ...RESULT, verdict: "合格", problems: [], open: [] }));
  storage.setItem("xltool:round", "2");
  tick();
  assert.equal(nodes.get("verdict").textContent, "合格");
  assert.equal(nodes.get("openHead").hidden, true);
  storage.removeItem("xltool:C:\\决算.xlsx");
  storage.setItem("xltool:round", "3");
  tick();
  assert.equal(nodes.get("verdict").textContent, "还没有校验");
});
