// What this browser holds for reading offline, and what it has still to tell the server: a thin layer on IndexedDB, which
// the pages (phone.js) and the service worker (/sw.js) share.
//   meta   name -> value: whose pages are held ("reader"), when they were fetched last ("fetched")
//   held   one row a page: path, title, tag (changes with the article), saved, at
//   queue  one row a mark made offline: id, reader, article, read or saved, at
"use strict";

self.Held = (() => {
  let opened = null;

  function open() {
    opened ||= new Promise((resolve, reject) => {
      const request = indexedDB.open("firsthand", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("meta");
        request.result.createObjectStore("held", { keyPath: "path" });
        request.result.createObjectStore("queue", { keyPath: "id" });
      };
      request.onsuccess = () => {
        // The browser closes it when the reader clears what sites keep; then it is opened anew.
        request.result.onclose = () => { opened = null; };
        request.result.onversionchange = () => { request.result.close(); opened = null; };
        resolve(request.result);
      };
      request.onerror = () => { opened = null; reject(request.error); };
    });
    return opened;
  }

  async function work(store, mode, act) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  return {
    get: (store, key) => work(store, "readonly", (rows) => rows.get(key)),
    all: (store) => work(store, "readonly", (rows) => rows.getAll()),
    put: (store, value, key) => work(store, "readwrite", (rows) => (key === undefined ? rows.put(value) : rows.put(value, key))),
    remove: (store, key) => work(store, "readwrite", (rows) => rows.delete(key)),
    clear: (store) => work(store, "readwrite", (rows) => rows.clear()),
    pages: (reader) => `pages-${reader}`,
    pictures: (reader) => `pictures-${reader}`,
  };
})();
