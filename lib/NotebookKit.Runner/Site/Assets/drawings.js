"use strict";

// The figures of a page or of slides: the data as the notebook holds it, made to fit this place, this width and this theme.
const Figures = (() => {
  const root = document.documentElement;
  const onStage = document.getElementById("stage") !== null;
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
      layout.margin = { ...layout.margin, t: layout.showlegend ? 26 + 20 * (layout.meta.legend || 1) : 16 };
    }
    const annotations = layout.annotations || [];
    if (dark) {
      layout.template = structuredClone(darkTemplate);
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
    if (onStage) {
      // Read from the back of a room.
      const larger = 1.2;
      layout.font = { size: 14 * larger };
      for (const axis of ["xaxis", "yaxis"]) layout.template.layout[axis].title.font.size = 14 * larger;
      for (const label of annotations) {
        if (label.font) label.font.size *= larger;
        if (label.yshift) label.yshift *= larger;
      }
      layout.margin = { ...layout.margin, r: layout.margin.r * larger };
    }
    return layout;
  }

  function draw(dark = isDark()) {
    if (typeof Plotly === "undefined") return;
    for (const { place, spec } of plots) {
      const data = structuredClone(spec.data);
      const width = place.clientWidth;
      Plotly.react(place, data, layoutFor(spec, width, dark), { ...spec.config, displayModeBar: onStage || width < 560 ? false : "hover" });
    }
  }

  systemDark.addEventListener("change", () => draw());
  addEventListener("beforeprint", () => draw(false));
  addEventListener("afterprint", () => draw());
  return { draw, isDark };
})();

{
  // Formulas: a browser without a mathematical font leaves scripts on the line; then the style sheet moves them.
  const formula = document.querySelector("math");
  if (formula) {
    const probe = document.createElement("div");
    probe.innerHTML = "<math><msub><mi>x</mi><mi>x</mi></msub></math>";
    formula.after(probe);
    const [base, script] = [...probe.querySelectorAll("mi")].map(e => e.getBoundingClientRect());
    probe.remove();
    if (script.bottom < base.bottom + 1) document.documentElement.classList.add("no-math-font");
  }
}
