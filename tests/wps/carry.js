/* `node carry.js BOOK ADDRESS NAME`: 校验 with a real server; prints what was marked and said. The pages of the add-in
   come from files, so the browser names `null` as their origin and asks first whether it may. */
"use strict";

const fs = require("node:fs");
const http = require("node:http");
const { load, makeWorld } = require("./et.js");

const [bookFile, addressFile, name] = process.argv.slice(2);
const sheets = JSON.parse(fs.readFileSync(0, "utf-8"));

function send(method, url, headers, body, done) {
  const request = http.request(url, { method, headers: { Origin: "null", ...headers } }, (response) => {
    const pieces = [];
    response.on("data", (piece) => pieces.push(piece));
    response.on("end", () => done(response, Buffer.concat(pieces).toString("utf-8")));
  });
  request.on("error", (error) => done(null, String(error)));
  request.end(body);
}

class XMLHttpRequest {
  constructor() { this.headers = {}; }
  open(method, url) { this.method = method; this.url = url; }
  setRequestHeader(key, value) { this.headers[key] = value; }
  send(body) {
    const names = Object.keys(this.headers).map((key) => key.toLowerCase());
    const asking = { "Access-Control-Request-Method": this.method, "Access-Control-Request-Headers": names.join(", ") };
    send("OPTIONS", this.url, asking, undefined, (allowed) => {
      const may = allowed && allowed.headers["access-control-allow-origin"] === "null" &&
        names.every((key) => allowed.headers["access-control-allow-headers"].split(", ").includes(key));
      if (!may) { this.onerror(); finish(); return; }
      send(this.method, this.url, this.headers, body, (response, text) => {
        if (!response || response.headers["access-control-allow-origin"] !== "null") { this.onerror(); finish(); return; }
        this.status = response.statusCode;
        this.responseText = text;
        this.onload();
        finish();
      });
    });
  }
}

const world = load(makeWorld(
  [{ name, bytes: fs.readFileSync(bookFile), sheets: sheets.map((one) => ({ name: one })) }],
  { files: [["serve.json", fs.readFileSync(addressFile, "utf-8")]] },
), { XMLHttpRequest });

function finish() {
  const marks = {};
  world.books[0].made.forEach((one, n) => {
    one.formats.forEach((format) => format.cells.forEach((cell) => { marks[`${sheets[n]}!${cell}`] = format.Interior.Color; }));
  });
  const stored = world.raw.PluginStorage.getItem(`xltool:${name}`);
  const verdict = stored ? JSON.parse(stored).verdict : null;
  process.stdout.write(JSON.stringify({ marks, verdict, alerts: world.alerts, left: [...world.files.keys()] }));
}

world.press("xltoolValidate");
if (world.alerts.length) { finish(); }
