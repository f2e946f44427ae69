"use strict";
(() => {
  const root = document.documentElement;
  const slides = [...document.querySelectorAll(".slide")];
  const place = document.getElementById("place");
  const keys = document.getElementById("keys");
  let current = 0;
  let notes = null;

  Figures.draw();

  // Measured before the stage is scaled. What is too much for a slide grows smaller, down to half; after that the slide scrolls.
  function fit() {
    for (const slide of slides) {
      const content = slide.querySelector(".fit");
      const room = slide.clientHeight - 100;
      for (let size = 1; size >= 0.5; size -= 0.05) {
        content.style.zoom = size;
        if (content.getBoundingClientRect().height <= room) break;
      }
      slide.classList.toggle("scrolls", slide.scrollHeight > slide.clientHeight + 1);
    }
  }

  function resize() {
    root.style.setProperty("--scale", Math.min(innerWidth / 1280, innerHeight / 720));
  }

  function show(index, fragments) {
    current = Math.max(0, Math.min(slides.length - 1, index));
    slides.forEach((slide, i) => {
      slide.classList.toggle("current", i === current);
      slide.toggleAttribute("inert", i !== current);
    });
    for (const fragment of slides[current].querySelectorAll(".fragment")) fragment.classList.toggle("shown", fragments === "all");
    place.textContent = (current + 1) + " / " + slides.length;
    history.replaceState(null, "", "#" + (current + 1));
    tell();
  }

  function forward() {
    const next = slides[current].querySelector(".fragment:not(.shown)");
    if (next) next.classList.add("shown");
    else if (current < slides.length - 1) show(current + 1, "none");
  }

  function back() {
    const shown = [...slides[current].querySelectorAll(".fragment.shown")];
    if (shown.length > 0) shown.at(-1).classList.remove("shown");
    else if (current > 0) show(current - 1, "all");
  }

  // The presenter's window is written from here, so it needs no address and no network.
  function tell() {
    if (!notes || notes.closed) return;
    const next = slides[current + 1];
    const title = next ? (next.querySelector("h1, h2, h3") || next.querySelector(".prose p, pre") || next).textContent.replace("#", "").trim().slice(0, 80) : "the end";
    notes.document.body.innerHTML = "<p>" + place.textContent + "</p>" + (slides[current].querySelector(".notes").innerHTML || "<p>No notes for this slide.</p>") + "<hr><p id=next></p>";
    notes.document.getElementById("next").textContent = "Next: " + title;
  }

  function openNotes() {
    notes = open("", "notes", "width=640,height=720");
    if (!notes) return;
    notes.document.title = "Notes";
    notes.document.body.style.font = "22px/1.5 system-ui, sans-serif";
    notes.document.onkeydown = act;
    tell();
  }

  function act(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    switch (event.key) {
      case "ArrowRight": case "ArrowDown": case "PageDown": case " ": case "Enter": forward(); break;
      case "ArrowLeft": case "ArrowUp": case "PageUp": case "Backspace": back(); break;
      case "Home": show(0, "none"); break;
      case "End": show(slides.length - 1, "all"); break;
      case "s": case "S": openNotes(); break;
      case "f": case "F": document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen(); break;
      case "d": case "D": root.dataset.theme = Figures.isDark() ? "light" : "dark"; Figures.draw(); break;
      default: return;
    }
    event.preventDefault();
  }

  document.addEventListener("keydown", act);
  let touch = null;
  document.addEventListener("touchstart", event => { touch = event.changedTouches[0]; }, { passive: true });
  document.addEventListener("touchend", event => {
    const moved = event.changedTouches[0].clientX - touch.clientX;
    if (Math.abs(moved) > 50) (moved < 0 ? forward : back)();
  });
  addEventListener("resize", resize);
  addEventListener("hashchange", () => show(parseInt(location.hash.slice(1), 10) - 1 || 0, "all"));

  fit();
  Figures.draw(); // to the width that the fitted slide gives them
  resize();
  show(parseInt(location.hash.slice(1), 10) - 1 || 0, "none");
  keys.classList.add("fresh");
  setTimeout(() => keys.classList.remove("fresh"), 6000);
})();
