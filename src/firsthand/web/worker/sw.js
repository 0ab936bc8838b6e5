// The service worker: what stands between the pages and the network. The server writes SHELL and VERSION above this.
//
//   pages            network first; the held copy where there is no network; else the page that lists what is held
//   /static, hashed  held copy first: the address changes with the content
//   letter.css       network first, and held with the letters that it is for
//   /image           held copy first: the address is signed, the picture stays
//   marks            sent at once; kept in a queue where there is no network, and sent when it is back
//   all else         left to the browser (streams, forms, downloads)
//
// What is held belongs to one reader, whom the server names by a key in every page's headers. Another key, the sign-in
// page or signing out clears it: nobody is shown another reader's pages.
"use strict";

const SHELL_CACHE = `shell-${VERSION}`;
const KEPT_PAGES = /^\/(?:$|saved$|articles\/\d+$|stories\/\d+$|editions(?:\/|$)|beats(?:\/|$)|sections\/[^/]+$|outlets\/\d+$)/;
const LETTER = /^\/settings\/editions\/letters\/\d+$/;
const SHEET = "/settings/editions/letter.css";
const MARKS = /^\/articles\/(\d+)\/marks$/;
const PATIENCE = 6000; // ms that a page may take before a held copy is shown instead
const RENEWED = 5 * 60000; // ms between two looks at what is to be held
const RECENT = 40; // pages held because they were read, beside those the server names
const PICTURES_A_PAGE = 12;
const BATCH = 100; // marks in one request
const AWAY = new Set([502, 503, 504]); // a proxy whose server is away, or a database that rests

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL_CACHE);
    await cache.addAll(SHELL.map((path) => new Request(path, { cache: "no-cache" })));
    await self.skipWaiting(); // pages come from the network first, and assets by their hash: nothing old can mix with new
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("shell-") && name !== SHELL_CACHE) await caches.delete(name);
    }
    if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST") {
    if (MARKS.test(url.pathname)) event.respondWith(mark(event));
    else if (url.pathname === "/logout") event.waitUntil(forget({ queue: true }));
    return;
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
  else if (url.pathname === SHEET) event.respondWith(sheet(request));
  else if (url.pathname === "/image") event.respondWith(picture(request));
});

self.addEventListener("message", (event) => {
  const work = { renew: () => renew(event.data.now), flush, forget: () => forget({}) }[event.data && event.data.kind];
  if (work) event.waitUntil(work().catch(() => {}).then(() => event.ports[0] && event.ports[0].postMessage("done")));
});
self.addEventListener("sync", (event) => { if (event.tag === "marks") event.waitUntil(flush()); });
self.addEventListener("periodicsync", (event) => { if (event.tag === "renew") event.waitUntil(renew(true)); });

// ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────────────

async function page(event, url) {
  const network = ask(event);
  network.catch(() => {});
  try {
    const response = await Promise.race([network, impatient(url)]);
    if (!AWAY.has(response.status)) {
      event.waitUntil(keep(url, response.clone()).catch(() => {}));
      return response;
    }
    return (await held(url)) || response;
  } catch {
    return (await held(url)) || network.catch(async () => (await nothingHeld()) || Response.error());
  }
}

async function ask(event) {
  return (await event.preloadResponse) || fetch(event.request);
}

// Rejects when the network is slow and a copy is held; where none is, slow is better than nothing.
async function impatient(url) {
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  if (await copy(url)) throw new Error("slow");
  return new Promise(() => {});
}

async function copy(url) {
  const reader = await Held.get("meta", "reader");
  if (!reader) return null;
  const cache = await caches.open(Held.pages(reader));
  return cache.match(url.pathname + (url.pathname === "/" ? "" : url.search));
}

// The held copy, which says that it is one and of when. Opening an article is reading it, also offline.
async function held(url) {
  const response = await copy(url);
  if (!response) return null;
  const article = /^\/articles\/(\d+)$/.exec(url.pathname);
  if (article) await note({ article: Number(article[1]), read: true });
  const html = (await response.text()).replace("<html ", `<html data-held="${response.headers.get("date") || ""}" `);
  return new Response(html, { status: 200, headers: response.headers });
}

