/* A passage to take away: select text, or press ¶ beside a sentence, and copy a link or a quote with its source. */
(() => {
  "use strict";

  const bar = document.getElementById("quote"), told = bar.querySelector("[role=status]");
  const about = JSON.parse(document.getElementById("about-page").textContent);
  let passage = null;

  const address = () => about.url || location.href.split(/[?#]/)[0];
  const clock = (time) => window.recording?.clock(time) ?? "";

  /* What is selected: its words, who said them, from which second to which. */
  const heardPassage = (said, range) => {
    const within = said.contains(range.endContainer) ? range.endOffset : said.firstChild.data.length;
    const start = window.recording?.secondAt(said, said.contains(range.startContainer) ? range.startOffset : 0);
    const end = window.recording?.secondAt(said, Math.max(0, within - 1));
    const from = Math.floor(start ?? 0), to = Math.max(Math.ceil((end ?? 0) + 1), from + 1);
    return { by: said.closest(".passage").dataset.by, time: from, moment: `${from},${to}`, link: `${address()}#t=${from},${to}` };
  };
  const writtenPassage = (sentence) => {
    const time = sentence.querySelector("[data-t]")?.dataset.t;
    return { by: sentence.dataset.by, time: time === undefined ? null : Number(time), moment: String(Math.floor(time ?? 0)), link: `${address()}#${sentence.id}`, id: sentence.id };
  };
  const selectedPassage = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0), text = selection.toString().replace(/\s+/g, " ").trim();
    const element = range.startContainer.parentElement, end = range.endContainer.parentElement;
    const said = element.closest(".said") || end?.closest(".said"), sentence = element.closest(".sentence[id]");
    if (!text || !(said || sentence)) return null;
    return { text, ...(sentence ? writtenPassage(sentence) : heardPassage(said, range)), box: range.getBoundingClientRect() };
  };

  /* How it is written */
  const speaker = (by) => (by ? [by, about.roles[by]].filter(Boolean).join(", ") : about.publisher);
  const inverted = (by) => {
    const parts = by.split(" "); /* which of three names is the family's is not known: then the name stays as it is */
    return parts.length === 2 && /^\p{Script=Latin}+$/u.test(parts.join("").replace(/[-’']/g, "")) ? `${parts[1]}, ${parts[0][0]}.` : `${by}.`;
  };
  const FORMS = {
    link: ({ link }) => link,
    plain: ({ text, by, time, link }) => `“${text}” (${[speaker(by), about.title, about.day, time === null ? "" : clock(time)].filter(Boolean).join(", ")}) ${link}`,
    markdown: ({ text, by, time, link }) => `> ${text.replace(/([\\`*_[\]<>])/g, "\\$1")}\n>\n> — ${[speaker(by), about.title, about.day].filter(Boolean).join(", ")}, [${time === null ? about.title : clock(time)}](${link})`,
    apa: ({ text, by, time, link }) => {
      const [year, , day] = about.date.split("-"), named = new Date(`${about.date}T12:00Z`).toLocaleDateString("en", { month: "long", timeZone: "UTC" });
      const who = by ? inverted(by) : `${about.publisher || about.title}.`;
      return `${who} (${year}, ${named} ${Number(day)}). “${text}” In ${about.title} [Webinar${time === null ? "" : `, ${clock(time)}`}].${about.publisher ? ` ${about.publisher}.` : ""} ${link}`;
    },
    bibtex: ({ text, by, time, link }) => {
      const safe = (value) => value.replace(/\\/g, "\\textbackslash ").replace(/([{}%&#$_])/g, "\\$1");
      const fields = [["author", by && `{${safe(by)}}`], ["title", `{${safe(about.title)}}`], ["howpublished", "Webinar"], ["date", about.date], ["year", about.date.slice(0, 4)],
        ["publisher", safe(about.publisher)], ["url", link], ["note", `${time === null ? "" : `At ${clock(time)}: `}“${safe(text)}”`]];
      return `@misc{${about.slug}${time === null ? "" : `-${Math.floor(time)}`},\n${fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`).join(",\n")}\n}`;
    },
  };

  const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  FORMS.embed = ({ moment }) => `<iframe src="${escaped(new URL(`embed.html#t=${moment}`, address()).href)}" title="${escaped(about.title)}" width="640" height="${document.querySelector("video") ? 400 : 110}" allow="fullscreen" loading="lazy" style="border:0"></iframe>`;
  const embed = bar.querySelector("[data-copy=embed]");
  if (embed) embed.hidden = !address().startsWith("http"); /* what lies on a disk nobody else can show */

  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = document.createElement("textarea"); /* where the clipboard is refused, as in some pages from a disk */
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  const offer = (found) => {
    passage = found;
    bar.hidden = !found;
    if (!found) return;
    told.textContent = "";
    const around = bar.offsetParent.getBoundingClientRect();
    const top = found.box.top - around.top, isBelow = found.box.top < 120;
    bar.style.top = `${isBelow ? top + found.box.height + 8 : top - bar.offsetHeight - 8}px`;
    const room = document.documentElement.clientWidth - bar.offsetWidth - 8;
    bar.style.left = `${Math.max(8, Math.min(found.box.left, room)) - around.left}px`;
    const suggest = bar.querySelector("[data-mail]");
    if (suggest) {
      const where = [found.id, found.time === null ? "" : clock(found.time)].filter(Boolean).join(", ");
      suggest.href = `mailto:${suggest.dataset.mail}?subject=${encodeURIComponent(`${about.title}: ${where}`)}&body=${encodeURIComponent(`“${found.text}”\n${found.link}\n\n`)}`;
    }
  };
  let settled = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(settled);
    settled = setTimeout(() => {
      const found = selectedPassage();
      if (found || !bar.contains(document.activeElement)) offer(found);
    }, 250);
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".permalink"), sentence = mark?.closest(".sentence[id]");
    if (!sentence) return;
    const words = (sentence.querySelector("p") || sentence).firstChild;
    getSelection().removeAllRanges();
    clearTimeout(settled);
    setTimeout(() => {
      clearTimeout(settled);
      offer({ text: words.textContent.trim(), ...writtenPassage(sentence), box: sentence.getBoundingClientRect() });
      bar.querySelector("button").focus({ preventScroll: true });
    });
  });
  bar.addEventListener("click", async (event) => {
    const form = event.target.closest("[data-copy]")?.dataset.copy;
    if (!form || !passage) return;
    await copy(FORMS[form](passage));
    told.textContent = bar.dataset.copied;
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") offer(null); });
})();
