/* Moments: times in the address, links that play, the key passages in a row, speed, and where one left off. */
(() => {
  "use strict";

  const recording = window.recording;
  const { player, data, seek, playRanges } = recording;
  const storage = (() => { try { return localStorage; } catch { return null; } })();

  /* 754, 12:34 or 1:02:03 as seconds */
  const seconds = (written) => written.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  const clock = (time) => {
    const whole = Math.floor(time), parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const shown = parts[0] ? parts : parts.slice(1);
    return shown.map((part, at) => String(part).padStart(at ? 2 : 1, "0")).join(":");
  };
  recording.clock = clock;

  /* `?t=754` and `#t=754` open a moment; `#t=754,781` plays it and stops. */
  const openAddress = () => {
    const named = /[#?&]t=([\d:.]+)(?:,([\d:.]+))?(?:&|$)/;
    const found = named.exec(location.hash) || (location.hash.length < 2 && named.exec(location.search));
    if (!found) return;
    const start = seconds(found[1]), end = found[2] ? seconds(found[2]) : null;
    if (end !== null && end > start) playRanges([[start, end]]); else seek(start, false);
  };
  recording.remember = (time) => {
    try { history.replaceState(null, "", `#t=${Math.floor(time)}`); } catch { /* some browsers refuse on a disk */ }
  };

  for (const link of document.querySelectorAll("a[data-t]")) {
    link.href = `#t=${Math.floor(link.dataset.t)}`;
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-t]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    recording.remember(link.dataset.t);
    seek(Number(link.dataset.t), true);
  });

  recording.playKeyPassages = () => { if (data.key.length) playRanges(data.key); };
  const key = document.getElementById("play-key");
  if (key) {
    key.hidden = false;
    key.addEventListener("click", recording.playKeyPassages);
  }

  const speed = document.getElementById("speed");
  const setSpeed = (rate) => {
    speed.value = String(rate);
    player.defaultPlaybackRate = player.playbackRate = rate;
    storage?.setItem("digest-speed", rate);
  };
  recording.changeSpeed = (step) => {
    const rates = [...speed.options].map((option) => Number(option.value));
    const at = rates.indexOf(Number(speed.value)) + step;
    if (rates[at]) setSpeed(rates[at]);
  };
  speed.addEventListener("change", () => setSpeed(Number(speed.value)));
  setSpeed([...speed.options].some((option) => option.value === storage?.getItem("digest-speed")) ? Number(storage.getItem("digest-speed")) : 1);

  /* Pauses, where nobody speaks, are skipped for whoever asks; that is kept, as the speed is. */
  const skip = document.getElementById("skip-pauses");
  const setSkipping = (on) => {
    recording.skipsPauses = on;
    skip.setAttribute("aria-pressed", String(on));
    storage?.setItem("digest-skip", on ? "on" : "off");
  };
  skip?.addEventListener("click", () => setSkipping(!recording.skipsPauses));
  if (skip && storage?.getItem("digest-skip") === "on") setSkipping(true);

  /* Where this reader stopped is offered, never taken: an address that names a second comes first. */
  const place = `digest-at:${location.pathname}`, resume = document.getElementById("resume");
  const left = Number(storage?.getItem(place));
  if (left > 30 && left < data.duration - 30) {
    resume.querySelector("b").textContent = clock(left);
    resume.hidden = false;
    resume.addEventListener("click", () => seek(left, true));
  }
  player.addEventListener("play", () => { resume.hidden = true; });
  const keepPlace = () => { if (player.currentTime) storage?.setItem(place, Math.floor(player.currentTime)); };
  player.addEventListener("pause", keepPlace);
  addEventListener("pagehide", keepPlace);

  addEventListener("hashchange", openAddress);
  openAddress();
})();
