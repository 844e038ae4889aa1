// Search, copy buttons, ages and the picture of the lineage. Every page works without it.
"use strict";
(() => {
  const root = document.body.dataset.root;
  const one = (query, within = document) => within.querySelector(query);
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const made = (tag, names, text) => {
    const node = document.createElement(tag);
    Object.entries(names).forEach(([name, value]) => node.setAttribute(name, value));
    if (text) node.textContent = text;
    return node;
  };

  // Search ---------------------------------------------------------------------------------
  const box = one("#q"), list = one("#hits"), told = one("#told");
  const MOST = { products: 8, columns: 12, terms: 6 };
  let loading = null, at = -1;

  const load = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = made("script", { src: root + "search-index.js" });
      script.onload = () => resolve(window.MESH_INDEX);
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };

  // All words have to be there; a name that starts with one counts most.
  const rank = (words, name, text) => {
    let sum = 0;
    for (const word of words) {
      const place = name.indexOf(word);
      if (place === 0) sum += 8;
      else if (place > 0) sum += /[\s_./-]/.test(name[place - 1]) ? 5 : 3;
      else if (text.includes(word)) sum += 1;
      else return 0;
    }
    const whole = name.replaceAll("_", " ") === words.join(" ");
    return sum + (whole ? 20 : 0) + 1 / (1 + name.length);
  };

  const best = (entries, words, name, text) => entries
    .map((entry) => [rank(words, name(entry).toLowerCase(), text(entry).toLowerCase()), entry])
    .filter(([points]) => points > 0)
    .sort((a, b) => b[0] - a[0])
    .map(([, entry]) => entry);

  const slug = (text) => text.replace(/[^A-Za-z0-9_-]/g, (c) => `-${c.codePointAt(0).toString(16)}-`);

  const matches = (index, query) => {
    // A name may be written with spaces or with underscores.
    const words = query.toLowerCase().split(/[\s_]+/).filter(Boolean);
    if (!words.length) return [];
    const products = best(index.products, words, (p) => p[0], (p) => `${p[1]} ${p[6]} ${p[5]}`);
    const columns = best(index.columns, words, (c) => c[0], (c) => c[1]);
    const terms = best(index.terms, words, (t) => t[0], (t) => t[2]);
    const columnHits = columns.flatMap(([name, business, places]) => places.map((place) => {
      const product = index.products[place];
      return { href: `${product[2]}#column-${slug(name)}`, name, more: [business, product[0]].filter(Boolean).join(" · ") };
    }));
    return [
      ["Products", "products", products.map((p) => ({ href: p[2], name: p[0], more: `${p[1]}${p[4] === "active" ? "" : ` · ${p[4]}`}` }))],
      ["Columns", "columns", columnHits],
      ["Terms", "terms", terms.map((t) => ({ href: `glossary.html#${t[1]}`, name: t[0], more: t[2] }))],
    ].filter(([, , hits]) => hits.length);
  };

  const options = () => all("[role=option]", list);

  const choose = (next) => {
    const found = options();
    found.forEach((each) => each.setAttribute("aria-selected", "false"));
    at = found.length ? (next + found.length) % found.length : -1;
    if (at < 0) { box.removeAttribute("aria-activedescendant"); return; }
    found[at].setAttribute("aria-selected", "true");
    box.setAttribute("aria-activedescendant", found[at].id);
    found[at].scrollIntoView({ block: "nearest" });
  };

  const close = () => {
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };

  const show = (groups, query) => {
    list.replaceChildren();
    at = -1;
    box.removeAttribute("aria-activedescendant");
    if (!query.trim()) { close(); told.textContent = ""; return; }
    let count = 0;
    groups.forEach(([title, kind, hits]) => {
      const group = made("div", { role: "group", "aria-label": title });
      const rest = hits.length - MOST[kind];
      group.append(made("div", { class: "hits-head", "aria-hidden": "true" }, rest > 0 ? `${title} (${MOST[kind]} of ${hits.length})` : title));
      hits.slice(0, MOST[kind]).forEach((hit) => {
        const option = made("a", { class: "hit", role: "option", id: `hit-${count++}`, href: root + hit.href, tabindex: "-1", "aria-selected": "false" });
        option.append(made("b", {}, hit.name), made("span", {}, hit.more));
        group.append(option);
      });
      list.append(group);
    });
    if (!count) list.append(made("p", { class: "hits-none" }, "Nothing fits. Try another word."));
    told.textContent = count ? `${count} results` : "Nothing fits";
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
  };

  const search = () => {
    const query = box.value;
    return load().then((index) => { if (query === box.value) show(matches(index, query), query); });
  };

  if (box) {
    box.addEventListener("focus", load);
    box.addEventListener("input", search);
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const by = event.key === "ArrowDown" ? 1 : -1;
        if (list.hidden) search().then(() => choose(0));
        else choose(at < 0 && by < 0 ? -1 : at + by);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    box.form.addEventListener("submit", (event) => {
      event.preventDefault();
      search().then(() => {
        const found = options();
        if (found.length) location.href = found[Math.max(at, 0)].href;
      });
    });
    document.addEventListener("click", (event) => { if (!box.form.contains(event.target)) close(); });
    box.form.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !box.form.contains(event.relatedTarget)) close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
        event.preventDefault();
        box.focus();
      }
    });
    const asked = new URLSearchParams(location.search).get("q");
    if (asked) {
      box.value = asked;
      box.focus();
      search();
    }
  }

  // Addresses ------------------------------------------------------------------------------
  const goto = one("#goto");
  if (goto) {
    const links = new Map(all("[data-address]").map((link) => [link.dataset.address, link.href]));
    const said = one("#goto-told");
    const lead = (text) => {
      const address = text.trim().replace(/\/+$/, "");
      const full = address.includes("://") ? address : `data://${address}`;
      const versions = [...links.keys()].filter((each) => each.startsWith(`${full}/v`));
      const number = (each) => Number(each.slice(each.lastIndexOf("/v") + 2));
      const newest = versions.sort((a, b) => number(b) - number(a))[0];
      const href = links.get(full) ?? links.get(newest);
      if (href) location.href = href;
      else said.textContent = `No product has the address ${full}.`;
    };
    goto.addEventListener("submit", (event) => { event.preventDefault(); lead(one("#address").value); });
    const asked = new URLSearchParams(location.search).get("a");
    if (asked) { one("#address").value = asked; lead(asked); }
  }

  // Copy -----------------------------------------------------------------------------------
  if (navigator.clipboard) {
    all(".copy").forEach((button) => {
      button.hidden = false;
      const words = button.firstChild;
      button.addEventListener("click", () => {
        const source = button.dataset.copy ? one(button.dataset.copy) : one("pre", button.parentNode);
        navigator.clipboard.writeText(source.textContent).then(
          () => { words.textContent = "Copied"; setTimeout(() => { words.textContent = "Copy"; }, 1600); },
          () => { words.textContent = "Select and copy"; },
        );
      });
    });
  }

  // Ages: the page may be opened long after it was written ------------------------------------
  all("[data-since]").forEach((cell) => {
    const age = (Date.now() - Date.parse(cell.dataset.since)) / 1000;
    if (!(age >= 0)) return;
    const state = one(".state", cell), kept = age <= Number(cell.dataset.limit);
    state.textContent = kept ? "kept" : "broken";
    state.className = `state ${kept ? "good" : "bad"}`;
    const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([s]) => age >= 2 * s) ?? [60, "minute"];
    const count = Math.floor(age / size);
    const words = made("span", { class: "quiet" }, `${count} ${unit}${count === 1 ? "" : "s"} old now`);
    cell.append(made("br", {}), words);
  });

  // Lineage: follow one column ------------------------------------------------------------------
  const trace = one("#trace");
  if (trace) {
    trace.addEventListener("change", () => {
      const kept = new Set(trace.value.split(" ").filter(Boolean));
      const on = (id) => !kept.size || kept.has(id);
      all("[data-node]").forEach((node) => node.classList.toggle("dim", !on(node.dataset.node)));
      all(".line").forEach((line) => {
        const lit = on(line.dataset.from) && on(line.dataset.to);
        line.classList.toggle("dim", !lit);
        line.classList.toggle("lit", lit && kept.size > 0);
      });
    });
  }
  const self = one(".graph .self"), graph = one(".graph");
  if (self && graph) graph.scrollLeft = self.x.baseVal.value - (graph.clientWidth - 216) / 2;
})();
