// Who said it, beside the words themselves: the card of a statement by hover, focus or tap. Without this script the
// number in the text leads to the same card further down.
"use strict";

(() => {
  const body = document.querySelector("article.read .body");
  if (!body || !document.querySelector(".said[id]")) return;
  const SOON = 120;
  const LATER = 250;
  const card = document.createElement("aside");
  card.className = "card";
  card.id = "card";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  body.append(card);
  let shown = null;
  let timer = 0;
  let touched = false;

  // A marked piece bears the number of its statement as a class, `s12`.
  function numberOf(place) {
    const mark = place.closest(".body sup a, .body mark.stated");
    if (!mark || mark.matches("a")) return mark;
    const named = /\bs(\d+)\b/.exec(mark.className);
    return named && body.querySelector(`sup a[href="#said-${named[1]}"]`);
  }

  function show(number, place) {
    const source = document.getElementById(number.hash.slice(1));
    if (!source || getComputedStyle(number.parentElement).display === "none") return;
    const copy = source.cloneNode(true);
    copy.removeAttribute("id");
    card.replaceChildren(...copy.childNodes);
    card.hidden = false;
    shown = number;
    number.setAttribute("aria-describedby", "card");
    // Beneath what is pointed at, above it where the window ends, and within the column.
    const column = body.getBoundingClientRect();
    const lines = Array.from(place.getClientRects());
    const line = lines[lines.length - 1] || column;
    const first = lines[0] || column;
    const above = line.bottom + card.offsetHeight + 6 > innerHeight && first.top > card.offsetHeight + 6;
    card.style.top = `${(above ? first.top - card.offsetHeight - 6 : line.bottom + 6) - column.top}px`;
    card.style.left = `${Math.max(0, Math.min(line.left - column.left, column.width - card.offsetWidth))}px`;
  }

  function hide() {
    clearTimeout(timer);
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
    card.hidden = true;
  }

  function soon(act, wait) {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  }

  body.addEventListener("pointerover", (event) => {
    touched = event.pointerType !== "mouse";
    if (touched) return;
    const number = numberOf(event.target);
    if (number) soon(() => show(number, event.target.closest("mark, a")), SOON);
    else if (event.target.closest(".card")) clearTimeout(timer);
    else if (shown) soon(hide, LATER);
  });
  body.addEventListener("pointerleave", () => { if (!touched) soon(hide, LATER); });
  body.addEventListener("focusin", (event) => {
    if (event.target.matches("sup a:focus-visible")) show(event.target, event.target);
  });
  body.addEventListener("focusout", (event) => {
    if (event.target === shown && !card.contains(event.relatedTarget)) soon(hide, LATER);
  });
  // A first tap shows the card; a second one on the number goes down to it.
  document.addEventListener("click", (event) => {
    if (event.target.closest(".card")) return;
    const number = touched && body.contains(event.target) && !event.target.closest("a[href^='http']") && numberOf(event.target);
    if (!number) return hide();
    if (shown === number) return hide();
    event.preventDefault();
    show(number, event.target.closest("mark, a"));
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
