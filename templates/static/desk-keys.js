/* Single keys for editors: each presses a button of the page. The list on the page is made of this very table. */
(function () {
  "use strict";

  /* What is done (the data-do of a button or field), its usual key, and what the list says. */
  var KEYS = [
    ["play", "p", "plays, stops"],
    ["back", "b", "goes back 3 s"],
    ["slower", "s", "plays slower"],
    ["faster", "f", "plays faster"],
    ["next", "n", "goes on to the next"],
    ["previous", "v", "goes back to the one before"],
    ["accept", "a", "keeps as it is"],
    ["edit", "e", "edits"],
    ["strike", "x", "strikes, keeps from readers"],
    ["split", "t", "says who says these words"],
    ["merge", "g", "makes two voices one"],
    ["from", "[", "from here"],
    ["to", "]", "to here"],
    ["machine", "m", "shows what the machine wrote, and back"],
    ["comment", "c", "comments"]
  ];

  var box = document.querySelector("[data-key-list]");
  if (!box) return;
  var switched = document.querySelector("[data-keys]"), status = document.querySelector("[data-key-status]");

  function remembered(name) {
    try { return localStorage.getItem(name); } catch (error) { return null; }
  }

  function remember(name, value) {
    try { localStorage.setItem(name, value); } catch (error) { /* for this page only */ }
  }

  var changed = {};
  try { changed = JSON.parse(remembered("keys of") || "{}"); } catch (error) { /* as usual, then */ }

  function keyOf(row) { return typeof changed[row[0]] === "string" ? changed[row[0]] : row[1]; }

  function rowOf(key) { return KEYS.filter(function (row) { return keyOf(row) === key; })[0]; }

  function list() {
    box.textContent = "";
    KEYS.forEach(function (row) {
      var line = document.createElement("li"), button = document.createElement("button"), key = document.createElement("kbd");
      key.textContent = keyOf(row);
      button.type = "button";
      button.className = "quiet";
      button.dataset.remap = row[0];
      button.append(key);
      button.setAttribute("aria-label", keyOf(row) + " " + row[2] + ": choose another key");
      button.addEventListener("click", function () { choose(row); });
      line.append(button, " " + row[2]);
      box.append(line);
    });
  }

  /* The next key that is pressed is the new one, unless it has a meaning already. */
  var waits = null;

  function choose(row) {
    waits = row;
    status.textContent = "Press the key that " + row[2] + " from now on, or Escape.";
  }

  function chosen(event) {
    var key = event.key, row = waits;
    if (["Shift", "Control", "Alt", "Meta"].indexOf(key) >= 0) return;
    event.preventDefault();
    var other = rowOf(key);
    if (key === "Escape") status.textContent = "As it was.";
    else if (key.length !== 1 || key === " " || event.ctrlKey || event.metaKey || event.altKey) {
      status.textContent = "The browser needs that key: take a letter, a digit or a sign.";
      return;
    } else if (other && other !== row) {
      status.textContent = key + " " + other[2] + " already: take another one.";
      return;
    } else {
      changed[row[0]] = key;
      remember("keys of", JSON.stringify(changed));
      status.textContent = key + " " + row[2] + " now.";
    }
    waits = null;
    list();
    box.querySelector("[data-remap=" + row[0] + "]").focus();
  }

  document.querySelector("[data-usual-keys]").addEventListener("click", function () {
    changed = {};
    remember("keys of", "{}");
    list();
    status.textContent = "All keys are the usual ones.";
  });

  switched.checked = remembered("keys") === "on";
  switched.addEventListener("change", function () { remember("keys", switched.checked ? "on" : "off"); });

  function find(name) {
    var wanted = "[data-do=" + name + "]";
    return document.querySelector(".item " + wanted + ", .is-open " + wanted) || document.querySelector(wanted);
  }

  document.addEventListener("keydown", function (event) {
    if (waits) { chosen(event); return; }
    if (!switched.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("textarea, select, input:not([type=checkbox])")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    var row = rowOf(event.key), target = row && find(row[0]);
    if (!target) return;
    event.preventDefault();
    if (target.matches("textarea, input, select")) target.focus();
    else target.click();
  });

  list();
})();
