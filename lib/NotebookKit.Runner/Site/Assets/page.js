"use strict";
(() => {
  const root = document.documentElement;
  const remember = {
    get: key => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* a page from a file may have no storage */ } },
  };

  let width = innerWidth;
  addEventListener("resize", () => { if ((innerWidth < 620) !== (width < 620)) Figures.draw(); width = innerWidth; });

  // Theme: as the system, light, dark.
  const themeButton = document.getElementById("theme");
  const themes = ["auto", "light", "dark"];
  let theme = remember.get("theme") || "auto";
  function applyTheme() {
    if (theme === "auto") delete root.dataset.theme; else root.dataset.theme = theme;
    themeButton.textContent = "theme: " + theme;
  }
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    remember.set("theme", theme);
    applyTheme();
    Figures.draw();
  });
  applyTheme();
  Figures.draw();

  // Code: folded or open, all at once.
  const fold = document.getElementById("fold");
  const codes = [...document.querySelectorAll("details.code")];
  if (fold && codes.length > 0) {
    const opened = codes.filter(c => c.open);
    let shown = remember.get("code") !== "hidden";
    const apply = () => {
      for (const code of opened) code.open = shown;
      fold.textContent = shown ? "hide code" : "show code";
    };
    fold.hidden = false;
    fold.addEventListener("click", () => { shown = !shown; remember.set("code", shown ? "shown" : "hidden"); apply(); });
    if (!shown) apply();
    addEventListener("beforeprint", () => { for (const code of opened) code.open = true; });
    addEventListener("afterprint", apply);
  }

  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = button.parentElement.querySelector("pre").textContent;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "copied";
      } catch {
        getSelection().selectAllChildren(button.parentElement.querySelector("pre"));
        button.textContent = "selected";
      }
      setTimeout(() => { button.textContent = "copy"; }, 1500);
    });
  }

  // Contents: closed on a phone, and the section in view marked.
  const nav = document.querySelector("nav details");
  if (nav) {
    if (innerWidth < 960) nav.open = false;
    const links = new Map([...nav.querySelectorAll('a[href^="#"]')].map(a => [decodeURIComponent(a.hash.slice(1)), a]));
    const watch = new IntersectionObserver(entries => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(entry.target.id).setAttribute("aria-current", "true");
      }
    }, { rootMargin: "-60px 0px -70% 0px" });
    for (const id of links.keys()) {
      const heading = document.getElementById(id);
      if (heading) watch.observe(heading);
    }
  }
})();
