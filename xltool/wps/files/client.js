/* Asks the local server (`xltool serve`): the workbook goes there as bytes, the findings come back. The rules are in
   the server and nowhere else. */
var Xltool = Xltool || {};

(function () {
  "use strict";
  var PATIENCE = 120000;

  /* `files`: FileSystem of WPS. `addressFile`: where the server writes its address. `Request`: XMLHttpRequest. */
  Xltool.client = function (files, addressFile, Request) {
    function address() {
      var told = null;
      try {
        if (files.Exists(addressFile)) { told = JSON.parse(files.readFileString(addressFile)); }
      } catch (error) {
        told = null;
      }
      if (!told || !/^http:\/\/127\.0\.0\.1:\d+$/.test(told.url) || typeof told.token !== "string") {
        throw new Error("没有找到本机服务。请先双击“打开页面”，或运行 xltool serve；窗口开着，再按“校验”。");
      }
      return told;
    }

    /* `bytes`: a Uint8Array. `done(error, answer)`: one of them is null. */
    function validate(name, bytes, done) {
      var server = address(), request = new Request();
      request.open("POST", server.url + "/api/validate?name=" + encodeURIComponent(name));
      request.timeout = PATIENCE;
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.setRequestHeader("X-Xltool-Token", server.token);
      request.onload = function () {
        var answer = null;
        try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
        if (request.status === 200 && answer && answer.marks) { done(null, answer); return; }
        if (request.status === 403) { done(new Error("本机服务不认这次的口令，它可能刚重新启动过。请再按一次“校验”。"), null); return; }
        done(new Error(answer && answer.error ? answer.error : "本机服务的答复看不懂（" + request.status + "）"), null);
      };
      request.onerror = function () {
        done(new Error("连不上本机服务，它可能已经停止。请再双击“打开页面”，或运行 xltool serve。"), null);
      };
      request.ontimeout = function () { done(new Error("本机服务超过两分钟没有答复。请改用本机页面或命令行。"), null); };
      request.send(bytes);
    }

    return { validate: validate };
  };
})();
