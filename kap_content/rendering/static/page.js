// Evidence cards: a number opens what the list of references says of it, without leaving the place.
// Without this script each number is a plain link into that list.
(function () {
  "use strict";
  var card = document.createElement("div");
  card.className = "card";
  card.hidden = true;
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", "Source");
  document.body.appendChild(card);
  var opener = null;
  var pinned = false;
  var timer = 0;

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function source(key, claims) {
    var item = document.getElementById("ref-" + key);
    if (!item) return null;
    var part = document.createElement("section");
    var number = element("span", "number", String(Array.prototype.indexOf.call(item.parentNode.children, item) + 1));
    var uses = Array.prototype.filter.call(item.querySelectorAll("details li"), function (use) {
      return claims.indexOf(use.dataset.claim) >= 0;
    });
    uses.forEach(function (use) {
      use.querySelectorAll(".kind, .finding").forEach(function (line) {
        part.appendChild(element("p", line.className, line.textContent));
      });
    });
    var people = item.querySelector(".people");
    if (people && uses.length) part.appendChild(people.cloneNode(true));
    var entry = item.querySelector(".entry").cloneNode(true);
    entry.querySelectorAll('[role="doc-backlink"]').forEach(function (link) { link.remove(); });
    part.appendChild(entry);
    var first = part.querySelector(".kind") || part.firstChild;
    if (part.firstChild !== first) part.insertBefore(first, part.firstChild);
    first.insertBefore(number, first.firstChild);
    var status = item.querySelector(".status");
    if (status) part.appendChild(status.cloneNode(true));
    var more = element("a", "", "In the list of references");
    more.href = "#ref-" + encodeURIComponent(key);
    more.addEventListener("click", function () { close(false); });
    var line = element("p", "more");
    line.appendChild(more);
    part.appendChild(line);
    return part;
  }

  function open(link, pin) {
    clearTimeout(timer); // what the mouse was about to open or close
    var sup = link.closest("sup.cite");
    var claims = (sup.dataset.claims || "").split(" ");
    var parts = (sup.dataset.refs || "").split(" ").map(function (key) {
      return source(decodeURIComponent(key), claims);
    }).filter(Boolean);
    if (!parts.length) return false;
    card.textContent = "";
    var button = element("button", "", "✕");
    button.type = "button";
    button.setAttribute("aria-label", "Close");
    button.addEventListener("click", function () { close(true); });
    card.appendChild(button);
    parts.forEach(function (part) { card.appendChild(part); });
    card.hidden = false;
    opener = link;
    pinned = pin;
    place(link);
    if (pin) button.focus({ preventScroll: true });
    return true;
  }

  function place(link) {
    if (window.matchMedia("(max-width: 40rem)").matches) {
      card.removeAttribute("style");
      var hidden = link.getBoundingClientRect().bottom + 24 - (window.innerHeight - card.offsetHeight);
      if (hidden > 0) window.scrollBy(0, hidden);
      return;
    }
    var box = link.getBoundingClientRect();
    var left = Math.max(16, Math.min(box.left - 24, document.documentElement.clientWidth - card.offsetWidth - 16));
    var below = box.bottom + 8;
    var above = box.top - card.offsetHeight - 8;
    var top = below + card.offsetHeight > window.innerHeight && above > 0 ? above : below;
    card.style.left = left + window.scrollX + "px";
    card.style.top = top + window.scrollY + "px";
  }

  function close(back) {
    clearTimeout(timer);
    if (card.hidden) return;
    card.hidden = true;
    if (back && pinned && opener) opener.focus({ preventScroll: true });
    pinned = false;
  }

  function citation(target) {
    return target.closest && target.closest("sup.cite a");
  }

  document.addEventListener("click", function (event) {
    var link = citation(event.target);
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      if (open(link, true)) event.preventDefault();
    } else if (!card.contains(event.target)) {
      close(false);
    }
  });
  document.addEventListener("pointerover", function (event) {
    var link = citation(event.target);
    if (pinned || event.pointerType !== "mouse") return;
    clearTimeout(timer);
    if (link) timer = setTimeout(function () { open(link, false); }, 180);
    else if (!card.contains(event.target)) timer = setTimeout(function () { if (!pinned) close(false); }, 250);
  });
  document.addEventListener("focusin", function (event) {
    var link = citation(event.target);
    if (link && link !== opener && link.matches(":focus-visible")) open(link, false);
    else if (!link && !card.contains(event.target) && !pinned) close(false);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") close(true);
  });
  document.querySelectorAll("sup.cite a").forEach(function (link) { link.setAttribute("aria-haspopup", "dialog"); });
})();
