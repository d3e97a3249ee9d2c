// What HTML and htmx attributes cannot say. Delegated from the document; nothing inline, nothing evaluated.
(() => {
  "use strict";

  const canonical = (params) =>
    [...params].filter(([, value]) => value !== "").map((pair) => pair.join("=")).sort().join("&");

  // Enter after typing is a change and a submission at once: the second would only cut the first one off.
  const asking = new WeakMap();
  document.addEventListener("htmx:confirm", (event) => {
    const form = event.target.closest("form[data-filters]");
    if (!form) return;
    const asked = canonical(new FormData(form));
    if (asking.get(form) === asked) event.preventDefault();
    else asking.set(form, asked);
  });
  document.addEventListener("htmx:afterRequest", (event) => asking.delete(event.target));

  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target.closest("form[data-filters]");
    if (!form) return;
    const asked = event.detail.formData;
    // Empty fields would fill the address; so would a choice of everything.
    for (const name of [...new Set(asked.keys())]) {
      const values = asked.getAll(name).filter((value) => value.trim() !== "");
      asked.delete(name);
      const all = form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"][data-all]`);
      if (all.length && all.length === values.length) continue;
      values.forEach((value) => asked.append(name, value));
    }
    // Leaving a field after typing, or Enter after a change, asks again for what is shown already. One press of Back
    // should undo one change.
    if (canonical(asked) === canonical(new URLSearchParams(location.search))) {
      event.preventDefault();
      asking.delete(form);
    }
  });

  // On a phone the filters are a sheet over the results that were asked for.
  document.addEventListener("submit", (event) => event.target.closest("[popover]:popover-open")?.hidePopover());

  // After “load earlier”, the link that had the focus is gone: go on at the first new entry.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const more = event.target.closest?.(".more");
    if (more) more.dataset.before = document.querySelectorAll(".entry").length;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const more = event.detail.target;
    if (more?.matches(".more")) event.detail.xhr.parleyBefore = Number(more.dataset.before);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const before = event.detail.xhr?.parleyBefore;
    if (before === undefined) return;
    delete event.detail.xhr.parleyBefore;
    const first = document.querySelectorAll(".entry")[before];
    if (!first) return;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  });

  const say = (message) => {
    const region = document.getElementById("errors");
    if (region) region.textContent = message;
  };
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => say(document.getElementById("errors")?.dataset.offline ?? ""));
  }
  document.addEventListener("htmx:beforeRequest", () => say(""));

  // The other languages' links keep up with the filters.
  document.addEventListener("htmx:pushedIntoHistory", () => {
    for (const link of document.querySelectorAll("a[data-language]")) {
      const address = new URL(link.href);
      address.search = location.search;
      link.href = address.href;
    }
  });
})();
