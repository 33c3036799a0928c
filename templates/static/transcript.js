/* The transcript: the spoken word is marked, a click on a word plays it, and the page follows until it is scrolled. */
(() => {
  "use strict";

  const { player, data, lastBegun, seek, onTime } = window.recording;
  const text = document.querySelector(".transcript-text");
  const button = document.getElementById("follow"), chip = document.getElementById("back-to-spoken");
  if (!text) return;

  const passages = [...text.querySelectorAll(".said")].map((said, index) => {
    let at = 0;
    const starts = (data.words[index] || []).map((delta) => (at += delta) / 100);
    return { element: said.closest(".passage"), said, starts, letters: data.letters?.[index] };
  }).filter((passage) => passage.starts.length);
  const spoken = window.Highlight && CSS.highlights ? new Highlight() : null;
  if (spoken) CSS.highlights.set("spoken", spoken);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /* Where each word begins and ends: between spaces, or by its letters in a script without any. */
  const offsetsOf = (passage) => {
    const text = passage.said.firstChild.data;
    let at = 0;
    passage.offsets ??= passage.letters
      ? passage.letters.map((letters) => {
        if (text[at] === " ") at += 1;
        at += letters;
        return [at - letters, at];
      })
      : [...text.matchAll(/[^ ]+/g)].map((word) => [word.index, word.index + word[0].length]);
    return passage.offsets;
  };
  const wordRange = (passage, number) => {
    const node = passage.said.firstChild;
    const [start, end] = offsetsOf(passage)[number] || [0, 0];
    const range = new Range();
    range.setStart(node, start);
    range.setEnd(node, end);
    return range;
  };

  /* The second at which the word at an offset of a `.said` was spoken; other scripts ask for it too. */
  const secondAt = (said, offset) => {
    const passage = passages.find((candidate) => candidate.said === said);
    if (!passage) return null;
    const number = offsetsOf(passage).findLastIndex(([start]) => start <= offset);
    return passage.starts[Math.min(Math.max(number, 0), passage.starts.length - 1)];
  };
  window.recording.secondAt = secondAt;
  window.recording.sentenceAgain = () => {
    const passage = passages[onPassage];
    if (!passage) return;
    const text = passage.said.firstChild.data, before = offsetsOf(passage).slice(0, onWord);
    const last = before.findLastIndex(([start, end]) => /[.?!…。？！؟۔।។။]["”’»)」』）]?$/.test(text.slice(start, end)));
    seek(passage.starts[last + 1], true);
  };

  const caretAt = (x, y) => {
    if (document.caretPositionFromPoint) {
      const found = document.caretPositionFromPoint(x, y);
      return found && [found.offsetNode, found.offset];
    }
    const found = document.caretRangeFromPoint?.(x, y);
    return found && [found.startContainer, found.startOffset];
  };
  text.addEventListener("click", (event) => {
    const said = event.target.closest(".said");
    if (!said || !getSelection().isCollapsed) return;
    const caret = caretAt(event.clientX, event.clientY);
    if (!caret || caret[0] !== said.firstChild) return;
    const time = secondAt(said, caret[1]);
    if (time === null) return;
    window.recording.remember(time);
    seek(time, true);
    setFollowing(true);
  });

  /* Following, and letting go */
  let isFollowing = false, isOurScroll = false, onPassage = -1, onWord = -1, settled = 0;

  const spokenBox = () => {
    const passage = passages[onPassage];
    if (!passage) return null;
    const box = wordRange(passage, onWord).getBoundingClientRect();
    return box.height ? box : passage.element.getBoundingClientRect();
  };
  const isInView = (box) => box && box.bottom > 64 && box.top < innerHeight - 32;
  const showSpoken = () => {
    const box = spokenBox();
    if (!box || (box.top > 96 && box.bottom < innerHeight * 0.75)) return;
    isOurScroll = true;
    clearTimeout(settled);
    settled = setTimeout(() => { isOurScroll = false; }, 900); /* where a browser tells no end of scrolling */
    scrollBy({ top: box.top - innerHeight * 0.35, behavior: calm.matches ? "auto" : "smooth" });
  };
  const setFollowing = (on) => {
    isFollowing = on;
    button.setAttribute("aria-pressed", String(on));
    if (on) showSpoken();
    offerWayBack();
  };
  const offerWayBack = () => {
    const box = spokenBox(), around = text.getBoundingClientRect();
    const isReading = around.top < innerHeight && around.bottom > 0;
    chip.hidden = isFollowing || player.paused || !isReading || !box || isInView(box);
    if (!chip.hidden) chip.dataset.way = box.top < 64 ? "up" : "down";
  };
  button.hidden = false;
  button.addEventListener("click", () => setFollowing(!isFollowing));
  chip.addEventListener("click", () => setFollowing(true));
  addEventListener("scroll", () => {
    if (isOurScroll) return;
    if (isFollowing && !isInView(spokenBox())) setFollowing(false); else offerWayBack();
  }, { passive: true });
  addEventListener("scrollend", () => { isOurScroll = false; });
  player.addEventListener("play", () => { if (isInView(spokenBox()) && text.contains(passages[onPassage]?.said)) setFollowing(true); });
  player.addEventListener("pause", offerWayBack);

  onTime((time) => {
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
    }
    onPassage = index;
    onWord = word;
    if (isFollowing) showSpoken(); else offerWayBack();
  });
})();
