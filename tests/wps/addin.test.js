/* The add-in's buttons against the strict fake: `node --test tests/wps/`. */
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { FILES, load, makeWorld, requests } = require("./et.js");

const SERVER = JSON.stringify({ url: "http://127.0.0.1:4567", token: "secret" });
const ADDRESS = [["serve.json", SERVER]];
const LOOKS = [
  { look: "suspect", meaning: "很可能错在这里", fill: "FF9B9B", colour: "9C0006", bold: true },
  { look: "error", meaning: "必须相符，不符", fill: "FFD9D9", colour: null, bold: false },
  { look: "warning", meaning: "需核实", fill: "FFF2B3", colour: null, bold: false },
];
const OWN = () => ({ Type: 2, Formula1: '=$A1>0', cells: ["A1"], Interior: { Color: 7 }, Font: {} });
const BAR = () => ({ Type: 4, cells: ["B1"] });

function cell(ref, look, note = "说明") { return { cell: ref, look, note }; }
function answer(sheets, more = {}) {
  const findings = sheets.flatMap((one) => one.cells.map((c) => ({
    rule: "T01-03", level: "error", outcome: "不符", message: "两边不等", hint: "改为 1", sheet: one.sheet, cells: [c.cell], suspect: null, explanation: "",
  })));
  return { status: 200, text: JSON.stringify({
    file: "决算.xlsx", verdict: "不合格", findings, ledger: { counts: {}, rules: [] }, marks: { looks: LOOKS, sheets }, ...more,
  }) };
}
const WRONG = [
  { sheet: "支出决算表", cells: [cell("C7", "error"), cell("C8", "error"), cell("AA2", "warning")] },
  { sheet: "收入支出决算总表", cells: [cell("D33", "suspect", "很可能是 D33 错了\n涉及规则：T01-04")] },
];
function book(more = {}) {
  return { name: "决算.xlsx", fullName: "C:\\决算.xlsx", bytes: Buffer.from([80, 75, 0, 255, 128]),
    sheets: [{ name: "收入支出决算总表", formats: [OWN(), BAR()] }, { name: "支出决算表" }], ...more };
}
function ready(books, { reply = () => answer(WRONG), later = false, ...options } = {}) {
  const world = makeWorld(books, { files: ADDRESS, ...options });
  return load(world, { XMLHttpRequest: requests(world, reply, later) });
}
function marked(world, n = 0) {
  return world.books[n].made.map((one) => one.formats.filter((f) => f.Formula1 === '=N("xltool")=0')
    .map((f) => [f.cells.join(","), f.Interior.Color]));
}

test("校验 sends the book as it stands in memory and leaves no copy", () => {
  const world = ready([book()]);
  world.press("xltoolValidate");
  const [request] = world.requests;
  assert.equal(request.method, "POST");
  assert.equal(request.url, "http://127.0.0.1:4567/api/validate?name=" + encodeURIComponent("决算.xlsx"));
  assert.equal(request.headers["X-Xltool-Token"], "secret");
  assert.deepEqual([...request.body], [80, 75, 0, 255, 128]);
  assert.match(world.copied, /^C:\\Users\\张三\\AppData\\Local\\Temp\/xltool-[0-9a-f]+\.xlsx$/);
  assert.deepEqual([...world.files.keys()], ["serve.json"]);
  assert.deepEqual(world.alerts, []);
});

test("校验 marks cells with tagged conditional formats over the clerk's own", () => {
  const world = ready([book()]);
  world.press("xltoolValidate");
  assert.deepEqual(marked(world), [[["D33", 0x9b9bff]], [["C7,C8", 0xd9d9ff], ["AA2", 0xb3f2ff]]]);
  const formats = world.books[0].made[0].formats;
  assert.equal(formats[0].Font.Bold, true);
  assert.equal(formats[0].Font.Color, 0x06009c);
  assert.deepEqual(formats.map((f) => f.StopIfTrue), [false, false, false]);
  assert.deepEqual(formats.slice(1).map((f) => f.Type), [2, 4]);
});

test("校验 again leaves the same marks and not twice as many", () => {
  const world = ready([book()]);
  world.press("xltoolValidate");
  const first = marked(world);
  world.press("xltoolValidate");
  assert.deepEqual(marked(world), first);
});

