/* One search box over account, transcript and slides. The page itself is the index, read when the box is first used. */
(() => {
  "use strict";

  const MAX_HITS = 50; /* in the list */
  const AT_ONCE = 8; /* of these are drawn before the browser paints, the others after it */
  const SLICE = 6; /* milliseconds that reading the page takes at a time: a key is never kept waiting */
  const MAX_MARKS = 100; /* painted at a time: those of what is on the screen */
  const OTHER_FORM = 0.9; /* what another form of the typed word is worth */
  const UNLIKE_FORMS = 0.7; /* one that begins so, or is written a little otherwise */
  const NEARBY = 0.5; /* and one that stands in the sentence before or after */
  const language = /^[a-z]{2,3}(?![a-z])/.exec(document.querySelector("article").lang)?.[0] || "en";

  const { wordsOf } = window.words(language);

  /* Units: each sentence of the account and the transcript, each slide, with the text nodes that hold it */
  const textNodes = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) if (walker.currentNode.data.trim()) found.push(walker.currentNode);
    return found;
  };
  const unit = (element, parts, more) => {
    const text = parts.map(({ node, from, to }) => node.data.slice(from, to).trim()).join(" · ");
    const words = wordsOf(text);
    return { element, parts, text, words, stems: new Set(words.map((word) => word.stem)), forms: new Set(words.map((word) => word.folded)), squeezed: words.map((word) => word.folded).join(""), ...more };
  };
  const whole = (node) => ({ node, from: 0, to: node.data.length });
  const number = (element) => (element ? Number(element.dataset.t) : null);

  const sentenceUnit = (element) => {
    const nodes = textNodes(element.querySelector("p") || element).slice(0, 1);
    return [unit(element, nodes.map(whole), { kind: "digest", time: number(element.querySelector("[data-t]")) })];
  };
  const splitter = new Intl.Segmenter(language, { granularity: "sentence" });
  const spokenUnits = (said) => {
    const node = said.firstChild, from = number(said.closest(".passage").querySelector("[data-t]"));
    return [...splitter.segment(node.data)].map(({ index, segment }) => unit(
      said, [{ node, from: index, to: index + segment.length }],
      { kind: "spoken", time: window.recording?.secondAt?.(said, index) ?? from },
    ));
  };
  const slideUnit = (element) => {
    const nodes = [element.querySelector(".slide-title"), ...element.querySelectorAll("details li, details td, .slide-text li")];
    return [unit(element, nodes.flatMap((one) => (one ? textNodes(one) : [])).map(whole), { kind: "slide", time: number(element.querySelector("figcaption [data-t]")) })];
  };

  /* The page is read a slice at a time from when the box is entered, and to its end once somebody searches. */
  const units = [], counts = new Map();
  let unread = null;
  const readPage = (until) => {
    unread ??= [[spokenUnits, ".said"], [sentenceUnit, ".account .sentence[id]"], [slideUnit, ".gallery > li"]]
      .flatMap(([read, where]) => [...document.querySelectorAll(where)].map((element) => () => read(element))).reverse();
    while (unread.length && performance.now() < until) {
      for (const one of unread.pop()().filter((found) => found.words.length)) {
        units.push(one);
        for (const each of one.stems) counts.set(each, (counts.get(each) || 0) + 1);
      }
    }
    return unread.length === 0;
  };

  /* Whether two words differ by one letter, left out, put in, changed or swapped with the next */
  const isClose = (a, b) => {
    if (Math.abs(a.length - b.length) > 1) return false;
    let at = 0;
    while (at < a.length && a[at] === b[at]) at += 1;
    const rest = (word, from) => word.slice(from);
    return rest(a, at + 1) === rest(b, at + 1) || rest(a, at) === rest(b, at + 1) || rest(a, at + 1) === rest(b, at)
      || (a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, at + 2) === rest(b, at + 2));
  };
  /* What a typed word stands for on this page: stems and what they are worth; else letters inside of words. */
  const termOf = (typed, isUnfinished) => {
    const known = new Map();
    if (counts.has(typed.stem)) known.set(typed.stem, OTHER_FORM);
    if (isUnfinished && typed.folded.length > 1) {
      for (const each of counts.keys()) if (each.startsWith(typed.folded)) known.set(each, known.get(each) || UNLIKE_FORMS);
    }
    if (!known.size && typed.stem.length > 3) {
      for (const each of counts.keys()) if (isClose(each, typed.stem)) known.set(each, UNLIKE_FORMS);
    }
    const inside = known.size || typed.folded.length < 4 ? null : typed.folded;
    const within = units.filter((one) => weigh({ known, inside, typed: typed.folded }, one)).length;
    return { known, inside, typed: typed.folded, rarity: Math.log(1 + units.length / (within || units.length)) };
  };
  const weigh = (term, one) => {
    if (term.inside) return one.squeezed.includes(term.inside) ? UNLIKE_FORMS : 0;
    let most = one.forms.has(term.typed) ? 1 : 0;
    for (const [each, worth] of term.known) if (worth > most && one.stems.has(each)) most = worth;
    return most;
  };

  /* Hits, best first: rare words count more; a word in the next sentence counts half. Speech wins over what sums it up. */
  const find = (query) => {
    readPage(Infinity);
    const typed = wordsOf(query);
    const terms = typed.map((word, at) => termOf(word, at === typed.length - 1 && !/\s$/.test(query)));
    const found = [];
    units.forEach((one, at) => {
      const near = one.kind === "spoken" ? [units[at - 1], units[at + 1]].filter((other) => other?.kind === "spoken" && Math.abs(other.time - one.time) < 30) : [];
      let score = 0, own = 0;
      for (const term of terms) {
        const here = weigh(term, one) * term.rarity;
        own += here;
        score += here || NEARBY * Math.max(0, ...near.map((other) => weigh(term, other))) * term.rarity;
      }
      if (own) found.push({ ...one, score: score * (one.kind === "spoken" ? 1.02 : one.kind === "slide" ? 0.8 : 1), terms });
    });
    found.sort((a, b) => b.score - a.score);
    return found.filter((hit) => hit.score >= found[0].score / 2);
  };
  const isMeant = (hit, word) => hit.terms.some((term) => (term.inside
    ? word.folded.length > 2 && (term.inside.includes(word.folded) || word.folded.includes(term.inside))
    : term.known.has(word.stem)));

  /* Marks on the page, by the browser's highlights: no element is added, and only what is on the screen is painted. */
  const painted = window.Highlight && CSS.highlights ? new Highlight() : null;
  if (painted) CSS.highlights.set("found", painted);
  const rangesOf = (hit) => hit.parts.flatMap(({ node, from, to }) => wordsOf(node.data.slice(from, to))
    .filter((word) => isMeant(hit, word))
    .map((word) => {
      const range = new Range();
      range.setStart(node, from + word.at);
      range.setEnd(node, from + word.end);
      return range;
    }));
  const onScreen = new Set();
  const paint = () => {
    if (!painted) return;
    painted.clear();
    for (const hit of hits) {
      if (!onScreen.has(hit.element)) continue;
      for (const range of rangesOf(hit)) {
        if (painted.size >= MAX_MARKS) return;
        painted.add(range);
      }
    }
  };
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) onScreen.add(entry.target); else onScreen.delete(entry.target);
    paint();
  });

  /* The list */
  const form = document.getElementById("search"), box = form.querySelector("input");
  const panel = document.getElementById("hits"), list = panel.querySelector("ol"), told = document.getElementById("hits-told");
  let hits = [], chosen = -1, isDue = false;

  const clock = (time) => window.recording?.clock(time) ?? "";
  const marked = (hit) => {
    const into = document.createElement("span");
    const first = hit.words.find((word) => isMeant(hit, word))?.at ?? 0;
    const from = first > 140 ? hit.text.lastIndexOf(" ", first - 80) + 1 : 0;
    const shown = hit.text.slice(from, from + 240);
    let at = 0;
    if (from) into.append("… ");
    for (const word of wordsOf(shown)) {
      if (!isMeant(hit, word)) continue;
      const mark = document.createElement("mark");
      mark.textContent = shown.slice(word.at, word.end);
      into.append(shown.slice(at, word.at), mark);
      at = word.end;
    }
    into.append(shown.slice(at), from + 240 < hit.text.length ? " …" : "");
    return into;
  };
  const pictureOf = (hit) => {
    const slide = hit.kind === "slide" ? hit.element.id : `slide-${window.recording?.intervalAt(hit.time ?? -1)?.[2]}`;
    const picture = document.querySelector(`#${slide} .slide-picture img`)?.cloneNode();
    if (picture) { picture.alt = ""; picture.loading = "lazy"; }
    return picture;
  };
  const row = (hit, at) => {
    const item = document.createElement("li"), link = document.createElement("a"), says = document.createElement("span");
    const time = window.recording && hit.time !== null ? clock(hit.time) : "";
    link.href = time ? `#t=${Math.floor(hit.time)}` : hit.element.id ? `#${hit.element.id}` : "#transcript";
    says.className = "hit-where";
    says.textContent = [time, panel.dataset[hit.kind]].filter(Boolean).join(" · ");
    const words = document.createElement("span");
    words.append(marked(hit), says);
    link.append(words, ...[pictureOf(hit)].filter(Boolean));
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      choose(at);
    });
    item.append(link);
    return item;
  };
  const choose = (at) => {
    list.children[chosen]?.firstChild.removeAttribute("aria-current");
    chosen = Math.min(Math.max(at, 0), list.children.length - 1);
    const hit = hits[chosen], link = list.children[chosen]?.firstChild;
    if (!hit) return;
    link.setAttribute("aria-current", "true");
    link.scrollIntoView({ block: "nearest" });
    if (window.recording && hit.time !== null) {
      window.recording.remember(hit.time);
      window.recording.seek(hit.time, true);
    }
    hit.element.scrollIntoView({ block: "center" });
  };
  const afterPaint = (act) => requestAnimationFrame(() => setTimeout(act));
  const show = () => {
    isDue = false;
    const query = box.value;
    for (const hit of hits) watcher.unobserve(hit.element);
    onScreen.clear();
    hits = query.trim().length > 1 ? find(query) : [];
    chosen = -1;
    list.replaceChildren(...hits.slice(0, AT_ONCE).map(row));
    const drawn = hits;
    afterPaint(() => { if (drawn === hits) list.append(...hits.slice(AT_ONCE, MAX_HITS).map((hit, at) => row(hit, at + AT_ONCE))); });
    panel.hidden = query.trim().length < 2;
    told.textContent = panel.hidden ? "" : hits.length === 0 ? panel.dataset.none : hits.length === 1 ? panel.dataset.one : panel.dataset.many.replace("%d", hits.length);
    for (const hit of hits) watcher.observe(hit.element);
    paint();
    const below = panel.getBoundingClientRect().bottom - innerHeight, bar = form.closest(".bar");
    if (below > 0) scrollBy({ top: Math.min(below + 16, bar.getBoundingClientRect().top) });
    document.dispatchEvent(new CustomEvent("found", { detail: hits.map((hit) => hit.time).filter((time) => time !== null) }));
  };

  form.hidden = false;
  const readOn = () => { if (!readPage(performance.now() + SLICE)) setTimeout(readOn); else if (isDue) show(); };
  box.addEventListener("focus", readOn, { once: true });
  box.addEventListener("input", () => { isDue = true; afterPaint(readOn); }); /* what was typed stands there first */
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isDue) show();
    choose(chosen + 1 < list.children.length ? chosen + 1 : 0);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    box.value = "";
    show();
    box.focus();
  });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) panel.hidden = true; });
  box.addEventListener("click", () => { panel.hidden = !box.value.trim(); });
})();
