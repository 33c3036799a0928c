/* One slide as large as the screen, from the gallery or from beside the recording. Without this, a picture is a link. */
(() => {
  "use strict";

  const dialog = document.getElementById("lightbox"), picture = dialog.querySelector("img");
  const slides = [...document.querySelectorAll(".gallery > li")].filter((item) => item.querySelector(".slide-picture"));
  let at = 0;

  const show = (index) => {
    at = Math.min(Math.max(index, 0), slides.length - 1);
    const link = slides[at].querySelector(".slide-picture"), small = link.querySelector("img");
    picture.src = link.href;
    for (const name of ["alt", "width", "height"]) picture[name] = small[name];
    for (const part of ["number", "slide-title"]) {
      dialog.querySelector(`.${part}`).textContent = slides[at].querySelector(`figcaption .${part}`).textContent;
    }
    for (const button of dialog.querySelectorAll("[data-step]")) button.setAttribute("aria-disabled", String(!slides[at + Number(button.dataset.step)]));
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".slide-picture, #shown");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const item = link.closest("li") || document.getElementById(link.hash.slice(1));
    if (!slides.includes(item)) return;
    event.preventDefault();
    show(slides.indexOf(item));
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); /* beside the slide */
    const step = event.target.closest("[data-step]")?.dataset.step;
    if (step) show(at + Number(step));
  });
  dialog.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: slides.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
})();
