// What scripts add to pages that work without them: the keyboard, live updates that rest while nobody looks, and a
// clock that goes on. No page needs this file.
"use strict";

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // ── The browser's zone, for times that the server writes ────────────────────────────────────────────────────────
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && /^[\w+\/-]+$/.test(zone)) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  }

  // ── Live: a stream rests while its tab is hidden, so that many open tabs never use up the browser's connections ──
  let stream = null;
  const sources = new Set();
  if (window.htmx) {
    htmx.createEventSource = (url) => {
      const source = new EventSource(url);
      sources.add(source);
      stream = source;
      if (document.hidden) source.close();
      return source;
    };
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      sources.forEach((source) => source.close());
      sources.clear();
    } else if (stream && stream.readyState === EventSource.CLOSED && stream.onerror) {
      // The extension opens a closed stream anew when it hears of an error; what was missed comes with the first event.
      stream.onerror(new Event("error"));
    }
    if (!document.hidden) tell();
  });

  // A page that fills for the first time renews itself, unless the reader is already in the middle of it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const filling = event.target.hasAttribute && event.target.hasAttribute("data-fill");
    if (filling && (window.scrollY > 200 || $("dialog[open]") || (document.activeElement || document.body).closest(".item, input"))) {
      event.preventDefault();
    }
  });

  // ── Times that are told as "14 min ago" ──────────────────────────────────────────────────────────────────────────
  function tell() {
    for (const time of $$("time[data-ago]")) {
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      if (seconds < 60) continue;
      if (seconds < 3600) time.textContent = `${Math.floor(seconds / 60)} min ago`;
      else if (seconds < 12 * 3600) time.textContent = `${Math.floor(seconds / 3600)} h ago`;
    }
  }
  setInterval(() => { if (!document.hidden) tell(); }, 30000);

  // ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("htmx:afterSwap", () => {
    for (const marks of $$(".item .marks")) {
      marks.closest(".item").classList.toggle("is-read", marks.dataset.read === "1");
    }
  });

  // A picture that cannot be had leaves its words, or nothing where it had none.
  document.addEventListener("error", (event) => {
    if (event.target instanceof HTMLImageElement) missing(event.target);
  }, true);
  function missing(image) {
    const holder = image.closest(".picture, figure");
    if (holder) holder.classList.add("missing");
    const item = image.closest(".item");
    if (item) item.classList.remove("has-picture");
    if (!image.alt) image.hidden = true;
  }
  for (const image of $$("img")) if (image.complete && !image.naturalWidth && image.loading !== "lazy") missing(image);

  // Looking for feeds takes a moment: the button says so, and is not pressed twice.
  document.addEventListener("submit", (event) => {
    const button = event.target.matches(".follow-form") && event.submitter;
    if (!button) return;
    if (button.getAttribute("aria-busy")) event.preventDefault();
    button.setAttribute("aria-busy", "true");
    button.textContent = "Looking…";
  });
  addEventListener("pageshow", (event) => { if (event.persisted && $("[aria-busy]")) location.reload(); });

  // ── What to follow ───────────────────────────────────────────────────────────────────────────────────────────────
  const filter = $("#filter");
  if (filter) {
    filter.closest(".filter").hidden = false;
    filter.addEventListener("input", () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const group of $$(".groups fieldset")) {
        let shown = 0;
        for (const pick of $$(".pick", group)) {
          pick.hidden = !words.every((word) => pick.dataset.words.includes(word));
          shown += pick.hidden ? 0 : 1;
        }
        group.hidden = !shown;
      }
    });
    filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    const ticked = $("#ticked");
    const count = () => {
      const number = $$(".groups input:checked:not(:disabled)").length;
      ticked.textContent = number ? `${number} ticked` : "";
    };
    document.addEventListener("change", count);
    count();
  }

  // ── Keyboard ─────────────────────────────────────────────────────────────────────────────────────────────────────
  const help = $("#keys");
  const opener = $("#show-keys");
  if (help && help.showModal && opener) {
    opener.hidden = false;
    opener.addEventListener("click", () => help.showModal());
    help.addEventListener("click", (event) => { if (event.target === help) help.close(); });
  }
  const PLACES = { f: "/", s: "/saved", h: "/feeds", a: "/follow", e: "/settings" };
  let going = 0;

  function current() {
    return $(".item.is-current") || (document.activeElement && document.activeElement.closest(".item")) || $("article.read");
  }
  function move(step) {
    const items = $$(".item");
    if (!items.length) return;
    const at = items.indexOf($(".item.is-current") || (document.activeElement && document.activeElement.closest(".item")));
    const next = items[Math.min(Math.max(at + step, 0), items.length - 1)];
    select(next);
    $("[data-open]", next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  function select(item) {
    for (const other of $$(".item.is-current")) if (other !== item) other.classList.remove("is-current");
    if (item) item.classList.add("is-current");
  }
  document.addEventListener("focusin", (event) => select(event.target.closest(".item")));
  function press(selector) {
    const here = current();
    const button = here && $(selector, here);
    if (button) button.click();
  }
  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    o: () => press("[data-open]"),
    v: () => press("[data-original]"),
    s: () => press("[data-save]"),
    m: () => press("[data-mark]"),
    n: () => { const bar = $(".new a"); if (bar) bar.click(); },
    u: () => { if ($("article.read") && document.referrer.startsWith(location.origin + "/")) history.back(); else location.assign("/"); },
    "/": () => { const find = $("#q"); if (find) { find.focus(); find.select(); } },
    "?": () => { if (help && !help.open) help.showModal(); },
    g: () => { going = Date.now(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (help && help.open) return;
    if (going && Date.now() - going < 1500 && PLACES[event.key]) {
      going = 0;
      event.preventDefault();
      location.assign(PLACES[event.key]);
      return;
    }
    going = 0;
    const act = KEYS[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
})();
