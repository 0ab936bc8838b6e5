// The page's side of the app on the phone: registers the service worker, says when a page is a held copy, shows marks
// that wait to be sent, lists what is held, installs, and asks for notifications. Everything works without it, online.
"use strict";

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  if (!("serviceWorker" in navigator) || !window.isSecureContext || !self.Held) return;
  const heldOf = document.documentElement.dataset.held;

  // ── The service worker ───────────────────────────────────────────────────────────────────────────────────────────
  const ready = navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).then(() => navigator.serviceWorker.ready);
  ready.catch(() => {}); // a browser that keeps nothing (private windows) still reads

  // Resolves when the worker has done it.
  async function ask(kind, more = {}) {
    const registration = await ready;
    return new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = resolve;
      registration.active.postMessage({ kind, ...more }, [channel.port2]);
    });
  }

  addEventListener("load", () => {
    // Not before the page is there: what is to be read later comes after what is read now.
    setTimeout(() => { if (navigator.onLine && !heldOf) ask("flush").then(() => ask("renew")).catch(() => {}); }, 1500);
    ready.then((registration) => registration.periodicSync && registration.periodicSync.register("renew", { minInterval: 4 * 3600 * 1000 })).catch(() => {});
  });
  addEventListener("online", () => { ask("flush").catch(() => {}); });
  navigator.serviceWorker.addEventListener("message", (event) => {
    const kind = event.data && event.data.kind;
    if (kind === "sent") document.dispatchEvent(new CustomEvent("held:sent", { detail: event.data }));
    if (kind === "sent" && heldOf !== undefined) bar();
    if (kind === "renewed" || kind === "sent") list();
  });

  // ── Held copies ──────────────────────────────────────────────────────────────────────────────────────────────────
  function bar() {
    let place = $("#held-bar");
    if (!place) {
      place = document.createElement("p");
      place.id = "held-bar";
      place.className = "notice held-bar";
      place.setAttribute("role", "status");
      const content = $("#content");
      content.prepend(place);
    }
    const of = Date.parse(heldOf);
    const when = Number.isNaN(of) ? "" : ` of ${new Date(of).toLocaleString([], { weekday: "short", hour: "2-digit", minute: "2-digit" })}`;
    place.textContent = navigator.onLine
      ? `This is the copy${when} that is held on this device; the server did not answer. `
      : `You are offline. This is the copy${when} that is held on this device. `;
    const link = document.createElement("a");
    link.href = navigator.onLine ? location.href : "/offline";
    link.textContent = navigator.onLine ? "Load it anew" : "What is held";
    place.append(link);
  }
  if (heldOf !== undefined) {
    bar();
    addEventListener("online", bar);
    addEventListener("offline", bar);
  }

  // ── Marks that wait ──────────────────────────────────────────────────────────────────────────────────────────────
  function show(made) {
    const form = document.getElementById(`marks-${made.article}`);
    if (!form) return;
    if ("read" in made) {
      const button = $("[data-mark]", form);
      form.dataset.read = made.read ? "1" : "0";
      button.value = made.read ? "0" : "1";
      button.textContent = made.read ? "Mark unread" : "Mark read";
      const item = form.closest(".item");
      if (item) item.classList.toggle("is-read", made.read);
    }
    if ("saved" in made) {
      const button = $("[data-save]", form);
      form.dataset.saved = made.saved ? "1" : "0";
      button.value = made.saved ? "0" : "1";
      button.setAttribute("aria-pressed", String(made.saved));
      button.textContent = made.saved ? "Saved" : "Save";
    }
  }
  document.addEventListener("held:marked", (event) => show(event.detail));
  async function showWaiting() {
    const reader = await Held.get("meta", "reader");
    for (const one of await Held.all("queue")) if (one.reader === reader) show(one);
  }
  showWaiting().catch(() => {});

  // ── The page of what is held ─────────────────────────────────────────────────────────────────────────────────────
  async function list() {
    const place = $("#held-list");
    if (!place) return;
    const rows = (await Held.all("held")).sort((a, b) => b.at - a.at);
    const waiting = (await Held.all("queue")).length;
    const groups = { pages: [], editions: [], saved: [], stories: [], others: [] };
    for (const one of rows) groups[group(one)].push(one);
    for (const [name, found] of Object.entries(groups)) {
      const section = $(`[data-held="${name}"]`, place);
      section.hidden = !found.length;
      $("ul", section).replaceChildren(...found.map(line));
    }
    $("#held-none").hidden = rows.length > 0;
    $("#held-waiting").hidden = !waiting;
    $("#held-waiting").textContent = `${waiting} mark${waiting === 1 ? "" : "s"} made offline ${waiting === 1 ? "waits" : "wait"} to be sent.`;
    if (navigator.storage && navigator.storage.estimate) {
      const { usage } = await navigator.storage.estimate();
      $("#held-size").textContent = usage ? `${(usage / 1e6).toFixed(1)} MB on this device.` : "";
    }
  }
  function group({ path, saved }) {
    if (path.startsWith("/articles/")) return saved ? "saved" : "others";
    if (path.startsWith("/stories/")) return "stories";
    return path.startsWith("/settings/editions/letters/") ? "editions" : "pages";
  }
  function line(one) {
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.href = one.path;
    link.dir = "auto";
    link.textContent = one.title || one.path;
    row.append(link);
    return row;
  }
  const tools = $("#held-tools");
  if (tools) {
    tools.hidden = false;
    $("#held-renew").addEventListener("click", async (event) => {
      event.target.setAttribute("aria-busy", "true");
      await ask("renew", { now: true });
      event.target.removeAttribute("aria-busy");
      list();
    });
    $("#held-forget").addEventListener("click", () => ask("forget").then(list));
    list().catch(() => {});
  }

  // ── Install ──────────────────────────────────────────────────────────────────────────────────────────────────────
  let offer = null;
  addEventListener("beforeinstallprompt", (event) => {
    const button = $("#install");
    if (!button) return;
    event.preventDefault();
    offer = event;
    button.hidden = false;
    button.addEventListener("click", () => { offer.prompt(); button.hidden = true; }, { once: true });
  });

  // ── Notifications on this device ─────────────────────────────────────────────────────────────────────────────────
  const push = $("#push");
  if (push) setUp(push).catch(() => say(push, "This browser cannot be notified."));

  function say(place, words) { $("[data-says]", place).textContent = words; }

  async function setUp(place) {
    const registration = await ready;
    const on = $("[data-on]", place);
    const off = $("[data-off]", place);
    if (!registration.pushManager || !("Notification" in window)) {
      say(place, "This browser cannot be notified. On an iPhone, add Firsthand to the home screen first.");
      return;
    }
    const state = async () => {
      const subscription = await registration.pushManager.getSubscription();
      const known = subscription && $$("[data-endpoint]").some((one) => one.dataset.endpoint === subscription.endpoint);
      on.hidden = Boolean(known);
      off.hidden = !known;
      say(place, Notification.permission === "denied" ? "Notifications are blocked for this site in the browser’s settings." : known ? "This device is notified." : "This device is not notified yet.");
    };
    on.addEventListener("click", async () => {
      if ((await Notification.requestPermission()) !== "granted") return state();
      const key = Uint8Array.from(atob(place.dataset.key.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
      try {
        const old = await registration.pushManager.getSubscription();
        if (old) await old.unsubscribe(); // one for another key, or for another reader
        const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
        await send("/settings/notifications/device", { subscription: JSON.stringify(subscription) }, place);
      } catch (error) {
        say(place, `The browser’s push service did not answer: ${error.message}`);
        return undefined;
      }
      return location.reload();
    });
    off.addEventListener("click", async () => {
      const subscription = await registration.pushManager.getSubscription();
      if (subscription) {
        await send("/settings/notifications/device/end", { endpoint: subscription.endpoint }, place);
        await subscription.unsubscribe();
      }
      location.reload();
    });
    await state();
  }

  async function send(path, fields, place) {
    const response = await fetch(path, { method: "POST", body: new URLSearchParams({ csrf: place.dataset.csrf, ...fields }) });
    if (!response.ok) throw new Error(await response.text());
  }
})();
