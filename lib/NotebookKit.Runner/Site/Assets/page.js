"use strict";
(() => {
  const root = document.documentElement;
  const remember = {
    get: key => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* a page from a file may have no storage */ } },
  };

  // Figures: the data as the notebook holds it, made to fit this page, this width and this theme.
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches;
  const plots = [...document.querySelectorAll("figure.plot")].map(figure => ({
    place: figure.querySelector(".drawing"),
    spec: JSON.parse(figure.querySelector("script").textContent),
  }));

  function layoutFor(spec, width, dark) {
    const layout = structuredClone(spec.layout);
    // The caption stands above the drawing as text that can be selected and read aloud; in the picture it would stand twice.
    if (layout.meta && layout.meta.caption && layout.title) {
      delete layout.title;
      layout.margin = { ...layout.margin, t: layout.showlegend ? 46 : 16 };
    }
    const annotations = layout.annotations || [];
    if (dark) {
      layout.template = darkTemplate;
      for (const label of annotations.filter(a => a.name === "level-label")) label.bgcolor = "rgba(21,24,28,0.75)";
    }
    if (width < 560) {
      const others = annotations.filter(a => a.name !== "end-label");
      layout.showlegend = layout.showlegend || others.length < annotations.length;
      layout.annotations = others;
      layout.legend = { orientation: "h", x: 0, y: -0.22, yanchor: "top" };
      layout.margin = { l: 44, r: 12, t: 16, b: 54 };
      layout.font = { size: 12 };
    }
    return layout;
  }

  function draw(dark = isDark()) {
    if (typeof Plotly === "undefined") return;
    for (const { place, spec } of plots) {
      const data = structuredClone(spec.data);
      const width = place.clientWidth;
      Plotly.react(place, data, layoutFor(spec, width, dark), { ...spec.config, displayModeBar: width < 560 ? false : "hover" });
    }
  }

  let width = innerWidth;
  addEventListener("resize", () => { if ((innerWidth < 620) !== (width < 620)) draw(); width = innerWidth; });
  systemDark.addEventListener("change", () => draw());
  addEventListener("beforeprint", () => draw(false));
  addEventListener("afterprint", () => draw());

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
    draw();
  });
  applyTheme();
  draw();

  // Formulas: a browser without a mathematical font leaves scripts on the line; then the style sheet moves them.
  const formula = document.querySelector("math");
  if (formula) {
    const probe = document.createElement("div");
    probe.innerHTML = "<math><msub><mi>x</mi><mi>x</mi></msub></math>";
    formula.after(probe);
    const [base, script] = [...probe.querySelectorAll("mi")].map(e => e.getBoundingClientRect());
    probe.remove();
    if (script.bottom < base.bottom + 1) root.classList.add("no-math-font");
  }

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
