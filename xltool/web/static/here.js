/* Tells the server that this page is open, rests or is closed, so that it can end after the last one. */
(function () {
  "use strict";
  if (!window.fetch) { return; }
  var name = Math.random().toString(16).slice(2) + Date.now().toString(16);
  function tell(state) {
    fetch("api/here?page=" + name + "&state=" + state, {
      method: "POST", headers: { "X-Xltool-Page": "1" }, credentials: "same-origin", keepalive: true
    }).catch(function () { /* the page itself says when the server is lost */ });
  }
  function here() { tell("here"); }
  here();
  setInterval(here, 5000);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { here(); } });
  window.addEventListener("pagehide", function () { tell("gone"); });
  document.addEventListener("freeze", function () { tell("resting"); });
  document.addEventListener("resume", here);
})();
