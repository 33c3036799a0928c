/* The digest page comes alive: time links play, the transcript and the slides follow, keys work.
   Everything here improves a page that is whole without it; nothing is loaded, so it also works from a disk. */
(() => {
  "use strict";

  const player = document.getElementById("player");
  const data = JSON.parse(document.getElementById("played").textContent);
  if (!player || !data.cues) return;
  const root = document.documentElement;
  root.classList.add("has-player");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /* The last entry of `items` that has begun at `time`, or -1. */
  const lastBegun = (items, time, start) => {
    let low = 0, high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (start(items[middle]) <= time) low = middle + 1; else high = middle;
    }
    return low - 1;
  };

  /* Time links */
  const seek = (time, play) => {
    player.currentTime = Math.max(0, time);
    if (play) player.play().catch(() => {});
    follow();
  };
  const remember = (time) => {
    try { history.replaceState(null, "", `#t=${Math.floor(time)}`); } catch { /* some browsers refuse on a disk */ }
  };
  const fromAddress = () => {
    const found = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
    if (found) seek(Number(found[1]), false);
  };
  for (const link of document.querySelectorAll("a[data-t]:not(.slide-picture)")) {
    link.href = `#t=${Math.floor(link.dataset.t)}`;
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-t]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    remember(link.dataset.t);
    seek(Number(link.dataset.t), true);
  });

  /* Captions: a file cannot be read beside a page opened from a disk, so the cues also travel in the page. */
  const caption = () => {
    const track = player.querySelector("track");
    if (track && location.protocol !== "file:") return;
    track?.remove();
    const added = player.addTextTrack("captions", document.getElementById("now").dataset.captions, data.language);
    for (const [start, end, text] of data.cues) {
      added.addCue(new VTTCue(start, end, text.replace(/&/g, "&amp;").replace(/</g, "&lt;")));
    }
    added.mode = "showing";
  };

  /* Transcript */
  const passages = [...document.querySelectorAll(".passage")].map((element, index) => {
    let at = 0;
    const starts = (data.words[index] || []).map((delta) => (at += delta) / 100);
    return { element, said: element.querySelector(".said"), starts };
  }).filter((passage) => passage.starts.length);
  const spoken = window.Highlight && CSS.highlights ? new Highlight() : null;
  if (spoken) CSS.highlights.set("spoken", spoken);

  const wordRange = (passage, number) => {
    const node = passage.said.firstChild;
    passage.offsets ??= [...node.data.matchAll(/[^ ]+/g)].map((word) => [word.index, word.index + word[0].length]);
    const [start, end] = passage.offsets[number] || [0, 0];
    const range = new Range();
    range.setStart(node, start);
    range.setEnd(node, end);
    return range;
  };
  const caretAt = (x, y) => {
    if (document.caretPositionFromPoint) {
      const found = document.caretPositionFromPoint(x, y);
      return found && [found.offsetNode, found.offset];
    }
    const found = document.caretRangeFromPoint?.(x, y);
    return found && [found.startContainer, found.startOffset];
  };
  document.querySelector(".transcript-text")?.addEventListener("click", (event) => {
    const said = event.target.closest(".said");
    if (!said || !getSelection().isCollapsed) return;
    const passage = passages.find((candidate) => candidate.said === said);
    const caret = caretAt(event.clientX, event.clientY);
    if (!passage || !caret || caret[0] !== said.firstChild) return;
    const number = said.firstChild.data.slice(0, caret[1]).split(" ").length - 1;
    const time = passage.starts[Math.min(number, passage.starts.length - 1)];
    remember(time);
    seek(time, true);
  });

  const following = document.getElementById("follow");
  if (following) {
    following.hidden = false;
    following.addEventListener("click", () => {
      const on = following.getAttribute("aria-pressed") !== "true";
      following.setAttribute("aria-pressed", String(on));
      if (on) passages[onPassage]?.element.scrollIntoView({ block: "center" });
    });
  }

  /* What is on now */
  const chapters = [...document.querySelectorAll(".chapters a[data-t]")];
  const now = document.getElementById("now");
  let onPassage = -1, onWord = -1, onChapter = -1, onSlide = null;

  const follow = () => {
    const time = player.currentTime + 0.05;
    showWord(time);
    const chapter = lastBegun(chapters, time, (link) => Number(link.dataset.t));
    if (chapter !== onChapter) {
      chapters[onChapter]?.removeAttribute("aria-current");
      chapters[chapter]?.setAttribute("aria-current", "true");
      onChapter = chapter;
    }
    const interval = data.slides[lastBegun(data.slides, time, (slide) => slide[0])];
    showSlide(interval && time < interval[1] ? interval[2] : null);
  };

  const showWord = (time) => {
    const index = lastBegun(passages, time, (passage) => passage.starts[0]);
    const passage = passages[index];
    const word = passage ? lastBegun(passage.starts, time, (start) => start) : -1;
    if (index === onPassage && word === onWord) return;
    if (spoken) {
      spoken.clear();
      if (passage && (!player.paused || player.currentTime > 0)) spoken.add(wordRange(passage, word));
    }
    if (index !== onPassage) {
      passages[onPassage]?.element.classList.remove("is-on");
      passage?.element.classList.add("is-on");
      if (passage && following?.getAttribute("aria-pressed") === "true") {
        passage.element.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
      }
    }
    onPassage = index;
    onWord = word;
  };

  const showSlide = (number) => {
    if (number === onSlide) return;
    if (onSlide !== null) document.getElementById(`slide-${onSlide}`)?.classList.remove("is-on");
    onSlide = number;
    const item = number === null ? null : document.getElementById(`slide-${number}`);
    item?.classList.add("is-on");
    now.dataset.slide = number ?? "";
    now.classList.toggle("is-empty", !item);
    if (!item) return;
    now.hidden = false;
    const picture = item.querySelector("img")?.cloneNode();
    if (picture) { picture.alt = ""; picture.loading = "eager"; }
    now.querySelector(".now-picture").replaceChildren(...(picture ? [picture] : []));
    now.querySelector(".now-number").textContent = item.querySelector(".number").textContent;
    now.querySelector(".now-title").textContent = item.querySelector(".slide-title").textContent;
    for (const link of now.querySelectorAll("a")) link.href = `#slide-${number}`;
  };

  const turn = (step) => {
    const time = player.currentTime;
    const at = lastBegun(data.slides, time + 0.05, (slide) => slide[0]);
    /* back within two seconds of a slide's beginning goes to the one before it */
    const back = step < 0 && at >= 0 && time - data.slides[at][0] > 2 ? 0 : step;
    const slide = data.slides[Math.min(Math.max(at + back, 0), data.slides.length - 1)];
    if (slide) seek(slide[0], false);
  };
  document.getElementById("previous-slide").addEventListener("click", () => turn(-1));
  document.getElementById("next-slide").addEventListener("click", () => turn(1));

  const tick = () => {
    follow();
    if (!player.paused) requestAnimationFrame(tick);
  };
  player.addEventListener("play", tick);
  player.addEventListener("seeked", follow);
  player.addEventListener("timeupdate", follow); /* frames stop in a tab that nobody looks at */

  /* The small player on a phone, while it plays out of sight; it leaves when the reader, having paused, reads on. */
  const stage = document.getElementById("stage");
  let isInSight = true, pausedAt = 0;
  const shrink = () => { if (!isInSight && !player.paused) stage.classList.add("is-small"); };
  new IntersectionObserver(([entry]) => {
    isInSight = entry.isIntersecting;
    if (isInSight) stage.classList.remove("is-small"); else shrink();
  }).observe(stage);
  player.addEventListener("play", shrink);
  player.addEventListener("pause", () => { pausedAt = scrollY; });
  addEventListener("scroll", () => {
    if (player.paused && Math.abs(scrollY - pausedAt) > 400) stage.classList.remove("is-small");
  }, { passive: true });

  /* Keys, which a reader can turn off: a voice or a switch may press letters that were not meant */
  const keys = document.getElementById("keys-on");
  const kept = (() => { try { return localStorage; } catch { return null; } })();
  const setKeys = (on) => {
    keys.setAttribute("aria-pressed", String(on));
    try { kept?.setItem("digest-keys", on ? "on" : "off"); } catch { /* not kept then */ }
  };
  document.getElementById("keys").hidden = false;
  if (kept?.getItem("digest-keys") === "off") setKeys(false);
  keys.addEventListener("click", () => setKeys(keys.getAttribute("aria-pressed") !== "true"));

  const toggle = () => { if (player.paused) player.play().catch(() => {}); else player.pause(); };
  const acts = {
    k: toggle,
    j: () => seek(player.currentTime - 10, false),
    l: () => seek(player.currentTime + 10, false),
    "[": () => turn(-1),
    "]": () => turn(1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (keys.getAttribute("aria-pressed") !== "true" || event.target.closest("input, textarea, select, video, audio")) return;
    acts[event.key]?.();
  });

  /* Paper */
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll(".gallery details, .chapters")) details.open = true;
  });

  if (matchMedia("(max-width: 61.99rem)").matches) document.querySelector(".chapters")?.removeAttribute("open");
  caption();
  addEventListener("hashchange", fromAddress);
  fromAddress();
  follow();
})();