async function nothingHeld() {
  return caches.match("/offline", { cacheName: SHELL_CACHE });
}

async function keep(url, response) {
  const reader = response.headers.get("x-firsthand-reader");
  if (!reader) {
    if (response.ok && url.pathname === "/login") await forget({}); // signed out, or the session ended
    return;
  }
  await adopt(reader);
  if (!response.ok || url.search || !KEPT_PAGES.test(url.pathname)) return;
  await put(reader, url.pathname, response, {});
  await flush().catch(() => {});
}

async function put(reader, path, response, more) {
  const html = await response.clone().text();
  const cache = await caches.open(Held.pages(reader));
  await cache.put(path, response);
  const before = (await Held.get("held", path)) || {};
  await Held.put("held", { ...before, path, title: titleOf(html), at: Date.now(), ...more });
  return html;
}

function titleOf(html) {
  const found = /<title>([^<]*)<\/title>/.exec(html);
  return found ? found[1].replace(/ · Firsthand$/, "") : "";
}

// ── Whose it is ────────────────────────────────────────────────────────────────────────────────────────────────────

async function adopt(reader) {
  const before = await Held.get("meta", "reader");
  if (before === reader) return;
  if (before) await forget({ but: reader });
  await Held.put("meta", reader, "reader");
}

// `queue`: also what has not been sent yet. Without, it waits for its own reader, and is sent for no other.
async function forget({ queue = false, but = "" }) {
  await Held.remove("meta", "reader");
  await Held.remove("meta", "fetched");
  await Held.clear("held");
  if (queue) await Held.clear("queue");
  for (const name of await caches.keys()) {
    if (/^(?:pages|pictures)-/.test(name) && name !== Held.pages(but) && name !== Held.pictures(but)) await caches.delete(name);
  }
  if (navigator.clearAppBadge) await navigator.clearAppBadge().catch(() => {});
  if (self.registration.pushManager && (queue || but)) {
    const subscription = await self.registration.pushManager.getSubscription().catch(() => null);
    if (subscription) await subscription.unsubscribe().catch(() => {});
  }
  for (const shown of self.registration.getNotifications ? await self.registration.getNotifications() : []) shown.close();
}

// ── Files and pictures ─────────────────────────────────────────────────────────────────────────────────────────────

async function asset(request) {
  const cache = await caches.open(SHELL_CACHE);
  const exact = await cache.match(request);
  if (exact) return exact;
  try {
    return await fetch(request);
  } catch {
    // A page that was held before the last update names an older file: the newer one is better than none.
    return (await cache.match(request, { ignoreSearch: true })) || Response.error();
  }
}

async function sheet(request) {
  const reader = await Held.get("meta", "reader");
  const cache = reader && (await caches.open(Held.pages(reader)));
  try {
    const response = await fetch(request);
    if (cache && response.ok) await cache.put(SHEET, response.clone());
    return response;
  } catch {
    return (cache && (await cache.match(SHEET))) || Response.error();
  }
}

async function picture(request) {
  const reader = await Held.get("meta", "reader");
  const found = reader && (await (await caches.open(Held.pictures(reader))).match(request.url));
  return found || fetch(request);
}

// ── Marks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

async function mark(event) {
  const { request } = event;
  const again = request.clone();
  try {
    const response = await fetch(request);
    if (!AWAY.has(response.status)) {
      // What is saved is to be held at once; what was read only changes the badge, and can wait.
      if (response.ok && (await again.formData()).has("saved")) event.waitUntil(renew(true).catch(() => {}));
      return response;
    }
  } catch {
    // no network: the mark is kept below
  }
  const form = await again.formData();
  const made = { article: Number(MARKS.exec(new URL(request.url).pathname)[1]) };
  for (const name of ["read", "saved"]) if (form.has(name)) made[name] = form.get(name) === "1";
  await note(made);
  if (!request.headers.get("hx-request")) {
    const back = String(form.get("back") || "/");
    return Response.redirect(/^\/(?![\/\\])/.test(back) ? back : "/", 303);
  }
  return new Response(null, { status: 204, headers: { "hx-trigger": JSON.stringify({ "held:marked": made }) } });
}

