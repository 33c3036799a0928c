/* Recording and slide side by side, exchangeable, to the side when one scrolls; below them when each slide was on. */
(() => {
  "use strict";

  const recording = window.recording;
  const { player, data, toggle, turnSlide, intervalAt, onTime } = recording;
  const stage = document.getElementById("stage"), controls = document.getElementById("controls");
  const shown = document.getElementById("shown");
  const phone = matchMedia("(max-width: 61.99rem)");
  controls.hidden = false;
  for (const chapters of document.querySelectorAll(".chapters")) chapters.open = !phone.matches;

  /* The slide that is on */
  const slideItem = (number) => document.getElementById(`slide-${number}`);
  const drawSlide = (number) => {
    const item = slideItem(number), image = item?.querySelector(".slide-picture img");
    stage.dataset.slide = number ?? "";
    if (!shown || !item) return;
    const picture = shown.querySelector("img");
    if (picture && image) {
      picture.src = image.src;
      picture.srcset = `${image.src} 480w, ${item.querySelector(".slide-picture").href} 1600w`;
      picture.alt = image.alt;
    }
    shown.classList.toggle("is-text", !image);
    shown.querySelector(".shown-words").textContent = image ? "" : item.querySelector(".slide-title").textContent;
    shown.href = `#slide-${number}`;
    controls.querySelector(".now-number").textContent = item.querySelector(".number").textContent;
    controls.querySelector(".now-title").textContent = item.querySelector(".slide-title").textContent;
  };
  let onSlide;
  onTime((time) => {
    const number = intervalAt(time)?.[2] ?? null;
    if (number === onSlide) return;
    slideItem(onSlide)?.classList.remove("is-on");
    slideItem(number)?.classList.add("is-on");
    onSlide = number;
    drawSlide(number);
  });
  document.getElementById("previous-slide")?.addEventListener("click", () => turnSlide(-1));
  document.getElementById("next-slide")?.addEventListener("click", () => turnSlide(1));

  /* Both, one of them, or the other way round */
  const views = [...controls.querySelectorAll("[data-view]")];
  const setView = (view) => {
    stage.dataset.view = view;
    for (const button of views) button.setAttribute("aria-pressed", String(button.dataset.view === view));
  };
  for (const button of views) button.addEventListener("click", () => setView(button.dataset.view));
  recording.exchange = () => stage.classList.toggle("is-exchanged");
  document.getElementById("exchange")?.addEventListener("click", recording.exchange);

  /* To the side, or on a phone a slim bar; its place is kept, so that nothing moves. Sent away, it stays away until
     somebody plays a moment. A phone has it once something was played. */
  const place = document.getElementById("stage-place"), slim = stage.querySelector(".slim");
  let isInSight = true, isSentAway = false, wasPlayed = false;
  const settle = () => {
    const isAside = !isInSight && !isSentAway && (wasPlayed || !phone.matches);
    if (isAside === stage.classList.contains("is-aside")) return;
    place.style.minHeight = isAside ? `${stage.getBoundingClientRect().height}px` : "";
    stage.style.opacity = 0; /* for a frame: it appears elsewhere, and nothing is told to have moved */
    requestAnimationFrame(() => requestAnimationFrame(() => { stage.style.opacity = ""; }));
    stage.classList.toggle("is-aside", isAside);
    document.documentElement.classList.toggle("has-aside", isAside);
    slim.hidden = !isAside;
    player.controls = !(isAside && phone.matches);
  };
  new IntersectionObserver(([entry]) => { isInSight = entry.isIntersecting; settle(); }, { rootMargin: "-56px 0px 0px" }).observe(place.closest(".hero")); /* the strip too is out of sight then */
  recording.sendAway = () => { isSentAway = true; player.pause(); settle(); };
  document.getElementById("send-away").addEventListener("click", recording.sendAway);
  const playButton = document.getElementById("slim-play");
  playButton.addEventListener("click", toggle);
  const sayState = () => { playButton.setAttribute("aria-pressed", String(!player.paused)); };
  player.addEventListener("play", () => { wasPlayed = true; stage.classList.add("was-played"); isSentAway = false; settle(); sayState(); });
  player.addEventListener("pause", sayState);
  let told = "";
  onTime((time) => { /* at every frame: the page is touched only where something is another */
    const clock = recording.clock?.(time) ?? "";
    if (clock !== told) slim.querySelector("time").textContent = told = clock;
  });

  /* The strip */
  const strip = document.getElementById("strip"), peek = document.getElementById("peek");
  if (!strip) return;
  const share = (time) => `${((100 * time) / data.duration).toFixed(2)}%`;
  const mark = (kind, time) => {
    const added = document.createElement("li");
    added.className = kind;
    added.setAttribute("aria-hidden", "true");
    added.style.insetInlineStart = share(time);
    return strip.appendChild(added);
  };
  for (const item of strip.querySelectorAll("li")) {
    const link = item.firstElementChild;
    item.style.insetInlineStart = share(Number(link.dataset.t));
    item.style.inlineSize = share(Number(link.dataset.end) - Number(link.dataset.t));
  }
  strip.classList.add("is-drawn");
  /* On a narrow screen it is wider than that and scrolls, so that a finger meets the shortest, within reason. */
  const shortest = Math.min(...[...strip.querySelectorAll("a")].map((link) => link.dataset.end - link.dataset.t));
  strip.style.minInlineSize = `${Math.min((28 * data.duration) / shortest, 1100)}px`;
  for (const chapter of recording.chapters) mark("strip-chapter", Number(chapter.dataset.t));
  const here = mark("strip-here", 0);
  let onLink = null, drawn = "";
  onTime((time) => {
    const now = share(Math.min(time, data.duration));
    if (now !== drawn) here.style.insetInlineStart = drawn = now;
    const start = intervalAt(time)?.[0], link = start === undefined ? null : strip.querySelector(`[data-t="${start}"]`);
    if (link === onLink) return;
    onLink?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "true");
    onLink = link;
  });
  document.addEventListener("found", (event) => {
    for (const tick of strip.querySelectorAll(".strip-hit")) tick.remove();
    for (const time of event.detail.slice(0, 100)) mark("strip-hit", time);
  });

  /* The slide's picture, on hover and focus; Escape sends it away */
  const showPeek = (link) => {
    const item = slideItem(link.dataset.slide), image = item?.querySelector(".slide-picture img"), picture = peek.querySelector("img");
    picture.hidden = !image;
    if (image) picture.src = image.src;
    peek.querySelector("p").textContent = link.querySelector(".words").textContent.replace(/\s+/g, " ").trim();
    peek.hidden = false;
    const at = link.getBoundingClientRect(), around = peek.offsetParent.getBoundingClientRect();
    const left = at.left + at.width / 2 - around.left - peek.offsetWidth / 2;
    peek.style.left = `${Math.max(0, Math.min(left, around.width - peek.offsetWidth))}px`;
  };
  const hidePeek = () => { peek.hidden = true; };
  strip.addEventListener("pointerover", (event) => {
    const link = event.target.closest("a");
    if (link && event.pointerType !== "touch") showPeek(link);
  });
  strip.addEventListener("focusin", (event) => { if (event.target.matches("a:focus-visible")) showPeek(event.target); });
  strip.closest(".strip-place").addEventListener("pointerleave", hidePeek);
  strip.addEventListener("focusout", hidePeek);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hidePeek(); });
})();
