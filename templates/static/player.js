/* The recording: what plays, where it is, which slide is on. Nothing of it is loaded before somebody asks.
   The other scripts of the page read `window.recording`; where no recording is published there is none.

   player.js      this file              strip.js   recording and slide side by side, the strip below them
   transcript.js  the spoken word        search.js  one box over account, transcript and slides
   moments.js     addresses, passages    quote.js   links and quotes to take away
   keys.js        letters that act         lightbox.js  a slide as large as the screen
   contents.js    the tabs
   All of them improve a page that is whole without them; none loads anything, so they also work from a disk. */
window.recording = (() => {
  "use strict";

  const player = document.getElementById("player");
  const data = JSON.parse(document.getElementById("played").textContent);
  const listeners = [];
  let ranges = []; /* passages that are played one after the other, the first of them now */

  /* The last entry of `items` that has begun at `time`, or -1. */
  const lastBegun = (items, time, start) => {
    let low = 0, high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (start(items[middle]) <= time) low = middle + 1; else high = middle;
    }
    return low - 1;
  };

  const tell = () => {
    const time = player.currentTime + 0.05;
    for (const listener of listeners) listener(time);
  };
  const play = () => player.play().catch(() => { /* a browser may want a hand on it first */ });
  const toggle = () => { if (player.paused) play(); else player.pause(); };
  const seek = (time, andPlay) => {
    ranges = [];
    player.currentTime = Math.max(0, Math.min(time, data.duration));
    if (andPlay) play();
    tell();
  };

  /* Play passages, [[start, end], …], one after the other, and stop after the last. */
  const playRanges = (passages) => {
    seek(passages[0][0], true);
    ranges = passages.slice();
  };
  const keepToRange = () => {
    if (!ranges.length) return;
    const [start, end] = ranges[0], time = player.currentTime;
    if (time < start - 1 || time > end + 1) { ranges = []; return; } /* somebody went elsewhere by hand */
    if (time < end) return;
    const rest = ranges.slice(1);
    if (rest.length) playRanges(rest); else { ranges = []; player.pause(); }
  };

  /* Pass over a pause while it plays; who goes into one by hand hears where it ends. */
  const passPause = () => {
    const time = player.currentTime, pause = data.pauses[lastBegun(data.pauses, time, (one) => one[0])];
    if (self.skipsPauses && pause && time < pause[1] && !player.paused && !player.seeking) player.currentTime = pause[1];
  };

  const intervalAt = (time) => {
    const found = data.slides[lastBegun(data.slides, time, (slide) => slide[0])];
    return found && time < found[1] ? found : null;
  };
  const turnSlide = (step) => {
    const time = player.currentTime, at = lastBegun(data.slides, time + 0.05, (slide) => slide[0]);
    /* back within two seconds of a slide's beginning goes to the one before it */
    const by = step < 0 && at >= 0 && time - data.slides[at][0] > 2 ? 0 : step;
    const slide = data.slides[Math.min(Math.max(at + by, 0), data.slides.length - 1)];
    if (slide) seek(slide[0], false);
  };

  /* Cues travel in the page: beside one that was opened from a disk no caption file can be read. */
  const addCaptions = () => {
    player.querySelector("track")?.remove();
    const track = player.addTextTrack("captions", player.dataset.captions, document.querySelector("article").lang);
    for (const [start, end, text] of data.cues) {
      track.addCue(new VTTCue(start, end, text.replace(/&/g, "&amp;").replace(/</g, "&lt;")));
    }
    track.mode = "showing";
  };

  const tick = () => {
    keepToRange();
    passPause();
    tell();
    if (!player.paused) requestAnimationFrame(tick);
  };
  player.addEventListener("play", tick);
  player.addEventListener("seeked", tell);
  player.addEventListener("timeupdate", () => { keepToRange(); passPause(); tell(); }); /* frames stop in a tab nobody looks at */
  document.documentElement.classList.add("has-player");
  addCaptions();

  const chapters = [...document.querySelectorAll(".chapters a[data-t]")];
  let onChapter = -1;
  listeners.push((time) => {
    const chapter = lastBegun(chapters, time, (link) => Number(link.dataset.t));
    if (chapter === onChapter) return;
    chapters[onChapter]?.removeAttribute("aria-current");
    chapters[chapter]?.setAttribute("aria-current", "true");
    onChapter = chapter;
  });

  /* What a lock screen shows is the chapter and the slide that is on; keys of a keyboard or headset that say back and
     on go by chapter. */
  let described = "";
  const describe = (time) => {
    const number = intervalAt(time)?.[2], state = `${onChapter} ${number}`;
    if (state === described || player.paused || !("mediaSession" in navigator)) return;
    described = state;
    const image = document.querySelector(`#slide-${number} .slide-picture img`) || document.querySelector(".gallery img");
    const title = document.querySelector("h1").textContent, chapter = chapters[onChapter]?.querySelector("span:last-child").textContent;
    navigator.mediaSession.metadata = new MediaMetadata({ title: chapter || title, album: title, artwork: image ? [{ src: image.src }] : [] });
  };
  listeners.push(describe);
  const answerMediaKeys = () => {
    if (!("mediaSession" in navigator)) return;
    const go = (step) => () => {
      const link = chapters[Math.min(Math.max(onChapter + step, 0), chapters.length - 1)];
      if (link) seek(Number(link.dataset.t), true);
    };
    navigator.mediaSession.setActionHandler("previoustrack", go(-1));
    navigator.mediaSession.setActionHandler("nexttrack", go(1));
  };
  player.addEventListener("play", answerMediaKeys, { once: true });

  addEventListener("beforeprint", () => { for (const each of document.querySelectorAll("details")) each.open = true; });

  const self = {
    player, data, lastBegun, seek, toggle, playRanges, intervalAt, turnSlide, chapters, tell,
    onTime: (listener) => { listeners.push(listener); listener(player.currentTime + 0.05); },
    skipsPauses: false,
  };
  return self;
})();