async function note(made) {
  const reader = await Held.get("meta", "reader");
  if (!reader) return;
  for (const old of await Held.all("queue")) {
    const same = old.reader === reader && old.article === made.article && (("read" in made && "read" in old) || ("saved" in made && "saved" in old));
    if (same) await Held.remove("queue", old.id);
  }
  await Held.put("queue", { ...made, id: crypto.randomUUID(), reader, at: new Date().toISOString() });
  if (self.registration.sync) await self.registration.sync.register("marks").catch(() => {});
}

let flushing = null;
function flush() {
  flushing ||= sendMarks().finally(() => { flushing = null; });
  return flushing;
}

async function sendMarks() {
  if (!(await Held.all("queue")).length) return;
  const state = await look();
  if (!state) throw new Error("not now"); // a background sync is then tried again
  let sent = 0;
  for (;;) {
    const queue = (await Held.all("queue")).sort((a, b) => (a.at < b.at ? -1 : 1));
    for (const other of queue.filter((one) => one.reader !== state.reader)) await Held.remove("queue", other.id);
    const batch = queue.filter((one) => one.reader === state.reader).slice(0, BATCH);
    if (!batch.length) break;
    const marks = JSON.stringify(batch.map(({ reader, ...one }) => one));
    const body = new URLSearchParams({ csrf: state.csrf, marks });
    const response = await fetch("/offline/marks", { method: "POST", body });
    if (!response.ok && response.status !== 400) throw new Error("not now");
    // 400: the server will never take these; to keep them would hold up all that come after.
    for (const one of batch) await Held.remove("queue", one.id);
    sent += response.ok ? batch.length : 0;
  }
  if (sent) await renew(true);
  for (const client of await self.clients.matchAll()) client.postMessage({ kind: "sent", count: sent });
}

// ── What is held for reading offline ───────────────────────────────────────────────────────────────────────────────

// Who is signed in, the token for forms, what is unread and what is to be held; null where the server cannot say.
async function look() {
  const response = await fetch("/offline/state", { headers: { accept: "application/json" } }).catch(() => null);
  if (!response || !response.ok || response.redirected) return null;
  return response.json();
}

let renewing = null;
function renew(now = false) {
  renewing ||= fetchAll(now).finally(() => { renewing = null; });
  return renewing;
}

async function fetchAll(now) {
  const last = (await Held.get("meta", "fetched")) || 0;
  if (!now && Date.now() - last < RENEWED) return;
  const state = await look();
  if (!state) return;
  await adopt(state.reader);
  await badge(state.unread);
  await rejoin(state);
  const frugal = navigator.connection && navigator.connection.saveData;
  const wanted = [
    ...state.pages.map((path) => ({ path, always: true })),
    ...state.articles.filter((one) => one.saved || !frugal),
  ];
  if (wanted.some((one) => LETTER.test(one.path))) await sheet(SHEET).catch(() => {});
  const pictures = new Set();
  for (const one of wanted) {
    const html = await hold(state.reader, one);
    if (html && (one.saved || !frugal)) for (const address of picturesOf(html)) pictures.add(address);
  }
  await prune(state.reader, new Set(wanted.map((one) => one.path)), pictures);
  await Held.put("meta", Date.now(), "fetched");
  for (const client of await self.clients.matchAll()) client.postMessage({ kind: "renewed" });
}

// One page, fetched where it is not held as it stands; its HTML, or "" where it cannot be had.
async function hold(reader, { path, tag = "", saved = false, always = false }) {
  const cache = await caches.open(Held.pages(reader));
  const before = await Held.get("held", path);
  if (!always && before && before.tag === tag) {
    const there = await cache.match(path);
    if (there) {
      if (before.saved !== saved) await Held.put("held", { ...before, saved });
      return there.text();
    }
  }
  // "purpose" says that this is no reading: the article stays unread.
  const response = await fetch(path, { headers: { purpose: "prefetch", accept: "text/html" } }).catch(() => null);
  if (!response || !response.ok || response.headers.get("x-firsthand-reader") !== reader) return "";
  return put(reader, path, response, { tag, saved });
}

