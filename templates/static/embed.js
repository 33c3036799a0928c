/* The embedded player: `#t=754` or `#t=754,781` in its address says where it begins and ends, and the title leads there. */
(() => {
  "use strict";

  const asked = /^#t=(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?$/.exec(location.hash);
  if (!asked) return;
  const player = document.getElementById("player"), from = Number(asked[1]), to = Number(asked[2]);
  player.addEventListener("loadedmetadata", () => { player.currentTime = from; }, { once: true });
  if (to > from) {
    const stop = () => {
      if (player.currentTime < to) return;
      player.pause();
      player.removeEventListener("timeupdate", stop); /* who plays on wants to hear more */
    };
    player.addEventListener("timeupdate", stop);
  }
  document.querySelector("h1 a").href += `#t=${asked[1]}`;
})();
