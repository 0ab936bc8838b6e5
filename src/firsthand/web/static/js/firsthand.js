// What is better with JavaScript: keys, the reader's time zone. Everything works without it.
(() => {
  "use strict";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  if (zone && !document.cookie.split("; ").includes(`zone=${zone}`)) {
    document.cookie = `zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax`;
  }

  const articles = () => [...document.querySelectorAll("#list [data-article]")];
  const current = () => document.querySelector("[data-article].current") || document.querySelector("article.whole");
  const dialog = document.getElementById("keys");

  const move = (step) => {
    const all = articles();
    if (!all.length) return;
    const at = all.findIndex((one) => one.classList.contains("current"));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    all.forEach((one) => one.classList.remove("current"));
    next.classList.add("current");
    next.querySelector("[data-open]").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  // In a list an article has no forms of its own: the mark is sent with the page's token.
  const mark = (name) => {
    const one = current();
    if (!one) return;
    const button = one.querySelector(name === "saved" ? "[data-save]" : "[data-mark]");
    if (button) {
      button.click();
      return;
    }
    const token = document.querySelector("input[name=csrf]");
    if (!token) return;
    const on = name === "saved" ? !one.classList.contains("saved") : !one.classList.contains("read");
    const body = new URLSearchParams({ csrf: token.value, [name]: on ? "1" : "0" });
    fetch(`/articles/${one.dataset.article}/marks`, { method: "POST", body, headers: { "HX-Request": "true" } }).then(
      (answer) => answer.ok && one.classList.toggle(name === "saved" ? "saved" : "read", on),
    );
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => current()?.querySelector("[data-open]")?.click(),
    v: () => document.querySelector("[data-original]")?.click(),
    u: () => { location.href = "/"; },
    s: () => mark("saved"),
    m: () => mark("read"),
    "/": () => document.getElementById("q")?.focus(),
    "?": () => dialog?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, dialog[open]")) return;
    const act = keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  const help = document.querySelector("[data-keys]");
  if (help) {
    help.hidden = false;
    help.addEventListener("click", () => dialog.showModal());
  }
})();
