/* Comforts for editors; everything also works without this file. */
(function () {
  "use strict";

  var PAUSE = 1000; // milliseconds without a key before a text is saved

  document.querySelectorAll("[data-script]").forEach(function (hint) { hint.hidden = false; });

  /* One player for the page: a link to a clip becomes a button that plays it here. It waits while somebody types. */
  var sound = new Audio();
  var playing = null, last = null;

  function stop() {
    sound.pause();
    if (playing) playing.setAttribute("aria-pressed", "false");
    playing = null;
  }

  function toggle(button) {
    var again = playing === button;
    stop();
    if (again) return;
    playing = last = button;
    button.setAttribute("aria-pressed", "true");
    sound.src = button.dataset.clip;
    sound.play().catch(stop);
  }

  sound.addEventListener("ended", stop);

  /* As fast as one can follow, slower where words are doubtful; each is kept from page to page. */
  var RATES = [0.85, 1, 1.25, 1.5, 2];
  var kept = document.querySelector(".item[data-slow]") ? "rate of words" : "rate";

  function setRate(rate) {
    sound.defaultPlaybackRate = sound.playbackRate = rate;
    document.querySelectorAll("[data-rate]").forEach(function (shown) { shown.textContent = rate + "×"; });
  }

  function hasten(step) {
    var at = RATES.indexOf(sound.defaultPlaybackRate) + step;
    if (at < 0 || at >= RATES.length) return;
    setRate(RATES[at]);
    try { localStorage.setItem(kept, RATES[at]); } catch (error) { /* for this page only */ }
  }

  var chosen = Number(typedBefore(kept));
  setRate(RATES.indexOf(chosen) >= 0 ? chosen : kept === "rate" ? 1 : RATES[0]);

  function goBack() { sound.currentTime = Math.max(0, sound.currentTime - 3); }

  [["back", goBack], ["slower", function () { hasten(-1); }], ["faster", function () { hasten(1); }]].forEach(function (one) {
    document.querySelectorAll("[data-do=" + one[0] + "]").forEach(function (button) { button.addEventListener("click", one[1]); });
  });

  /* What is open or large plays; else what played last, else the first of the page. */
  document.querySelectorAll("[data-play-open]").forEach(function (button) {
    button.addEventListener("click", function () {
      var clip = playing || document.querySelector(".item button.play, .is-open button.play") || last || document.querySelector("button.play");
      if (clip) toggle(clip);
    });
  });

  /* The second of the recording that plays, or stopped, for "from here" and "to here". */
  function putHere(field) {
    if (!sound.src) return;
    var spoken = Number(new URL(sound.src).searchParams.get("start")) + sound.currentTime;
    var tenths = Math.round(spoken * 10), two = function (n) { return String(n).padStart(2, "0"); };
    var hours = Math.floor(tenths / 36000), minutes = Math.floor(tenths / 600) % 60;
    field.value = (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(Math.floor(tenths / 10) % 60) + "." + tenths % 10;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.querySelectorAll("[data-here]").forEach(function (button) {
    button.addEventListener("click", function () { putHere(document.getElementById(button.dataset.here)); });
  });

  function withButtons(root) {
    root.querySelectorAll("a[data-play]").forEach(function (link) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = link.className;
      button.dataset.clip = link.href;
      button.setAttribute("aria-pressed", "false");
      button.append.apply(button, link.childNodes);
      button.addEventListener("click", function () { toggle(button); });
      link.replaceWith(button);
    });
  }

  /* What was typed stays in the browser until the desk says that it holds exactly that: a save that failed, an expired
     session or another tab loses nothing. */
  function key(text) { return text.form.action + "#" + text.id; }

  function plain(words) {
    return words.normalize("NFC").replace(/\s+/g, " ").replace(/[\p{Cc}\p{Cf}]/gu, "").trim();
  }

  function isUnsaved(text) { return plain(text.value) !== plain(text.dataset.saved); }

  function typedBefore(name) {
    try { return localStorage.getItem(name); } catch (error) { return null; }
  }

  function keep(text) {
    try {
      if (isUnsaved(text)) localStorage.setItem(key(text), text.value);
      else localStorage.removeItem(key(text));
    } catch (error) { /* a browser that keeps nothing: the page itself still has it */ }
    var row = text.closest("[data-row]");
    if (row) row.classList.toggle("is-unsaved", isUnsaved(text));
  }

  function tell(text, words) {
    var place = text.form.querySelector("[data-saving]");
    if (place) place.textContent = words;
  }

  /* Nothing to save: a pause saves, one text at a time. The answer is a state and never text under the caret. */
  var waiting = Promise.resolve();
  var isStale = false; // something was saved since this page was made: approve only what a fresh one shows

  function save(text) {
    var sent = text.value;
    if (!text.isConnected || !isUnsaved(text) || !plain(sent)) return Promise.resolve(); // closed: the browser keeps it
    var form = new FormData(text.form);
    form.set("do", "save");
    tell(text, "Saving …");
    return fetch(text.form.action, {
      method: "POST", body: new URLSearchParams(form), credentials: "same-origin", headers: { Accept: "application/json" }
    }).then(function (answer) {
      return answer.json().then(function (said) { return [answer.status, said]; });
    }).then(function (answer) {
      if (answer[0] === 401) return renew(text);
      if (answer[0] !== 200) { refuse(text, answer[1]); return; }
      text.dataset.saved = sent;
      text.form.querySelector("[name=revision]").value = answer[1].revision;
      isStale = true;
      keep(text);
      tell(text, isUnsaved(text) ? "Saving …" : "Saved");
      if (isUnsaved(text)) later(text);
    }).catch(function () {
      tell(text, "Not saved, kept here. It is tried again.");
      later(text, 10 * PAUSE);
    });
  }

  function later(text, pause) {
    clearTimeout(text.timer);
    text.timer = setTimeout(function () { waiting = waiting.then(function () { return save(text); }); }, pause || PAUSE);
  }

  /* An expired session is renewed beside the text: in a new tab, which says so to the others when it is in. What was
     not saved is saved then, by the same person and nobody else. */
  var me = document.querySelector("[data-name]");
  var tabs = new BroadcastChannel("desk");

  function renew(text) {
    return fetch("/session", { credentials: "same-origin", headers: { Accept: "application/json" } }).then(function (answer) {
      if (!answer.ok) { ask(text, "Your session has ended. Your text is kept here.", "Log in, in a new tab"); return; }
      return answer.json().then(function (session) {
        if (session.name !== me.textContent) {
          ask(text, "In this browser " + session.name + " is logged in now. Your text is kept here; to save it, log in as " + me.textContent + ".");
          return;
        }
        document.querySelectorAll("[name=proof]").forEach(function (field) { field.value = session.proof; });
        document.querySelectorAll("[data-refused]").forEach(function (box) { box.remove(); });
        texts().filter(isUnsaved).forEach(function (one) { if (one.form.hasAttribute("data-autosave")) later(one); });
      });
    });
  }

  function ask(text, words, way) {
    tell(text, "Not saved, kept here");
    var box = boxAfter(text, words);
    if (!way) return;
    var link = document.createElement("a");
    link.href = "/login?next=/session/renewed";
    link.target = "_blank";
    link.textContent = way;
    box.lastChild.append(" ", link);
  }

  if (me) {
    tabs.postMessage("in");
    tabs.addEventListener("message", function () {
      var waits = document.querySelector("[data-refused] a[target]");
      if (waits) renew(waits.closest("form").querySelector("[data-saved]"));
    });
  }

  function boxAfter(text, said) {
    var old = text.form.querySelector("[data-refused]");
    if (old) old.remove();
    var box = document.createElement("div");
    box.className = "alert";
    box.setAttribute("role", "alert");
    box.dataset.refused = "";
    var words = document.createElement("p");
    words.textContent = said;
    box.append(words);
    text.after(box);
    return box;
  }

  /* Somebody else changed the same thing, or the desk refuses: both texts stand side by side. */
  function refuse(text, said) {
    tell(text, "Not saved, kept here");
    var box = boxAfter(text, said.problem);
    if (said.now !== null && said.now !== undefined) {
      var theirs = document.createElement("p");
      theirs.append("Saved is: “", said.now, "”");
      var mine = document.createElement("button");
      mine.type = "button";
      mine.textContent = "Save mine instead";
      mine.addEventListener("click", function () {
        text.form.querySelector("[name=revision]").value = said.revision;
        box.remove();
        save(text);
        text.focus();
      });
      var take = document.createElement("button");
      take.type = "button";
      take.className = "quiet";
      take.textContent = "Take theirs";
      take.addEventListener("click", function () {
        text.value = text.dataset.saved = said.now;
        text.form.querySelector("[name=revision]").value = said.revision;
        box.remove();
        keep(text);
        tell(text, "");
        text.focus();
      });
      box.append(theirs, mine, " ", take);
    }
  }

  function texts() { return Array.from(document.querySelectorAll("[data-saved]")); }

  function withKeeping(root) {
    root.querySelectorAll("[data-saved]").forEach(function (text) {
      var typed = typedBefore(key(text));
      if (typed !== null && plain(typed) !== plain(text.dataset.saved)) {
        text.value = typed;
        tell(text, "Not saved yet");
      }
      keep(text);
      text.addEventListener("input", function () {
        sound.pause();
        keep(text);
        tell(text, isUnsaved(text) ? "Not saved yet" : "");
        if (text.form.hasAttribute("data-autosave")) later(text);
      });
      if (!text.form.hasAttribute("data-autosave")) return;
      text.form.addEventListener("submit", function () { clearTimeout(text.timer); });
      text.addEventListener("keydown", function (event) {
        if (event.key !== "Enter") return;
        if (event.ctrlKey || event.metaKey) {
          event.preventDefault();
          text.form.requestSubmit(text.form.querySelector("button[value=save], button:not([value])"));
        } else if (event.altKey) {
          event.preventDefault();
          var row = text.closest("[data-row]");
          var button = row && row.querySelector("button.play");
          if (button) toggle(button);
        }
      });
    });
    /* What is closed cannot show what was typed into it: it says so, until it holds just that. */
    root.querySelectorAll("[data-now]").forEach(function (now) {
      var name = new URL(now.dataset.now, location.origin + location.pathname.replace(/[^/]*$/, "")).href;
      var typed = typedBefore(name);
      var unsaved = typed !== null && plain(typed) !== plain(now.textContent);
      if (typed !== null && !unsaved) localStorage.removeItem(name);
      now.parentElement.querySelector(".unsaved").hidden = !unsaved;
      var row = now.closest("[data-row]");
      if (row) row.classList.toggle("is-unsaved", unsaved);
    });
  }

  /* Opening a sentence brings its form into the page, so that the sound goes on and nothing jumps. */
  function open(link) {
    fetch(link.href, { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : Promise.reject();
    }).then(function (html) {
      var page = new DOMParser().parseFromString(html, "text/html");
      var row = link.closest("[data-row]");
      [document.querySelector("[data-row].is-open"), row].forEach(function (old) {
        var fresh = old && page.getElementById(old.id);
        if (!fresh) return;
        fresh = document.importNode(fresh, true);
        old.replaceWith(fresh);
        prepare(fresh);
      });
      history.replaceState(null, "", link.href);
      var text = document.querySelector("[data-row].is-open textarea");
      if (text) text.focus();
    }).catch(function () { location.assign(link.href); });
  }

  function withOpening(root) {
    root.querySelectorAll("a[data-open]").forEach(function (link) {
      link.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        open(link);
      });
    });
  }

  function prepare(root) {
    withButtons(root);
    withKeeping(root);
    withOpening(root);
  }

  prepare(document);

  /* Alt and an arrow, or a button, lead to the next sentence, or the one before, and open it. */
  function step(by) {
    var rows = Array.from(document.querySelectorAll("[data-row]")).filter(function (row) {
      return row.classList.contains("is-open") || row.querySelector("a[data-open]");
    });
    var next = rows[rows.findIndex(function (row) { return row.classList.contains("is-open"); }) + by];
    if (next) open(next.querySelector("a[data-open]"));
    return rows.length > 0;
  }

  document.addEventListener("keydown", function (event) {
    if (!event.altKey || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    if (step(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
  });

  document.querySelectorAll("[data-step]").forEach(function (button) {
    button.addEventListener("click", function () { step(Number(button.dataset.step)); });
  });

  /* What the machine wrote, in the place of what editors made of it, and back. */
  document.querySelectorAll("[data-do=machine]").forEach(function (button) {
    button.addEventListener("click", function () {
      var shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      document.querySelectorAll("[data-machine]").forEach(function (text) {
        text.hidden = !shown;
        text.previousElementSibling.hidden = shown;
      });
    });
  });

  /* Words that are selected in a passage stand in the field for a part of it. */
  document.querySelectorAll("[data-selected]").forEach(function (field) {
    var text = document.getElementById(field.dataset.selected);
    text.addEventListener("select", function () {
      field.value = text.value.slice(text.selectionStart, text.selectionEnd).trim();
    });
  });

  /* Nobody approves a text that differs from the one on the screen. */
  var approval = document.querySelector("form[data-approval]");
  if (approval) {
    approval.addEventListener("submit", function (event) {
      var unsaved = texts().filter(isUnsaved)[0] || document.querySelector("[data-row].is-unsaved");
      if (!unsaved && !isStale) return;
      event.preventDefault();
      approval.querySelector(unsaved ? "[data-unsaved]" : "[data-stale]").hidden = false;
      if (unsaved) {
        unsaved.focus();
        unsaved.scrollIntoView({ block: "center" });
      }
    });
  }

  /* Who else is at the draft, as long as somebody looks at the page. */
  var others = document.querySelector("[data-others]");
  if (others) {
    setInterval(function () {
      if (document.hidden) return;
      fetch(others.dataset.others, { credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(); })
        .then(function (html) { if (others.innerHTML.trim() !== html.trim()) others.innerHTML = html; })
        .catch(function () { /* it is asked again */ });
    }, 20000);
  }

  /* What became of the publication, until it is settled. */
  var publication = document.querySelector("[data-publication]");
  function look() {
    fetch(publication.dataset.publication, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(); })
      .then(function (html) {
        if (publication.innerHTML.trim() !== html.trim()) publication.innerHTML = html;
        if (publication.querySelector("[data-unsettled]")) setTimeout(look, 2000);
      })
      .catch(function () { setTimeout(look, 5000); });
  }
  if (publication && publication.querySelector("[data-unsettled]")) setTimeout(look, 1000);
})();