test("清除标记 takes off what 校验 put on and nothing else", () => {
  const world = ready([book()]);
  const before = JSON.stringify(world.books[0].made.map((one) => one.formats));
  world.press("xltoolValidate");
  assert.notEqual(JSON.stringify(world.books[0].made.map((one) => one.formats)), before);
  world.press("xltoolClear");
  assert.equal(JSON.stringify(world.books[0].made.map((one) => one.formats)), before);
  assert.equal(world.raw.StatusBar, false);
  world.press("xltoolClear");
  assert.deepEqual(world.alerts, []);
});

test("marks of a marked copy, made by the command, are taken off too", () => {
  const tagged = { Type: 2, Formula1: '=N( "xltool" )=0', cells: ["A1"] };
  const world = ready([book({ sheets: [{ name: "表", formats: [tagged, OWN()] }] })]);
  world.press("xltoolClear");
  assert.equal(world.books[0].made[0].formats.length, 1);
});

test("protected sheets are named and left alone", () => {
  const sheets = [{ name: "收入支出决算总表", protected: true, formats: [OWN()] }, { name: "支出决算表" }];
  const world = ready([book({ sheets })]);
  world.press("xltoolValidate");
  assert.equal(marked(world)[0].length, 0);
  assert.equal(marked(world)[1].length, 2);
  assert.match(world.alerts[0], /受保护，没有标记：收入支出决算总表/);
  assert.equal(world.books[0].made[0].formats.length, 1);
});

test("marks on a sheet that was protected since stay, and that is said", () => {
  const tagged = { Type: 2, Formula1: '=N("xltool")=0', cells: ["A1"] };
  const sheets = [{ name: "收入支出决算总表", protected: true, formats: [tagged] }, { name: "支出决算表", formats: [{ ...tagged }] }];
  const world = ready([book({ sheets })]);
  world.press("xltoolClear");
  assert.deepEqual(world.alerts, ["这些工作表受保护，标记还在：收入支出决算总表。撤销保护后再按“清除标记”。"]);
  assert.deepEqual(world.books[0].made.map((one) => one.formats.length), [1, 0]);
});

test("a sheet that takes no more formats is named, the others are marked", () => {
  const world = ready([book({ sheets: [{ name: "收入支出决算总表", limit: 0 }, { name: "支出决算表" }] })]);
  world.press("xltoolValidate");
  assert.match(world.alerts[0], /收入支出决算总表/);
  assert.equal(marked(world)[1].length, 2);
});

test("500 findings take a bounded number of calls", () => {
  const cells = [];
  for (let n = 0; n < 500; n += 1) { cells.push(cell(String.fromCharCode(65 + (n % 20)) + (10 + 2 * n), "error")); }
  const world = ready([book()], { reply: () => answer([{ sheet: "支出决算表", cells }]) });
  world.press("xltoolValidate");
  const adds = world.journal.filter((call) => call === "FormatConditions.Add").length;
  assert.ok(adds <= 30, `${adds} formats`);
  assert.ok(world.journal.length <= 600, `${world.journal.length} calls`);
  assert.equal(marked(world)[1].flatMap(([text]) => text.split(",")).length, 500);
});

test("selection, active sheet and screen setting stay, also after an error", () => {
  const world = ready([book()]);
  world.selected = "before";
  world.books[0].active = "支出决算表";
  world.press("xltoolValidate");
  world.press("xltoolClear");
  assert.deepEqual([world.selected, world.books[0].active, world.raw.ScreenUpdating], ["before", "支出决算表", true]);
  const broken = ready([book()], { reply: () => answer([{ sheet: "支出决算表", cells: [cell("C7", "unknown")] }], { marks: { looks: LOOKS, sheets: null } }) });
  broken.press("xltoolValidate");
  assert.match(broken.alerts[0], /^没有做成：/);
  assert.deepEqual([broken.raw.ScreenUpdating, broken.raw.StatusBar], [true, false]);
  broken.press("xltoolClear");
  assert.equal(broken.alerts.length, 1);
});

