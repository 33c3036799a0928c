/* Letters that act. Space and arrows stay the page's; all of them can be turned off, for whoever speaks to a computer. */
(() => {
  "use strict";

  const recording = window.recording;
  const dialog = document.getElementById("keys"), state = document.getElementById("keys-on");
  const storage = (() => { try { return localStorage; } catch { return null; } })();

  const press = (id) => () => document.getElementById(id)?.click();
  const acts = {
    k: recording.toggle,
    j: () => recording.seek(recording.player.currentTime - 10, false),
    l: () => recording.seek(recording.player.currentTime + 10, false),
    ",": () => recording.sentenceAgain?.(),
    "[": () => recording.turnSlide(-1),
    "]": () => recording.turnSlide(1),
    "<": () => recording.changeSpeed(-1),
    ">": () => recording.changeSpeed(1),
    "/": () => document.querySelector("#search input").focus(),
    f: press("follow"),
    s: recording.exchange,
    p: recording.playKeyPassages,
    x: recording.sendAway,
    "?": () => dialog.showModal(),
  };
  const isOn = () => state.getAttribute("aria-pressed") === "true";
  const set = (on) => {
    state.setAttribute("aria-pressed", String(on));
    storage?.setItem("digest-keys", on ? "on" : "off");
  };
  if (storage?.getItem("digest-keys") === "off") set(false);
  state.addEventListener("click", () => set(!isOn()));

  document.getElementById("keys-button").addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !isOn()) return;
    if (event.target.closest("input, textarea, select, video, audio, dialog") || !Object.hasOwn(acts, event.key)) return;
    event.preventDefault(); /* else “/” would also be typed into the box that it leads to */
    acts[event.key]();
  });
})();
