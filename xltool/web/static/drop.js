/* Files may be dropped anywhere in the window: `curtain` shows while they are over it, `take` gets them. */
(function () {
  "use strict";
  window.xltoolDrop = function (curtain, take) {
    var depth = 0;  /* leaving one element for another is not leaving the window */
    function carriesFiles(event) {
      return Array.prototype.indexOf.call(event.dataTransfer.types, "Files") >= 0;
    }
    window.addEventListener("dragenter", function (event) {
      if (!carriesFiles(event)) { return; }
      event.preventDefault();
      depth += 1;
      curtain.hidden = false;
    });
    window.addEventListener("dragleave", function () {
      depth = Math.max(0, depth - 1);
      if (!depth) { curtain.hidden = true; }
    });
    window.addEventListener("dragover", function (event) {
      if (carriesFiles(event)) { event.preventDefault(); event.dataTransfer.dropEffect = "copy"; }
    });
    window.addEventListener("drop", function (event) {
      event.preventDefault();
      depth = 0;
      curtain.hidden = true;
      take(event.dataTransfer.files);
    });
  };
})();
