/* The search of all webinars. The index lies beside this page in small files, made by digest/site/search_index.py: a
   bucket for each word and segment (a year in a language), and blocks of sentences for the hits that are shown. They are
   scripts that call `archive(path, content)`, so that a page opened from a disk may load them. */
(() => {
  "use strict";

  const SHOWN = 10; /* hits, then as many more */
  const NEARBY = 0.5, ELSEWHERE = 0.1; /* what a word is worth in the sentence beside, and anywhere else in the webinar */
  const OF_SLIDES = 0.8; /* speech wins over what was shown */
  const MAX_RANKED = 200;
  const BLOCK = 32;
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const segments = JSON.parse(document.getElementById("segments").textContent);
  const languages = new Map();
  for (const name of Object.keys(segments)) {
    const language = name.slice(5);
    if (!languages.has(language)) languages.set(language, window.words(language));
  }

  /* Loading: each file once; what failed may be asked for again */
  const waiting = new Map(), loaded = new Map();
  window.archive = (path, content) => { loaded.set(path, content); };
  const load = (path, address) => {
    if (!waiting.has(path)) {
      waiting.set(path, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = () => { script.remove(); resolve(loaded.get(path)); };
        script.onerror = () => { script.remove(); waiting.delete(path); reject(new Error(path)); };
        document.head.append(script);
      }));
    }
    return waiting.get(path);
  };
  const inSegment = (name, file) => load(`${name}/${file}`, `${name}/${file}.js?v=${segments[name][1]}`);

  /* Postings: five bits a letter, the sixth says that more follow */
  const values = new Map([...DIGITS].map((digit, at) => [digit, at]));
  const numbers = (text) => {
    const found = [];
    let value = 0, scale = 1;
    for (const digit of text) {
      const bits = values.get(digit);
      value += (bits % 32) * scale;
      if (bits < 32) { found.push(value); value = 0; scale = 1; } else scale *= 32;
    }
    return found;
  };
  const sentencesOf = (text) => { /* by webinar */
    const found = new Map(), read = numbers(text);
    let webinar = 0;
    for (let at = 0; at < read.length;) {
      webinar += read[at];
      const count = read[at + 1], sentences = new Set();
      let sentence = 0;
      for (at += 2; sentences.size < count; at += 1) sentences.add(sentence += read[at]);
      found.set(webinar, sentences);
    }
    return found;
  };
  const bucketOf = (term, count) => {
    let number = 0;
    for (const letter of term) number = (Math.imul(number, 31) + letter.codePointAt(0)) >>> 0;
    return ((number ^ (number >>> 15)) >>> 0) % count;
  };

  /* What a query finds: hits, best first, the newer of two that are alike */
  const find = async (query) => {
    const parts = await Promise.all(Object.keys(segments).map(async (name) => {
      const asked = languages.get(name.slice(5)).termsOf(query);
      const [count] = segments[name];
      const buckets = await Promise.all(asked.map((term) => inSegment(name, bucketOf(term, count))));
      const postings = asked.map((term, at) => (Object.hasOwn(buckets[at], term) ? sentencesOf(buckets[at][term]) : new Map()));
      return { name, postings };
    }));
    const places = Array(Math.max(0, ...parts.map(({ postings }) => postings.length))).fill(0); /* of each word */
    for (const { postings } of parts) postings.forEach((one, at) => { for (const some of one.values()) places[at] += some.size; });
    const all = Math.max(1, ...places);
    const rarity = places.map((count) => (count ? Math.log(1 + 20 * all / count) : 0));
    const hits = [];
    for (const { name, postings } of parts) {
      for (const webinar of new Set(postings.flatMap((one) => [...one.keys()]))) {
        const here = postings.map((one) => one.get(webinar) || new Set());
        for (const sentence of new Set(here.flatMap((some) => [...some]))) {
          let score = 0;
          here.forEach((some, at) => {
            const worth = some.has(sentence) ? 1 : some.has(sentence - 1) || some.has(sentence + 1) ? NEARBY : some.size ? ELSEWHERE : 0;
            score += worth * rarity[at];
          });
          hits.push({ name, webinar, sentence, score });
        }
      }
    }
    const newer = (a, b) => (a.name < b.name ? 1 : a.name > b.name ? -1 : b.webinar - a.webinar || a.sentence - b.sentence);
    hits.sort((a, b) => b.score - a.score || newer(a, b));
    const ranked = hits.filter((hit) => hit.score >= hits[0].score / 2).slice(0, MAX_RANKED);
    const names = [...new Set(ranked.map((hit) => hit.name))];
    const lists = new Map(await Promise.all(names.map(async (name) => [name, await inSegment(name, "webinars")])));
    for (const hit of ranked) {
      [hit.slug, hit.file, hit.spoken] = lists.get(hit.name)[hit.webinar];
      if (hit.sentence >= hit.spoken) hit.score *= OF_SLIDES;
    }
    return ranked.sort((a, b) => b.score - a.score || newer(a, b));
  };

  /* The list */
  const form = document.getElementById("archive"), box = form.querySelector("input");
  const told = document.getElementById("told"), list = document.getElementById("found"), more = document.getElementById("more");
  let hits = [], asked = 0, query = "";

  const clock = (time) => {
    const whole = Math.floor(time), parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
    return whole < 3600 ? `${Number(parts[0])}:${parts[1]}` : `${Math.floor(whole / 3600)}:${parts.join(":")}`;
  };
  const mark = (text, language) => {
    const into = document.createElement("span"), words = languages.get(language), wanted = new Set(words.termsOf(query));
    let at = 0;
    for (const word of words.wordsOf(text)) {
      if (!words.termsOf(text.slice(word.at, word.end)).some((term) => wanted.has(term))) continue;
      const marked = document.createElement("mark");
      marked.textContent = text.slice(word.at, word.end);
      into.append(text.slice(at, word.at), marked);
      at = word.end;
    }
    into.append(text.slice(at));
    into.lang = language;
    into.dir = "auto";
    return into;
  };
  const row = async (hit) => {
    const number = Math.floor(hit.sentence / BLOCK);
    const block = await load(`${hit.slug}/${hit.file}-${number}`, `../${hit.slug}/digest/said-${hit.file}-${number}.js`);
    const [where, text] = block.said[hit.sentence % BLOCK];
    const item = document.createElement("li"), link = document.createElement("a"), from = document.createElement("span");
    const place = typeof where === "number" ? `t=${Math.floor(where)}` : where;
    link.href = `../${hit.slug}/digest/index.html${place ? `#${place}` : ""}`;
    const said = typeof where === "number" ? clock(where) : /^slide-/.test(where) ? `${form.dataset.slide} ${where.slice(6)}` : "";
    from.className = "found-where";
    const title = document.createElement("strong"), date = document.createElement("time");
    title.textContent = block.title;
    title.dir = "auto";
    date.dateTime = block.date;
    date.textContent = new Date(`${block.date}T12:00:00`).toLocaleDateString(document.documentElement.lang === "en" ? "en-001" : document.documentElement.lang, { dateStyle: "long" });
    from.append(title, " ", date, said ? ` · ${said}` : "");
    link.append(mark(text, hit.name.slice(5)), from);
    item.append(link);
    return item;
  };
  const showMore = async () => {
    const mine = asked, from = list.children.length;
    const rows = await Promise.all(hits.slice(from, from + SHOWN).map(row));
    if (mine !== asked) return;
    list.append(...rows);
    more.hidden = list.children.length >= hits.length;
    if (from) rows[0]?.querySelector("a").focus();
  };
  const search = async () => {
    const mine = asked += 1;
    query = box.value.trim();
    history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    list.replaceChildren();
    more.hidden = true;
    told.textContent = query ? form.dataset.searching : "";
    if (!query) return;
    try {
      const found = await find(query);
      if (mine !== asked) return;
      hits = found;
      await showMore();
      if (mine === asked) told.textContent = hits.length === 0 ? form.dataset.none : hits.length === 1 ? form.dataset.one : form.dataset.many.replace("%d", hits.length === MAX_RANKED ? `${hits.length}+` : hits.length);
    } catch {
      if (mine === asked) told.textContent = form.dataset.lost;
    }
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  more.addEventListener("click", () => { showMore().catch(() => { told.textContent = form.dataset.lost; }); });
  box.value = new URLSearchParams(location.search).get("q") || "";
  if (box.value) search(); else box.focus();
})();
