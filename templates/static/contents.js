/* The tabs: the one whose section is being read is marked, and in view where they scroll. */
(() => {
  "use strict";

  const nav = document.querySelector(".contents"), links = [...nav.querySelectorAll("a")];
  const sections = links.map((link) => document.getElementById(link.hash.slice(1)).closest("section"));
  let isAtEnd = false, read = -1;

  const mark = () => {
    const current = links[isAtEnd ? links.length - 1 : read]; /* the last one may be too short to be read further up */
    for (const link of links) if (link !== current) link.removeAttribute("aria-current");
    if (!current || current.hasAttribute("aria-current")) return;
    current.setAttribute("aria-current", "true");
    const tab = current.getBoundingClientRect(), room = nav.getBoundingClientRect();
    if (tab.left >= room.left && tab.right <= room.right) return;
    const start = nav.matches(":dir(rtl)") ? tab.right - room.right : tab.left - room.left;
    nav.scrollBy({ left: tab.width > room.width ? start : tab.left + tab.width / 2 - room.left - room.width / 2 });
  };
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const at = sections.indexOf(target);
      if (isIntersecting) read = at; else if (read === at) read = -1;
    }
    mark();
  }, { rootMargin: "-30% 0px -70% 0px" }); /* a line that the reader's eyes are near */
  for (const section of sections) watch.observe(section);
  new IntersectionObserver(([entry]) => { isAtEnd = entry.isIntersecting; mark(); }).observe(document.querySelector(".foot"));
})();