test("下一处问题 goes through the marks in the order of the book and begins again", () => {
  const world = ready([book()]);
  world.press("xltoolValidate");
  const seen = [];
  for (let n = 0; n < 5; n += 1) { world.press("xltoolNext"); seen.push(world.selected); }
  assert.deepEqual(seen, ["收入支出决算总表!D33", "支出决算表!AA2", "支出决算表!C7", "支出决算表!C8", "收入支出决算总表!D33"]);
  assert.equal(world.raw.StatusBar, "1/4　很可能是 D33 错了");
});

test("下一处问题 passes over hidden sheets", () => {
  const sheets = [{ name: "收入支出决算总表", visible: 0 }, { name: "支出决算表", visible: 2 }];
  const world = ready([book({ sheets })]);
  world.press("xltoolValidate");
  world.press("xltoolNext");
  assert.match(world.alerts.at(-1), /都是隐藏的/);
  assert.equal(world.selected, null);
});

test("each open book has its own result", () => {
  const other = book({ name: "另一本.xlsx", fullName: "C:\\另一本.xlsx" });
  const world = ready([book(), other]);
  world.press("xltoolValidate");
  world.active = world.books[1];
  world.press("xltoolNext");
  assert.match(world.alerts[0], /还没有校验/);
  assert.deepEqual(marked(world, 1), [[], []]);
  world.active = world.books[0];
  world.press("xltoolNext");
  assert.equal(world.selected, "收入支出决算总表!D33");
});

test("the marks go to the book that was checked, also when another has come to the front", () => {
  const world = ready([book(), book({ name: "另一本.xlsx", fullName: "C:\\另一本.xlsx" })], { later: true });
  world.press("xltoolValidate");
  world.press("xltoolValidate");
  assert.match(world.alerts[0], /还没有做完/);
  world.active = world.books[1];
  world.requests[0].finish();
  assert.equal(marked(world, 0)[0].length, 1);
  assert.equal(marked(world, 1)[0].length, 0);
  assert.equal(world.active, world.books[1]);
});

test("a book that was closed meanwhile is not marked, and that is said", () => {
  const world = ready([book(), book({ fullName: "C:\\另一本.xlsx" })], { later: true });
  world.press("xltoolValidate");
  world.books.shift();
  world.requests[0].finish();
  assert.match(world.alerts[0], /已经关闭/);
  assert.deepEqual(marked(world), [[], []]);
});

test("a book that was never saved is checked under a name with a suffix on disk", () => {
  const world = ready([book({ name: "工作簿1", fullName: "工作簿1" })], { temp: "/tmp" });
  world.press("xltoolValidate");
  assert.match(world.copied, /^\/tmp\/xltool-[0-9a-f]+\.xlsx$/);
  assert.deepEqual(world.alerts, []);
});

test("审核结果 shows one pane, made once", () => {
  const world = ready([book()]);
  world.press("xltoolResult");
  assert.match(world.alerts[0], /还没有校验/);
  world.press("xltoolValidate");
  world.panes[0].Visible = false;
  world.press("xltoolResult");
  assert.equal(world.panes.length, 1);
  assert.equal(world.panes[0].Visible, true);
  assert.equal(world.panes[0].url, "file:///C:/Users/x/AppData/Roaming/kingsoft/wps/jsaddons/xltool_0.1.0/results.html");
  const told = JSON.parse(world.raw.PluginStorage.getItem("xltool:C:\\决算.xlsx"));
  assert.equal(told.verdict, "不合格");
  assert.equal(told.problems.length, 4);
  assert.deepEqual(told.problems[0], { level: "error", hint: "改为 1", sheet: "支出决算表", cell: "C7", told: [{ rule: "T01-03", message: "两边不等" }] });
});

