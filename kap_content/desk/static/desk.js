// The desk without a script is complete; this adds keys, filters that answer while one types, and news of the files.
"use strict";

(() => {
  const body = document.body;
  const $ = id => document.getElementById(id);
  const live = $("live");
  const say = text => { live.textContent = ""; requestAnimationFrame(() => { live.textContent = text; }); };
  document.documentElement.classList.add("scripted");

  // Addresses of works open beside the desk, so that what was typed stays.
  const outward = root => root.querySelectorAll('a[href^="http"]').forEach(link => { link.target = "_blank"; link.rel = "noopener noreferrer"; });
  outward(document);

  // After something was written, or refused, whoever reads with a screen reader is taken to the message.
  if ($("told")) $("told").focus();

  // Keys. They can be switched off (WCAG 2.1.4), and never act while one types.
  const dialog = $("keys"), on = $("keys-on"), button = $("keys-button");
  const stored = name => { try { return sessionStorage.getItem(name); } catch { return null; } };
  const store = (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* then it lasts for this page */ } };
  on.checked = stored("keys") !== "off";
  on.addEventListener("change", () => store("keys", on.checked ? "on" : "off"));
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());

  const rows = () => [...document.querySelectorAll("a.row")];
  const move = step => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    if (!all.length) {
      const other = document.querySelector(`.trail a[rel=${step > 0 ? "next" : "prev"}]`);
      if (other) other.click(); else say(step > 0 ? "This is the last claim." : "This is the first claim.");
    } else if (at < 0) {
      all[step > 0 ? 0 : all.length - 1].focus();
    } else if (all[at + step]) {
      all[at + step].focus();
    } else {
      const more = document.querySelector(`.pager a[rel=${step > 0 ? "next" : "prev"}]`);
      if (more) more.click(); else say(step > 0 ? "This is the last claim." : "This is the first claim.");
    }
  };
  const go = id => { const one = $(id); if (one) { one.scrollIntoView({ block: "center" }); one.focus(); } return Boolean(one); };
  const acts = {
    j: () => move(1), k: () => move(-1),
    a: () => go("approve"), r: () => go("comment"),
    u: () => $("up")?.click(), "/": () => go("words"), "?": () => dialog.showModal(),
  };
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || dialog.open) return;
    const act = acts[event.key];
    if (!act || event.target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])")) return;
    if (!on.checked && event.key !== "?") return;
    event.preventDefault();
    act();
  });

  // Filters: the answer replaces the results as soon as one chooses or types.
  const form = $("filters");
  let asked = 0;
  const results = async (address, quietly) => {
    const number = ++asked;
    try {
      const answer = await fetch(address, { headers: { "X-Part": "list" } });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (number !== asked) return;
      const focused = document.activeElement?.closest?.("a.row")?.getAttribute("href");
      for (const id of ["results", "progress"]) $(id).replaceWith(document.importNode(fresh.getElementById(id), true));
      for (const old of form.querySelectorAll(".pill .number")) {
        const value = old.closest(".pill").querySelector("input").value;
        old.textContent = fresh.querySelector(`.pill input[value="${value}"] + span .number`).textContent;
      }
      body.dataset.version = fresh.body.dataset.version;
      body.dataset.stage = fresh.body.dataset.stage;
      if (focused) rows().find(row => row.getAttribute("href") === focused)?.focus();
      if (!quietly) say($("results-title").textContent);
    } catch { if (number === asked) stopped(); }
  };
  if (form) {
    let timer;
    const address = () => "/?" + new URLSearchParams([...new FormData(form)].filter(([name, value]) => value && !(name === "show" && value === "all")));
    const refresh = () => { history.replaceState(null, "", address()); results(address(), false); };
    form.addEventListener("change", event => { if (event.target.id !== "words") refresh(); });
    form.addEventListener("input", event => { if (event.target.id === "words") { clearTimeout(timer); timer = setTimeout(refresh, 120); } });
    form.addEventListener("submit", event => { event.preventDefault(); clearTimeout(timer); refresh(); });
  }

  // A desk that was stopped: say so, and keep what was typed. Forms are sent only to a desk that answers.
  const stopped = () => {
    const alert = $("alert");
    if (!alert.hidden) return;
    const text = document.createElement("p");
    const typed = $("comment")?.value.trim();
    text.textContent = "The desk does not answer: kap review was stopped. Nothing was written. " +
      (typed ? "What you typed is still here; copy it, start kap review again, and open the new link." : "Start kap review again, and open the new link.");
    alert.replaceChildren(text);
    alert.hidden = false;
    alert.scrollIntoView({ block: "nearest" });
  };
  const reached = () => { $("alert").hidden = true; };
  const state = async () => {
    const answer = await fetch("/state", { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    reached();
    return answer.json();
  };
  const decide = $("decide");
  let sure = false;
  decide?.addEventListener("submit", event => {
    if (sure) return;
    event.preventDefault();
    const by = event.submitter;
    if (!by || by.value === "enter") return;
    state().then(() => { sure = true; decide.requestSubmit(by); setTimeout(() => { sure = false; }, 3000); }, stopped);
  });

  // What was typed and not sent is not left by a slip of the hand.
  const untouched = decide && new URLSearchParams(new FormData(decide)).toString();
  const isTouched = () => decide && ("typed" in decide.dataset || new URLSearchParams(new FormData(decide)).toString() !== untouched);
  addEventListener("beforeunload", event => { if (!sure && isTouched()) event.preventDefault(); });

  // News: the list follows the files by itself; a claim gets its findings when they are known, and says when it changed.
  const findings = async () => {
    const answer = await fetch(body.dataset.here);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = fresh.getElementById("findings");
    if (!now || fresh.body.dataset.version !== body.dataset.version) return;
    $("findings").replaceWith(document.importNode(now, true));
    body.dataset.stage = fresh.body.dataset.stage;
    if (body.dataset.stage === "judged") say("The rules have run; the findings are of now.");
  };
  const tell = () => {
    if (!$("news").hidden) return;
    $("news").hidden = false;
    say("The files of the project have changed. A link above the claim shows them as they are now.");
  };
  const watch = async () => {
    try {
      const now = await state();
      const changed = now.version !== body.dataset.version;
      if (form && (changed || now.stage !== body.dataset.stage)) await results(location.pathname + location.search, true);
      else if (changed) tell();
      else if ($("findings") && now.stage !== body.dataset.stage) await findings();
    } catch { stopped(); }
    setTimeout(watch, body.dataset.stage === "judged" ? 4000 : 1000);
  };
  setTimeout(watch, body.dataset.stage === "judged" ? 4000 : 600);
})();
