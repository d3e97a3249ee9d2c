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

  // Whoever presses Back twice, or changes a filter before Back is answered, wants what was asked for last: an answer
  // that comes late must not stand under another page's address.
  const underWay = new Set();
  const giveUp = () => {
    for (const request of underWay) request.abort();
    underWay.clear();
  };
  const follow = (request) => {
    underWay.add(request);
    request.addEventListener("loadend", () => underWay.delete(request));
  };
  document.addEventListener("htmx:historyCacheMiss", (event) => {
    giveUp();
    follow(event.detail.xhr);
    // Rather no page than another one's.
    event.detail.xhr.addEventListener("error", () => location.reload());
  });
  document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());
  document.addEventListener("htmx:beforeSend", (event) => {
    if (event.target.matches("[hx-push-url]")) giveUp();
    follow(event.detail.xhr);
  });

  // On a phone the filters are a sheet over the results that were asked for.
  document.addEventListener("submit", (event) => event.target.closest("[popover]:popover-open")?.hidePopover());

  // A link that is to open elsewhere is no business of this page.
  document.addEventListener(
    "click",
    (event) => {
      if ((event.ctrlKey || event.metaKey || event.shiftKey) && event.target.closest("a[hx-get]")) event.stopPropagation();
    },
    true,
  );

  // The stream goes on by itself as a reader scrolls, but only so far: then the link is asked for more, and what stands
  // below it stays within reach. Not where data is dear, nor under a reader who has the focus on that link.
  const PAGES_BY_THEMSELVES = 3;
  const dear = () => navigator.connection?.saveData || matchMedia("(prefers-reduced-data: reduce)").matches;
  const ahead = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) {
        const stream = target.closest("#stream");
        const pages = Number(stream?.dataset.pages ?? 0);
        if (!isIntersecting || !stream || pages >= PAGES_BY_THEMSELVES || dear()) continue;
        if (target === document.activeElement) continue;
        stream.dataset.pages = pages + 1;
        htmx.trigger(target, "reach");
      }
    },
    { rootMargin: "0px 0px 600px" },
  );
  document.addEventListener("htmx:load", () => {
    for (const link of document.querySelectorAll(".more a[rel=next]")) ahead.observe(link);
  });

  // After “load earlier”, the link that had the focus is gone: go on at the first new entry.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const more = event.target.closest?.(".more");
    if (more) more.dataset.before = document.querySelectorAll(".entry").length;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const more = event.detail.target;
    if (!more?.matches(".more")) return;
    const asked = event.detail.requestConfig.triggeringEvent?.type === "click";
    if (asked || more.contains(document.activeElement)) event.detail.xhr.parleyBefore = Number(more.dataset.before);
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

  // An open timeline asks once a minute whether anything is new, but not while nobody sees it. That it could not ask is
  // nobody's worry, and news that was told is not told again.
  const EVERY = 60_000;
  let looked = Date.now();
  const look = () => {
    const arrivals = document.querySelector("[data-arrivals]");
    if (!arrivals || document.hidden || Date.now() - looked < EVERY) return;
    looked = Date.now();
    htmx.trigger(arrivals, "look");
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
  const isArrivals = (element) => element?.matches?.("[data-arrivals]");
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { elt, xhr } = event.detail;
    if (!isArrivals(elt)) return;
    event.detail.shouldSwap = xhr.status === 200 && elt.parleyTold !== xhr.responseText;
    elt.parleyTold = xhr.responseText;
  });

  // A filter that was taken off is gone, and the focus with it: go on at the next one, or at what is left to read.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.detail.requestConfig?.elt.matches(".token") || document.activeElement !== document.body) return;
    const next = document.querySelector(".token") ?? document.getElementById("stream");
    if (!next.matches("a")) next.tabIndex = -1;
    next.focus({ preventScroll: true });
  });

  // What stands above a control may grow or shrink with the answer: the control that has the focus stays in sight.
  // A page brought back from the history settles without a target.
  document.addEventListener("htmx:afterSettle", (event) => {
    const held = document.activeElement.closest("#positions *");
    if (held && event.detail.target?.id === "positions") (held.closest(".chip") ?? held).scrollIntoView({ block: "nearest" });
  });

  const say = (message) => {
    const region = document.getElementById("errors");
    if (region) region.textContent = message;
  };
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (!isArrivals(event.target)) say(document.getElementById("errors")?.dataset.offline ?? "");
    });
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isArrivals(event.target)) say("");
  });

  // The other languages' links keep up with the filters.
  document.addEventListener("htmx:pushedIntoHistory", () => {
    for (const link of document.querySelectorAll("a[data-language]")) {
      const address = new URL(link.href);
      address.search = location.search;
      link.href = address.href;
    }
  });
})();