test("findings of one cause are told together, settled and passed ones not at all", () => {
  const finding = (rule, more) => ({ rule, level: "error", outcome: "不符", message: rule, hint: "改", sheet: "支出决算表", cells: ["C7"], suspect: "收入支出决算总表!D33", group: null, explanation: "", ...more });
  const findings = [finding("A", { group: 1 }), finding("B", { group: 1 }), finding("C"), finding("D", { level: "warning", explanation: "口径" }), finding("E", { outcome: "尾差" })];
  const world = ready([book()], { reply: () => answer(WRONG, { findings, ledger: { counts: {}, rules: [
    { rule: "T02-02", name: "各类之和", level: "error", outcome: "数据不足", reason: "没有填", blocks: true }, { rule: "P-01", name: "上年", level: "warning", outcome: "未执行", reason: "" }] } }) });
  world.press("xltoolValidate");
  const told = JSON.parse(world.raw.PluginStorage.getItem("xltool:C:\\决算.xlsx"));
  assert.deepEqual(told.problems.map((problem) => problem.told.map((one) => one.rule)), [["A", "B"], ["C"]]);
  assert.equal(told.problems[0].cell, "收入支出决算总表!D33");
  assert.deepEqual(told.open, ["T02-02 各类之和：没有填"]);
});

test("a WPS that spells the pane otherwise, or has none, works too", () => {
  const other = ready([book()], { paneName: "CreateTaskpane" });
  other.press("xltoolValidate");
  assert.equal(other.panes.length, 1);
  const none = ready([book()], { noPanes: true });
  none.press("xltoolValidate");
  assert.match(none.alerts[0], /^不合格。/);
});

test("a clean book says so", () => {
  const world = ready([book()], { reply: () => answer([], { verdict: "合格" }), noPanes: true });
  world.press("xltoolValidate");
  world.press("xltoolNext");
  assert.match(world.alerts[1], /^合格，没有标记的单元格/);
});

test("what goes wrong is said in one Chinese sentence, and the next try works", () => {
  for (const [reply, said] of [
    [() => ({ status: 422, text: '{"error": "工作簿设了打开密码。"}' }), /打开密码/],
    [() => ({ status: 403, text: '{"error": "口令不对"}' }), /不认这次的口令/],
    [() => ({ status: 500, text: "<html>" }), /答复看不懂（500）/],
    [() => ({ status: 200, text: "{}" }), /答复看不懂/],
    [() => "error", /连不上本机服务/],
    [() => "timeout", /两分钟没有答复/],
  ]) {
    const world = ready([book()], { reply });
    world.press("xltoolValidate");
    assert.equal(world.alerts.length, 1);
    assert.match(world.alerts[0], /^没有做成：/);
    assert.match(world.alerts[0], said);
    assert.deepEqual(marked(world), [[], []]);
    assert.deepEqual([...world.files.keys()], ["serve.json"]);
    world.press("xltoolValidate");
    assert.equal(world.requests.length, 2);
  }
});

test("without a server, without a book, without copies: nothing is touched", () => {
  for (const [books, options, said] of [
    [[book()], { files: [] }, /没有找到本机服务。请先双击“打开页面”，或运行 xltool serve/],
    [[book()], { files: [["serve.json", "not json"]] }, /没有找到本机服务/],
    [[book()], { files: [["serve.json", JSON.stringify({ url: "http://evil.example:80", token: "x" })]] }, /没有找到本机服务/],
    [[], {}, /没有打开的工作簿/],
    [[book()], { noCopies: true }, /策略不允许/],
  ]) {
    const world = ready(books, options);
    world.press("xltoolValidate");
    assert.equal(world.alerts.length, 1);
    assert.match(world.alerts[0], said);
    assert.equal(world.requests.length, 0);
    assert.equal(world.raw.StatusBar, false);
    assert.equal(world.touched, undefined);
  }
});

test("every button of the ribbon has its action and its picture, and every action a button", () => {
  const world = ready([book()]);
  const ribbon = fs.readFileSync(path.join(FILES, "ribbon.xml"), "utf-8");
  const ids = [...ribbon.matchAll(/<button id="([^"]+)"/g)].map((found) => found[1]);
  const callbacks = new Set([...ribbon.matchAll(/(?:onAction|getImage|onLoad)="([^"]+)"/g)].map((found) => found[1]));
  for (const name of callbacks) { assert.equal(typeof world.window[name], "function", name); }
  const addin = world.Xltool.addin(world.application, null, () => {}, "");
  assert.deepEqual([...addin.actions].sort(), [...ids].sort());
  for (const id of ids) { assert.ok(fs.existsSync(path.join(FILES, world.window.XltoolImage({ Id: id })))); }
});
