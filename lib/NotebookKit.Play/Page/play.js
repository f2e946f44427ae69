"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const percent = p => p >= 0.995 ? "100 %" : p < 0.005 ? "0 %" : `${(100 * p).toFixed(p < 0.0995 ? 1 : 0)} %`;

  /** An element with attributes, listeners (on…) and children. */
  function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === false || value === null || value === undefined) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "width") element.style.width = value;
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
    return element;
  }

  // ---- asking -------------------------------------------------------------------------------------------------------------------

  class Refused extends Error {
    constructor(problem) { super(problem.message); this.problem = problem; }
  }

  async function ask(path, question, signal) {
    let response;
    try {
      response = await fetch(path, question === undefined ? { signal } : {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(question), signal,
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Refused({ field: "", message: "The page's server does not answer. Is it still running?" });
    }
    const answer = await response.json().catch(() => ({ field: "", message: `The server answered with ${response.status}. Reload the page.` }));
    if (!response.ok) throw new Refused(answer);
    return answer;
  }

  /** Shows a problem where it was typed; without one clears all of a panel's. */
  function tell(panel, problem) {
    for (const place of panel.querySelectorAll(".wrong")) place.textContent = "";
    for (const field of panel.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    if (!problem) return;
    const place = panel.querySelector(`.wrong[data-field="${problem.field}"]`) || panel.querySelector(".wrong");
    place.textContent = problem.line ? `Line ${problem.line}, column ${problem.column}: ${problem.message}` : problem.message;
    const field = place.previousElementSibling;
    if (field && field.matches("textarea")) {
      field.setAttribute("aria-invalid", "true");
      if (problem.line) {
        const line = field.value.split("\n")[problem.line - 1] ?? "";
        place.append(h("pre", {}, `${line}\n${" ".repeat(Math.max(0, problem.column - 1))}▲`));
      }
    }
  }

  /** Runs the newest question only: an older one that is still on its way is dropped, and so is its answer. */
  function latest(panel, result, work) {
    let running = null;
    return async (...given) => {
      running?.abort();
      const mine = running = new AbortController();
      result.classList.add("busy");
      try {
        await work(mine.signal, ...given);
        if (running === mine) tell(panel);
      } catch (error) {
        if (error.name === "AbortError" || running !== mine) return;
        if (!(error instanceof Refused)) throw error;
        tell(panel, error.problem);
      } finally {
        if (running === mine) result.classList.remove("busy");
      }
    };
  }

  function soon(work, wait = 180) {
    let timer = 0;
    return () => { clearTimeout(timer); timer = setTimeout(work, wait); };
  }

  // ---- the address ----------------------------------------------------------------------------------------------------------------

  const benches = {};
  let current = "mask", writing = false;

  function address() {
    const state = new URLSearchParams({ b: current, ...benches[current].state() });
    return "#" + state.toString();
  }

  const write = soon(() => {
    writing = true;
    history.replaceState(null, "", address());
    writing = false;
  }, 250);

  function open(hash) {
    const state = new URLSearchParams(hash.replace(/^#/, ""));
    const bench = benches[state.get("b")] ? state.get("b") : "mask";
    show(bench, false);
    if (state.has("b")) benches[bench].load(state);
    benches[bench].refresh();
  }

  addEventListener("hashchange", () => { if (!writing) open(location.hash); });

  function show(name, focus) {
    current = name;
    for (const other of Object.keys(benches)) {
      const tab = $("tab-" + other), on = other === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      $(other).hidden = !on;
    }
    document.querySelector(".skip").href = "#" + benches[name].first;
    if (focus) $("tab-" + name).focus();
  }

  document.querySelector(".skip").addEventListener("click", event => { event.preventDefault(); $(benches[current].first).focus(); });
  document.querySelector(".tabs").addEventListener("click", event => {
    const tab = event.target.closest("[role=tab]");
    if (tab) turn(tab.getAttribute("aria-controls"), false);
  });
  document.querySelector(".tabs").addEventListener("keydown", event => {
    const names = Object.keys(benches), at = names.indexOf(current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    turn(names[(to + names.length) % names.length], true);
  });
  function turn(name, focus) {
    show(name, focus);
    benches[name].refresh();
    write();
  }

  $("link").addEventListener("click", async () => {
    history.replaceState(null, "", address());
    try { await navigator.clipboard.writeText(location.href); $("link").textContent = "copied"; } catch { $("link").textContent = "it is in the address bar"; }
    setTimeout(() => { $("link").textContent = "copy link"; }, 1800);
  });

  // ---- light and dark, as the suite's pages ------------------------------------------------------------------------------------------

  const remember = {
    get: key => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* some windows have no storage */ } },
  };
  const themes = ["auto", "light", "dark"];
  let theme = remember.get("theme") || "auto";
  function applyTheme() {
    if (theme === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
    $("theme").textContent = "theme: " + theme;
  }
  $("theme").addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    remember.set("theme", theme);
    applyTheme();
  });
  applyTheme();

  // ---- how the benches are -----------------------------------------------------------------------------------------------------------

  let states = {}, timer = 0;

  async function watch() {
    clearTimeout(timer);
    let list;
    try { list = await ask("api/state"); } catch { timer = setTimeout(watch, 3000); return; }
    for (const state of list) {
      const before = states[state.name];
      states[state.name] = state;
      if (JSON.stringify(before) !== JSON.stringify(state)) draw(state);
      if (state.isReady && (!before?.isReady || before.preset !== state.preset)) benches[state.name].begin().then(() => { if (current === state.name) benches[state.name].refresh(); });
    }
    timer = setTimeout(watch, list.some(s => s.progress || s.isWaiting) ? 400 : 4000);
  }

  async function prepare(bench, preset) { await ask("api/prepare", { bench, preset }); watch(); }
  async function cancel(bench) { await ask("api/cancel", { bench }); watch(); }

  function draw(state) {
    const place = document.querySelector(`.status[data-bench="${state.name}"]`), lines = [], wasOpen = place.querySelector("details")?.open;
    if (state.about) {
      const longer = state.longer && state.preset === "smoke" && !state.progress && !state.isWaiting;
      lines.push(h("details", { open: wasOpen }, h("summary", {}, state.preset === "smoke" ? "The models, after a short training" : "The models"), h("p", {}, state.about),
        longer ? h("button", { type: "button", onclick: () => prepare(state.name, "cpu") }, `Train longer (${state.longer})`) : null));
    }
    if (state.progress) {
      const { stage, done, total, note } = state.progress;
      const bar = place.querySelector("[role=progressbar]") || h("div", { role: "progressbar", class: "bar", "aria-label": "preparation" }, h("span"));
      bar.classList.toggle("unknown", !total);
      if (total) { bar.setAttribute("aria-valuenow", Math.round(100 * done / total)); bar.firstChild.style.width = `${100 * done / total}%`; }
      else { bar.removeAttribute("aria-valuenow"); bar.firstChild.style.width = ""; }
      lines.push(h("p", {}, total ? `${stage}: ${done.toLocaleString("en")} of ${total.toLocaleString("en")}${note ? `, ${note}` : ""}` : `${stage} …`), bar,
        h("button", { type: "button", onclick: () => cancel(state.name) }, "Stop"));
    } else if (state.isWaiting) {
      lines.push(h("p", {}, "Its models wait until those of another bench are ready. "), h("button", { type: "button", onclick: () => cancel(state.name) }, "Do without"));
    } else {
      if (state.problem) lines.push(h("p", { class: "trouble" }, state.problem));
      if (!state.isReady) lines.push(h("button", { type: "button", onclick: () => prepare(state.name, "smoke") }, "Prepare this bench (about a minute)"));
    }
    place.replaceChildren(...lines);
  }

  // ---- mask --------------------------------------------------------------------------------------------------------------------------

  benches.mask = (() => {
    const panel = $("mask"), rows = $("mask-rows"), gapBox = $("mask-gap"), tellBox = $("mask-unit"), hint = tellBox.textContent;
    const start = { t: "Gets or sets a value that indicates whether the first day of the week is highlighted. Converts the string representation of a number to its double precision floating point equivalent, or throws an exception when it is less than zero.", r: "15", s: "3" };
    let seed = 3, gap = null, drawn = null; // gap: { scheme, start }; drawn: the question that the rows answer
    const what = {
      "random token": "single pieces", "whole word": "whole words", "random span": "spans of words",
      "naive PMI": "runs of words by naive PMI", "PMI": "runs of words by PMI, the paper's",
    };
    const signs = { masked: "▪", random: "≠", kept: "=" };
    const words = { masked: "hidden", random: "replaced by random pieces", kept: "kept, and asked all the same" };

    function question() {
      return { text: $("mask-text").value.slice(0, 4000), rate: Number($("mask-rate").value) / 100, seed };
    }

    function shown() {
      $("mask-rate-out").textContent = `${$("mask-rate").value} %`;
      $("mask-seed").textContent = seed;
    }

    function describe(unit) {
      const said = [h("b", {}, `“${unit.text}”`), unit.action === "visible" ? ": visible. " : `: ${words[unit.action]}. `];
      if (unit.scores) {
        const { count, pmi, naive, cut } = unit.scores;
        said.push(`Stands together ${count.toLocaleString("en")} times in the corpus. PMI ${pmi.toFixed(1)}, naive PMI ${naive.toFixed(1)}. Hangs together least at: `, h("b", {}, cut.join(" | ")), ".");
      } else said.push(unit.words > 1 ? "These words do not stand together often enough in the corpus to be counted." : unit.words === 1 ? "A single word; it has no PMI." : "A piece of a word.");
      tellBox.replaceChildren(...said);
    }

    function piece(text) { return text.startsWith("##") ? text.slice(2) : text; }

    function seen(unit) {
      if (unit.action === "masked") return unit.seen.join(" ");
      return unit.seen.map((p, i) => (i > 0 && !p.startsWith("##") ? " " : "") + piece(p)).join("");
    }

    function unit(row, u) {
      const chosen = u.action !== "visible";
      if (!chosen && u.words < 2) return [u.joins ? "" : " ", u.text];
      const pressed = gap !== null && gap.scheme === row.scheme && gap.start === u.start;
      const button = h("button", {
        type: "button", class: `unit ${chosen ? u.action : "together"}`, "aria-pressed": chosen ? String(pressed) : null,
        "aria-label": chosen ? `${u.text}: ${words[u.action]}; choose this gap` : `${u.text}: a visible unit`,
        onmouseenter: () => describe(u), onfocus: () => describe(u),
        onclick: () => { describe(u); if (chosen) choose(row.scheme, u.start); },
      }, chosen ? h("span", { class: "sign", "aria-hidden": "true" }, signs[u.action]) : null, seen(u));
      button.dataset.scheme = row.scheme;
      button.dataset.start = u.start;
      return [u.joins ? "" : " ", button];
    }

    const refresh = latest(panel, rows, async signal => {
      if (!states.mask?.isReady) return;
      shown();
      const asked = question(), answer = await ask("api/mask", asked, signal);
      drawn = asked;
      const active = document.activeElement?.dataset?.scheme ? { ...document.activeElement.dataset } : null;
      rows.replaceChildren(...answer.rows.map(row => h("div", { class: "scheme" },
        h("h3", {}, row.scheme, h("small", {}, `${what[row.scheme]}; ${row.hidden} of ${answer.pieces} pieces chosen`)),
        h("p", {}, row.units.flatMap(u => unit(row, u))))));
      if (active) rows.querySelector(`[data-scheme="${active.scheme}"][data-start="${active.start}"]`)?.focus();
      $("mask-text-note").textContent = answer.wasCut ? "The text was cut after 1,000 characters." : "English works best; the first 1,000 characters are read.";
      const inDraw = g => g && answer.rows.some(r => r.scheme === g.scheme && r.units.some(u => u.start === g.start && u.action !== "visible"));
      if (!inDraw(gap)) {
        // The longest unit of the paper's own scheme has most to say.
        const longest = answer.rows.find(r => r.scheme === "PMI")?.units.filter(u => u.action !== "visible").sort((a, b) => b.length - a.length)[0];
        gap = longest ? { scheme: "PMI", start: longest.start } : null;
      }
      mark();
      await fill();
      write();
    });

    function mark() {
      for (const button of rows.querySelectorAll(".unit[aria-pressed]"))
        button.setAttribute("aria-pressed", String(gap !== null && button.dataset.scheme === gap.scheme && Number(button.dataset.start) === gap.start));
    }

    function choose(scheme, start) {
      gap = { scheme, start };
      mark();
      fill();
      write();
    }

    function place(p) {
      const truth = p.hidden;
      // A long gap shows the likeliest piece of each place only, or the table would not fit a screen.
      const guesses = p.top.slice(0, p.count > 2 ? 1 : 3).map(g => ({ ...g, right: g.piece === truth }));
      return h("div", { class: "place" },
        p.count > 1 ? h("span", { class: "piece" }, `piece ${p.at + 1}`) : null,
        guesses.map(g => h("div", { class: `guess${g.right ? " right" : ""}` }, h("i", { width: `${100 * (g.probability ?? 0)}%` }), h("span", {}, (g.right ? "✓ " : "") + g.piece), h("span", { class: "p" }, g.probability === null ? "" : percent(g.probability)))),
        guesses.some(g => g.right) ? null : p.truth === null ? h("span", { class: "piece" }, `✗ not ${truth}`) : h("span", { class: "piece" }, `✗ ${truth}: ${percent(p.truth)}, place ${p.rank.toLocaleString("en")}`));
    }

    function cell(label, places) {
      return h("td", { "data-label": label }, h("div", { class: "pieces" }, places.map((p, at) => place({ ...p, at, count: places.length }))));
    }

    const fill = latest(panel, gapBox, async signal => {
      if (!gap) return gapBox.replaceChildren(h("p", { class: "note" }, "No unit is hidden. Raise the rate, or draw again."));
      const answer = await ask("api/mask/fill", { ...drawn, ...gap }, signal);
      const truth = answer.truth.map(piece).join(answer.truth.length > 1 ? " · " : "");
      gapBox.replaceChildren(
        h("p", {}, "Hidden in the row ", h("b", {}, gap.scheme), ": ", h("b", {}, truth), answer.truth.length > 1 ? " (in word pieces). Each piece is guessed while all are hidden." : "."),
        h("table", { class: "guesses" },
          h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "trained under"), h("th", { scope: "col" }, "having read the sentence"), h("th", { scope: "col" }, "having read one word on either side"))),
          h("tbody", {},
            h("tr", {}, h("th", { scope: "row" }, "what is read"), h("td", { "data-label": "having read the sentence" }, h("p", { class: "seen" }, answer.sentence)), h("td", { "data-label": "having read one word on either side" }, h("p", { class: "seen" }, answer.twoWords))),
            answer.readers.map(r => h("tr", {}, h("th", { scope: "row" }, r.reader), cell("having read the sentence", r.sentence), cell("having read one word on either side", r.twoWords))))));
    });

    $("mask-text").addEventListener("input", soon(refresh));
    $("mask-rate").addEventListener("input", () => { shown(); later(); });
    const later = soon(refresh, 60);
    $("mask-draw").addEventListener("click", () => { seed++; refresh(); });

    return {
      first: "mask-text",
      begin: async () => { tellBox.textContent = hint; },
      refresh,
      state: () => ({ t: $("mask-text").value, r: $("mask-rate").value, s: seed, ...(gap ? { g: `${gap.scheme}.${gap.start}` } : {}) }),
      load: state => {
        $("mask-text").value = state.get("t") ?? start.t;
        $("mask-rate").value = state.get("r") ?? start.r;
        seed = Math.max(0, Math.floor(Number(state.get("s") ?? start.s)) || 0);
        const [, scheme, at] = /^(.+)\.(\d+)$/.exec(state.get("g") ?? "") ?? [];
        gap = scheme ? { scheme, start: Number(at) } : null;
        shown();
      },
    };
  })();

  // ---- prompt ------------------------------------------------------------------------------------------------------------------------

  benches.prompt = (() => {
    const panel = $("prompt"), result = $("prompt-result"), own = "";
    let choices = null, wanted = null, wording = null, variants = [];
    const sets = $("prompt-set"), row = $("prompt-row"), list = $("prompt-wording"), template = $("prompt-template"), answers = $("prompt-choices");

    function setOf(name) { return choices.sets.find(s => s.name === name); }

    async function begin() {
      choices = await ask("api/prompt/choices", {});
      sets.replaceChildren(...choices.sets.map(s => h("option", { value: s.name }, `${s.name} (${s.kind})`)), h("option", { value: own }, "a question of my own"));
      const state = wanted ?? new URLSearchParams();
      wanted = null;
      load(state);
    }

    function wordings() {
      const set = setOf(sets.value);
      $("prompt-worded").hidden = $("prompt-row-box").hidden = $("prompt-wording-box").hidden = !set;
      $("prompt-own-box").hidden = Boolean(set);
      $("prompt-keep").hidden = !set;
      if (!set) return;
      row.max = set.rows;
      list.replaceChildren(...set.templates.map(t => h("option", { value: t.name }, `${t.name}${t.isTrained ? " (trained on)" : " (held out)"}`)), h("option", { value: "" }, "as typed"));
    }

    function take(name) {
      const set = setOf(sets.value), found = set?.templates.find(t => t.name === name);
      if (!found) { list.value = ""; return; }
      list.value = name;
      template.value = found.template;
      answers.value = found.choices;
    }

    function load(state) {
      if (!choices) { wanted = state; return; }
      const name = state.get("set");
      sets.value = name !== null && (name === own || setOf(name)) ? name : choices.sets[0].name;
      wordings();
      row.value = state.get("row") ?? 1;
      take(state.get("w") || (state.has("j") ? "" : setOf(sets.value)?.templates[0].name));
      if (state.has("j")) { template.value = state.get("j"); answers.value = state.get("c") ?? ""; }
      $("prompt-own").value = state.get("q") ?? "The method returns the number of items. Which name fits it?";
      $("prompt-own-choices").value = state.get("a") ?? "get count\nset name";
      try { variants = JSON.parse(state.get("v") ?? "[]").filter(v => Array.isArray(v)).slice(0, 6).map(([label, j, c]) => ({ label: String(label), template: String(j), choices: String(c ?? "") })); } catch { variants = []; }
    }

    function question(given) {
      if (sets.value === own) return { set: "", own: $("prompt-own").value.slice(0, 9000), ownChoices: $("prompt-own-choices").value.slice(0, 9000) };
      return { set: sets.value, row: Number(row.value) - 1, template: (given ?? { template: template.value }).template.slice(0, 9000), choices: (given ?? { choices: answers.value }).choices.slice(0, 9000) };
    }

    function scores(answer, model) {
      const digits = model.rules.map(r => r.scores.some(s => Math.abs(s) >= 10) ? 1 : 2);
      return h("section", { class: "model" },
        h("h4", {}, model.model),
        h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `scores of the model with ${model.model}` }, h("table", {},
          h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "choice"), model.rules.map(r => h("th", { scope: "col" }, r.rule)))),
          h("tbody", {}, answer.choices.map((choice, i) => h("tr", {},
            h("td", { class: i === answer.right ? "right-choice" : "" }, choice),
            model.rules.map((r, k) => h("td", { class: r.best === i ? "best" : "" }, Number(r.scores[i]).toFixed(digits[k])))))))),
        h("p", { class: "verdict" }, verdict(answer, model)));
    }

    function verdict(answer, model) {
      const best = [...new Set(model.rules.map(r => r.best))];
      const right = i => answer.right < 0 ? "" : i === answer.right ? " (right)" : " (wrong)";
      return best.length === 1 ? `All four rules prefer “${answer.choices[best[0]]}”${right(best[0])}.`
        : `T0's rule, the sum, prefers “${answer.choices[model.rules[0].best]}”${right(model.rules[0].best)}; the rules do not agree.`;
    }

    const refresh = latest(panel, result, async signal => {
      if (!states.prompt?.isReady || !choices) return;
      if (sets.value !== own) {
        const fields = await ask("api/prompt/row", { set: sets.value, row: Number(row.value) - 1 }, signal);
        $("prompt-fields").replaceChildren(...fields.fields.flatMap(f => [h("dt", {}, f.name), h("dd", {}, f.text)]));
      }
      const answer = await ask("api/prompt", question(), signal);
      result.replaceChildren(...[
        h("h3", {}, "What the models read"),
        h("div", { class: "rendered", tabindex: "0", role: "region", "aria-label": "the rendered input" }, answer.input),
        h("p", { class: "note" }, [
          answer.target === null ? "" : `Right answer: ${answer.target}. `,
          `${answer.inputTokens.toLocaleString("en")} word pieces`, answer.readTokens < answer.inputTokens ? `; the models read the first ${answer.readTokens}` : "", ".",
          answer.wasCut ? " What was typed is longer than the bench reads, and was cut." : "",
        ].join("")),
        h("h3", {}, "Which answer they prefer"),
        answer.models.length === 0 ? h("p", { class: "note" }, "This template has no answer choices, so there is nothing to rank.")
          : [h("p", { class: "note" }, "log p of each choice, higher is better; ▸ marks the preferred one, ✓ the right one. Sum is T0's rule; per token and per byte divide it by the length; calibrated subtracts what the choice is worth after “The answer is:”."),
            h("div", { class: "models" }, answer.models.map(m => scores(answer, m)))],
      ].flat());
      await beside(signal);
      write();
    });

    async function beside(signal) {
      const box = $("prompt-variants");
      if (variants.length === 0 || sets.value === own) { box.replaceChildren(); return; }
      const lines = [];
      for (const [i, v] of variants.entries()) {
        let cells;
        try {
          const answer = await ask("api/prompt", question(v), signal);
          cells = answer.models.map(m => {
            const best = m.rules[0].best;
            return h("td", {}, answer.choices[best], answer.right < 0 ? "" : best === answer.right ? h("span", { class: "good" }, " ✓") : h("span", { class: "bad" }, " ✗"));
          });
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          cells = [h("td", { colspan: choices.models.length, class: "wrong" }, error.problem.message)];
        }
        lines.push(h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", title: v.template, onclick: () => { template.value = v.template; answers.value = v.choices; list.value = ""; refresh(); } }, v.label)), cells,
          h("td", {}, h("button", { type: "button", "aria-label": `remove ${v.label}`, onclick: () => { variants.splice(i, 1); refresh(); } }, "remove"))));
      }
      box.replaceChildren(h("h3", {}, "Wordings beside each other"), h("p", { class: "note" }, "What each model prefers by T0's rule, on the row above. Change the row: does a wording stay right?"),
        h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "wordings" }, h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "wording"), choices.models.map(m => h("th", { scope: "col" }, m)), h("th", { scope: "col" }, ""))), h("tbody", {}, lines))));
    }

    sets.addEventListener("change", () => { wordings(); row.value = 1; take(setOf(sets.value)?.templates[0].name); variants = []; refresh(); });
    list.addEventListener("change", () => { if (list.value) take(list.value); refresh(); });
    row.addEventListener("input", soon(refresh));
    for (const field of [template, answers]) field.addEventListener("input", () => { list.value = ""; later(); });
    for (const field of [$("prompt-own"), $("prompt-own-choices")]) field.addEventListener("input", () => later());
    const later = soon(refresh, 250);
    $("prompt-keep").addEventListener("click", () => {
      const label = list.value || `my wording ${variants.filter(v => v.label.startsWith("my wording")).length + 1}`;
      if (variants.length < 6 && !variants.some(v => v.template === template.value && v.choices === answers.value)) variants.push({ label, template: template.value, choices: answers.value });
      refresh();
    });

    return {
      first: "prompt-set", begin, refresh, load,
      state: () => {
        if (!choices) return wanted ? Object.fromEntries(wanted) : {};
        if (sets.value === own) return { set: own, q: $("prompt-own").value, a: $("prompt-own-choices").value };
        return {
          set: sets.value, row: row.value, ...(list.value ? { w: list.value } : { j: template.value, c: answers.value }),
          ...(variants.length ? { v: JSON.stringify(variants.map(v => [v.label, v.template, v.choices])) } : {}),
        };
      },
    };
  })();

  // ---- edit --------------------------------------------------------------------------------------------------------------------------

  benches.edit = (() => {
    const panel = $("edit"), result = $("edit-result");
    const relation = $("edit-relation"), subject = $("edit-subject"), answer = $("edit-answer"), rate = $("edit-rate"), strength = $("edit-strength");
    const notes = {
      "fine-tuning": "Gradient steps on the edited layers until the model says the new answer. No training beforehand; the rate is its only knob.",
      "rates only": "One gradient step with a learned rate for each layer: what is left of MEND without its network. The control.",
      "MEND": "One gradient step that a small network, trained on other edits, has transformed.",
      "ROME": "A layer is read as a memory from keys to values; the value under the subject's key is replaced, and other keys are moved as little as can be. On a model as small as this one it often misses.",
    };
    let choices = null, wanted = null, edits = [];

    const editor = () => panel.querySelector("[name=editor]:checked").value;
    const rateValue = () => Number((choices.leastRate * (choices.mostRate / choices.leastRate) ** (rate.value / 100)).toPrecision(2));
    const rateKnob = value => Math.round(100 * Math.log(value / choices.leastRate) / Math.log(choices.mostRate / choices.leastRate));
    const live = () => edits.length > 0 && edits.at(-1).relation === relation.value && edits.at(-1).subject === subject.value;

    async function begin() {
      choices = await ask("api/edit/choices", {});
      relation.replaceChildren(...choices.relations.map(r => h("option", {}, r.name)));
      if (!wanted) rate.value = rateKnob(choices.rate);
      const state = wanted ?? new URLSearchParams();
      wanted = null;
      load(state);
    }

    function relationOf() { return choices.relations.find(r => r.name === relation.value); }

    function subjects(chosen) {
      const { facts, answers } = relationOf();
      subject.replaceChildren(...facts.map(f => h("option", { value: f.subject }, f.subject + (f.news ? " (has changed since)" : ""))));
      subject.value = facts.some(f => f.subject === chosen) ? chosen : (facts.find(f => f.news) ?? facts[0]).subject;
      $("edit-answers").replaceChildren(...answers.map(a => h("option", { value: a })));
      taught(true);
    }

    function taught(propose) {
      const fact = relationOf().facts.find(f => f.subject === subject.value);
      $("edit-taught").textContent = `The model was taught: ${relationOf().question.replace("{0}", fact.subject)} ${fact.answer}.`;
      if (propose) answer.value = fact.news || relationOf().answers.find(a => a !== fact.answer) || "";
    }

    function shown() {
      $("edit-rate-out").textContent = rateValue().toString();
      $("edit-strength-out").textContent = `× ${Number(strength.value).toFixed(1)}`;
      $("edit-rate-box").hidden = editor() !== "fine-tuning";
      $("edit-editor-note").textContent = notes[editor()];
      $("edit-make").textContent = live() ? "Made: the knobs move it" : edits.length ? "Make this edit on top" : "Make this edit";
      $("edit-make").disabled = live();
      $("edit-undo").disabled = $("edit-clear").disabled = edits.length === 0;
    }

    const draft = () => ({ relation: relation.value, subject: subject.value, answer: answer.value.slice(0, 400), editor: editor(), rate: rateValue(), strength: Number(strength.value) });

    function load(state) {
      if (!choices) { wanted = state; return; }
      let list = [];
      try { list = JSON.parse(state.get("e") ?? "[]"); } catch { /* not an address of ours */ }
      edits = (Array.isArray(list) ? list : []).filter(Array.isArray).slice(0, 20).map(([relation, subject, answer, editor, rate, strength]) => ({ relation, subject, answer, editor, rate: Number(rate), strength: Number(strength) }));
      $("edit-own").value = state.get("q") ?? "";
      const last = edits.at(-1), at = last ?? { relation: state.get("rel") ?? (choices.relations.find(r => r.facts.some(f => f.news)) ?? choices.relations[0]).name, subject: state.get("sub") };
      relation.value = choices.relations.some(r => r.name === at.relation) ? at.relation : choices.relations[0].name;
      subjects(at.subject);
      if (last) knobs(last);
      shown();
    }

    function knobs(edit) {
      answer.value = edit.answer;
      const radio = [...panel.querySelectorAll("[name=editor]")].find(r => r.value === edit.editor);
      if (radio) radio.checked = true;
      rate.value = rateKnob(edit.rate) || 0;
      strength.value = edit.strength;
    }

    function mark(question, changes, editsMade) {
      if (!editsMade) return question.before === question.wanted ? ["good", "✓ right"] : ["", "–"];
      if (changes) return question.after === question.wanted ? ["good", "✓ follows"] : ["bad", "✗ does not follow"];
      if (question.before !== question.wanted) return question.after === question.before ? ["", "– wrong before"] : ["bad", "≠ changed"];
      return question.after === question.wanted ? ["good", "= stays"] : ["bad", "≠ lost"];
    }

    function sure(p, changes) {
      return h("span", { class: "sure" }, h("span", { class: "level", "aria-hidden": "true" }, h("i", { width: `${100 * p}%` })), `${changes ? "new" : "right"} answer ${percent(p)}`);
    }

    function tally(g, made) {
      const good = g.questions.filter(q => mark(q, g.changes, made)[0] === "good").length;
      return { good, of: g.questions.length, text: `${good} of ${g.questions.length} ${!made ? "right" : g.changes ? "follow" : "stay"}` };
    }

    function group(g, made) {
      return h("tbody", {},
        h("tr", { class: "group" }, h("th", { colspan: "3", scope: "rowgroup" }, g.name, " ", h("span", { class: "tally" }, tally(g, made).text), " ", h("small", {}, !made ? "" : g.changes ? "should follow" : "should stay"))),
        g.questions.map(q => {
          const [kind, sign] = mark(q, g.changes, made), changes = g.changes && made;
          return h("tr", {},
            h("td", { class: "q" }, q.text),
            h("td", { "data-label": "before" }, q.before || "(nothing)", sure(q.sureBefore, changes)),
            h("td", { "data-label": "after" }, made ? [q.after || "(nothing)", " ", h("span", { class: `mark ${kind}` }, sign), sure(q.sureAfter, changes)] : h("span", { class: `mark ${kind}` }, sign)));
        }));
    }

    function table(bodies) {
      return h("table", { class: "asked" }, h("colgroup", {}, h("col", { class: "q" }), h("col"), h("col")),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "question"), h("th", { scope: "col" }, "before the first edit"), h("th", { scope: "col" }, "after the last"))), bodies);
    }

    function chip(good, of, text) {
      return h("li", { class: good === of ? "good" : "bad" }, good === of ? "✓ " : "✗ ", text);
    }

    function summary(said) {
      const last = said.series.at(-1), of = name => said.groups.filter(g => g.name.startsWith(name)).map(g => tally(g, true)).reduce((a, b) => ({ good: a.good + b.good, of: a.of + b.of }), { good: 0, of: 0 });
      const words = of("in other"), near = of("neighbours"), far = of("unrelated");
      return h("ul", { class: "chips", "aria-label": "in short" },
        chip(last.says ? 1 : 0, 1, last.says ? `says ${edits.at(-1).answer}` : `does not say ${edits.at(-1).answer}`),
        chip(words.good, words.of, `${words.good} of ${words.of} other wordings follow`),
        chip(near.good, near.of, `${near.good} of ${near.of} neighbours stay`),
        chip(far.good, far.of, `${far.good} of ${far.of} unrelated stay`),
        chip(last.asked - last.lost, last.asked, `${last.lost} of ${last.asked} answers lost elsewhere`));
    }

    const refresh = latest(panel, result, async signal => {
      if (!states.edit?.isReady || !choices) return;
      shown();
      const own = $("edit-own").value.split("\n").map(q => q.trim()).filter(q => q);
      if (own.length > 5) throw new Refused({ field: "own", message: "The first five questions are asked; leave the others out." });
      const said = await ask("api/edit", { edits, relation: relation.value, subject: subject.value, own }, signal);
      const made = edits.length > 0;
      result.replaceChildren(...[
        made ? [
          summary(said),
          h("h3", {}, "Running damage"),
          h("table", { class: "series" },
            h("thead", {}, h("tr", {}, ["edit", "by", "says it", "edits that hold", "right answers lost elsewhere", "took"].map(t => h("th", { scope: "col" }, t)))),
            h("tbody", {}, said.series.map((p, i) => h("tr", {},
              h("td", {}, `${i + 1}. ${edits[i].subject} → ${edits[i].answer}`),
              h("td", { "data-label": "by" }, `${edits[i].editor}${edits[i].editor === "fine-tuning" ? ` ${edits[i].rate}` : ""}${edits[i].strength === 1 ? "" : ` × ${edits[i].strength}`}`),
              h("td", { "data-label": "says it", class: p.says ? "good" : "bad" }, p.says ? "✓ yes" : "✗ no"),
              h("td", { "data-label": "edits that hold" }, `${p.hold} of ${p.edits}`),
              h("td", { "data-label": "right answers lost elsewhere" }, h("span", { class: "damage", "aria-hidden": "true" }, h("i", { width: `${100 * p.lost / Math.max(1, p.asked)}%` })), `${p.lost} of ${p.asked}`),
              h("td", { "data-label": "took" }, `${p.milliseconds.toFixed(0)} ms`))))),
        ] : h("p", { class: "note" }, "No edit yet: this is the model as it was taught. Make the edit to see what changes."),
        h("h3", {}, made ? "Question by question" : "What the model says"),
        table([
          ...said.groups.filter(g => g.questions.length).map(g => group(g, made)),
          said.own.length ? h("tbody", {}, h("tr", { class: "group" }, h("th", { colspan: "3", scope: "rowgroup" }, "your questions")),
            said.own.map(q => h("tr", {}, h("td", { class: "q" }, q.text), h("td", { "data-label": "before" }, q.before || "(nothing)"),
              h("td", { "data-label": "after" }, !made ? "–" : [q.after || "(nothing)", " ", h("span", { class: "mark" }, q.after === q.before ? "= same" : "≠ changed")])))) : "",
        ]),
      ].flat(3).filter(x => x));
      write();
    });

    const changed = wait => soon(() => { if (live()) edits[edits.length - 1] = draft(); refresh(); }, wait);
    const knob = changed(60), typed = changed(350);
    relation.addEventListener("change", () => { subjects(); refresh(); });
    subject.addEventListener("change", () => { taught(!live()); refresh(); });
    answer.addEventListener("input", typed);
    rate.addEventListener("input", () => { shown(); knob(); });
    strength.addEventListener("input", () => { shown(); knob(); });
    for (const radio of panel.querySelectorAll("[name=editor]")) radio.addEventListener("change", () => { shown(); knob(); });
    $("edit-own").addEventListener("input", soon(refresh, 400));
    $("edit-make").addEventListener("click", async () => {
      const made = draft();
      edits.push(made);
      await refresh();
      // An edit that was refused is not made.
      if (panel.querySelector(".wrong:not(:empty)") && edits.at(-1) === made) { edits.pop(); shown(); }
    });
    $("edit-undo").addEventListener("click", () => { edits.pop(); const last = edits.at(-1); if (last) { relation.value = last.relation; subjects(last.subject); knobs(last); } refresh(); });
    $("edit-clear").addEventListener("click", () => { edits = []; refresh(); });

    return {
      first: "edit-relation", begin, refresh, load,
      state: () => !choices ? (wanted ? Object.fromEntries(wanted) : {}) : {
        ...(edits.length ? { e: JSON.stringify(edits.map(e => [e.relation, e.subject, e.answer, e.editor, e.rate, e.strength])) } : { rel: relation.value, sub: subject.value }),
        ...($("edit-own").value ? { q: $("edit-own").value } : {}),
      },
    };
  })();

  benches.mask.load(new URLSearchParams());
  open(location.hash);
  watch();
})();
