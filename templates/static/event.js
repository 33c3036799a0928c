/* An event page and the list: the reader's own time beside the event's, and what is over is over without a new page.
   Everything here improves a page that is whole without it; nothing is loaded. */
(() => {
  "use strict";

  const lang = document.documentElement.lang;
  const language = lang === "en" ? "en-001" : lang || undefined;  /* as the pages write English: of no country */
  const written = (from, to, timeZone, more) => {
    const format = new Intl.DateTimeFormat(language, { ...more, hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
    return to ? format.formatRange(from, to) : format.format(from);
  };
  const date = { weekday: "long", day: "numeric", month: "long" };

  /* Where clocks show the same, one time is enough. */
  for (const line of document.querySelectorAll(".your-time")) {
    const from = new Date(line.dataset.starts), minutes = Number(line.dataset.minutes);
    const to = minutes ? new Date(from.getTime() + minutes * 60000) : null;
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (written(from, to, here, date) === written(from, to, line.dataset.zone, date)) continue;
    const time = line.querySelector("time");
    time.dateTime = line.dataset.starts;
    time.textContent = written(from, to, here, date).replace("–", "\u2060–\u2060");
    line.hidden = false;
  }

  const isOver = (part) => new Date(part.dataset.ends) <= new Date();

  const article = document.querySelector("article[data-ends]");
  if (article && isOver(article)) {
    for (const part of article.querySelectorAll("[data-until-over]")) part.hidden = true;
    for (const part of article.querySelectorAll("[data-once-over]")) part.hidden = false;
  }

  const coming = document.querySelector("[data-to-come]"), past = document.querySelector("[data-past]");
  if (coming && past) {
    for (const line of coming.querySelectorAll("li[data-ends]")) if (isOver(line)) past.prepend(line);
    if (!coming.querySelector("li")) coming.hidden = true;
  }
})();
