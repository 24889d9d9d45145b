// Loads the page again when the project has changed since it was made. Only pages of `kap serve` have this script.
(function () {
  "use strict";
  var made = new URL(document.currentScript.src).searchParams.get("made");
  function ask() {
    if (document.hidden) return later(1000);
    fetch("/-/version", { cache: "no-store" }).then(function (answer) { return answer.text(); }).then(function (now) {
      if (now !== made) location.reload();
      else later(700);
    }, function () { later(2000); });
  }
  function later(milliseconds) { setTimeout(ask, milliseconds); }
  later(300);
})();