function picturesOf(html) {
  const found = [...html.matchAll(/<img[^>]+src="(\/image\?[^"]+)"/g)].slice(0, PICTURES_A_PAGE);
  return found.map((one) => new URL(one[1].replaceAll("&amp;", "&"), location.origin).href);
}

async function prune(reader, wanted, pictures) {
  const cache = await caches.open(Held.pages(reader));
  const rows = (await Held.all("held")).filter((one) => !wanted.has(one.path)).sort((a, b) => b.at - a.at);
  for (const one of rows.slice(0, RECENT)) {
    if (one.saved) await Held.put("held", { ...one, saved: false });
    const there = await cache.match(one.path);
    if (there) for (const address of picturesOf(await there.text())) pictures.add(address);
  }
  for (const one of rows.slice(RECENT)) {
    await cache.delete(one.path);
    await Held.remove("held", one.path);
  }
  const album = await caches.open(Held.pictures(reader));
  const there = new Set((await album.keys()).map((request) => request.url));
  for (const address of there) if (!pictures.has(address)) await album.delete(address);
  for (const address of pictures) {
    if (there.has(address)) continue;
    const response = await fetch(address).catch(() => null);
    if (response && response.ok) await album.put(address, response);
  }
}

async function badge(unread) {
  if (!navigator.setAppBadge) return;
  await (unread ? navigator.setAppBadge(unread) : navigator.clearAppBadge()).catch(() => {});
}

// ── Push ───────────────────────────────────────────────────────────────────────────────────────────────────────────

self.addEventListener("push", (event) => {
  event.waitUntil(show(event.data ? event.data.text() : ""));
});

// A browser must show something for every push, so what cannot be read is still told.
async function show(text) {
  let notice = {};
  try { notice = JSON.parse(text); } catch { /* told below */ }
  const before = notice.tag ? await self.registration.getNotifications({ tag: notice.tag }) : [];
  await self.registration.showNotification(notice.title || "Firsthand", {
    body: notice.body || "There is news.",
    tag: notice.tag || "firsthand",
    // The same story again changes what is shown, and makes no sound.
    renotify: false,
    silent: Boolean(before.length || notice.quiet),
    icon: ICON,
    badge: BADGE,
    timestamp: notice.at ? Date.parse(notice.at) : Date.now(),
    data: { path: ownPath(notice.path) },
  });
  if (navigator.setAppBadge && Number.isInteger(notice.unread)) await badge(notice.unread);
}

function ownPath(path) {
  return typeof path === "string" && /^\/(?![\/\\])/.test(path) ? path : "/";
}

// A device that was signed out and is signed in again is told again; one that its reader removed is not.
async function rejoin(state) {
  const subscription = self.registration.pushManager && (await self.registration.pushManager.getSubscription().catch(() => null));
  if (subscription && state.ended.includes(subscription.endpoint)) await join(state, subscription);
}

async function join(state, subscription) {
  const body = new URLSearchParams({ csrf: state.csrf, subscription: JSON.stringify(subscription) });
  await fetch("/settings/notifications/device", { method: "POST", body });
}

// The push service has given this browser another address.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil((async () => {
    const options = event.oldSubscription && event.oldSubscription.options;
    const fresh = event.newSubscription || (options && (await self.registration.pushManager.subscribe(options)));
    const state = fresh && (await look());
    if (state) await join(state, fresh);
  })());
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage(ownPath(event.notification.data && event.notification.data.path)));
});

async function openPage(path) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windows.find((one) => new URL(one.url).pathname === path) || windows[0];
  if (!open) return self.clients.openWindow(path);
  await open.focus();
  return new URL(open.url).pathname === path ? open : open.navigate(path).catch(() => self.clients.openWindow(path));
}
