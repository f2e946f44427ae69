"use strict";
(() => {
  const root = document.documentElement;
  let slides = [...document.querySelectorAll(".slide")];
  const place = document.getElementById("place");
  const keys = document.getElementById("keys");
  let current = 0;
  let notes = null;

  const smallestOfMany = 0.8, smallestOfOne = 0.5;

  // Measured before the stage is scaled.
  function fits(slide, smallest) {
    const content = slide.querySelector(".fit");
    const room = slide.clientHeight - 100;
    for (let size = 1; size > smallest - 0.01; size -= 0.05) {
      content.style.zoom = size;
      if (content.getBoundingClientRect().height <= room) return true;
    }
    return false;
  }

  // A cell stays in one piece if it can; prose may be cut between its paragraphs, but not behind what announces the next.
  function parts(slide) {
    const blocks = [...slide.querySelector(".fit").children];
    const alone = block => blocks.every(other => other === block || other.matches(".prose") && [...other.children].every(announces));
    const cuttable = block => block.matches(".prose") || block.matches(".cell") && alone(block);
    return blocks.flatMap(block => cuttable(block) ? [...block.children] : [block]);
  }

  const announces = part => part.matches("h1, h2, h3, h4") || part.matches(".prose > p") && part.textContent.trim().endsWith(":");

  function moveToFront(part, slide) {
    const content = slide.querySelector(".fit");
    const wrapper = part.parentElement;
    if (wrapper.matches(".fit")) {
      content.prepend(part);
      return;
    }
    let first = content.firstElementChild;
    if (!first || first.cutFrom !== wrapper) {
      first = wrapper.cloneNode(false);
      first.cutFrom = wrapper;
      content.prepend(first);
    }
    first.prepend(part);
    if (wrapper.children.length === 0) wrapper.remove();
  }

  // An empty slide that goes on with this one: the same notes, and its heading in small.
  function follower(slide, heading) {
    const next = slide.cloneNode(false);
    const again = document.createElement("p");
    again.className = "again";
    again.textContent = heading ? heading.textContent.replace(/ #$/, "") : "";
    const content = document.createElement("div");
    content.className = "fit";
    next.append(again, content, slide.querySelector(".notes").cloneNode(true));
    slide.after(next);
    return next;
  }

  // What is too much for a slide grows a little smaller; what is still too much goes on to a slide of its own.
  function paginate(slide) {
    const heading = slide.querySelector("h1, h2, h3");
    while (!fits(slide, smallestOfMany)) {
      const kept = parts(slide).findIndex(part => !announces(part)) + 1;
      if (kept === 0 || parts(slide).length <= kept) return;
      const next = follower(slide, heading);
      do moveToFront(parts(slide).at(-1), next);
      while (parts(slide).length > kept && (announces(parts(slide).at(-1)) || !fits(slide, smallestOfMany)));
      if (announces(parts(next)[0])) next.querySelector(".again").remove();
      slide = next;
    }
  }

  // A single thing that is too much grows smaller still; after that its slide scrolls.
  function fit() {
    for (const slide of slides) paginate(slide);
    slides = [...document.querySelectorAll(".slide")];
    slides.forEach((slide, i) => {
      fits(slide, smallestOfOne);
      slide.classList.toggle("scrolls", slide.scrollHeight > slide.clientHeight + 1);
      slide.setAttribute("aria-label", "Slide " + (i + 1) + " of " + slides.length);
    });
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
    // A folded answer that has the focus opens and closes.
    if ((event.key === " " || event.key === "Enter") && event.target.closest?.("summary")) return;
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
