/* Small comforts for editors; everything also works without this file. */
(function () {
  "use strict";

  document.querySelectorAll("[data-script]").forEach(function (hint) { hint.hidden = false; });

  /* One player for the page: a link to a clip becomes a button that plays it here. */
  var sound = new Audio();
  var playing = null;

  function stop() {
    sound.pause();
    if (playing) playing.setAttribute("aria-pressed", "false");
    playing = null;
  }

  function toggle(button) {
    var again = playing === button;
    stop();
    if (again) return;
    playing = button;
    button.setAttribute("aria-pressed", "true");
    sound.src = button.dataset.clip;
    sound.play().catch(stop);
  }

  sound.addEventListener("ended", stop);
  document.querySelectorAll("a[data-play]").forEach(function (link) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = link.className;
    button.dataset.clip = link.href;
    button.setAttribute("aria-pressed", "false");
    button.append.apply(button, link.childNodes);
    button.addEventListener("click", function () { toggle(button); });
    link.replaceWith(button);
  });

  /* What was typed stays in the browser until a page comes back that holds it: a save that failed, an expired session
     or another tab loses nothing. */
  var texts = Array.from(document.querySelectorAll("[data-saved]"));

  function key(text) { return text.form.action + "#" + text.id; }

  function plain(words) {
    return words.normalize("NFC").replace(/\s+/g, " ").replace(/[\p{Cc}\p{Cf}]/gu, "").trim();
  }

  function show(text) {
    var unsaved = plain(text.value) !== plain(text.dataset.saved);
    var row = text.closest("[data-row]");
    if (row) {
      row.classList.toggle("is-unsaved", unsaved);
      row.querySelector(".unsaved").hidden = !unsaved;
    }
    return unsaved;
  }

  function keep(text) {
    try {
      if (show(text)) localStorage.setItem(key(text), text.value);
      else localStorage.removeItem(key(text));
    } catch (error) { /* a browser that keeps nothing: the page itself still has it */ }
  }

  function typedBefore(text) {
    try { return localStorage.getItem(key(text)); } catch (error) { return null; }
  }

  texts.forEach(function (text) {
    var typed = typedBefore(text);
    if (typed !== null && plain(typed) !== plain(text.dataset.saved)) text.value = typed;
    keep(text);
    text.addEventListener("input", function () { keep(text); });
    if (!text.closest("[data-row]")) return;
    text.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        text.form.requestSubmit(text.form.querySelector("button[value=save]"));
      } else if (event.altKey) {
        event.preventDefault();
        var button = text.closest("[data-row]").querySelector("button.play");
        if (button) toggle(button);
      }
    });
  });

  /* Nobody approves a text that differs from the one on the screen. */
  var approval = document.querySelector("form[data-approval]");
  if (approval) {
    approval.addEventListener("submit", function (event) {
      var unsaved = texts.filter(show);
      if (!unsaved.length) return;
      event.preventDefault();
      approval.querySelector("[data-unsaved]").hidden = false;
      unsaved[0].focus();
      unsaved[0].scrollIntoView({ block: "center" });
    });
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
