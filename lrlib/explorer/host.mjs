// The website's host: mounts each interactive element when it comes near the screen,
// with the model that a notebook would have given it.

const here = new URL(import.meta.url);
const runtime = new URL(`explorer.mjs${here.search}`, here); // the same version as ours

function modelOf(state) {
  const values = { state, position: [] };
  const listeners = new Map();
  return {
    get: (key) => values[key],
    set(key, value) {
      values[key] = value;
      listeners.get(`change:${key}`)?.forEach((listener) => listener());
    },
    on(event, listener) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event).add(listener);
    },
    off: (event, listener) => listeners.get(event)?.delete(listener),
    save_changes() {}, // there is no kernel to tell
  };
}

async function mount(element) {
  const { default: explorer } = await import(runtime.href);
  const state = JSON.parse(element.querySelector("script").textContent);
  // The alt text and the place it reserved stay until the figure can replace them.
  explorer.render({ model: modelOf(state), el: element.querySelector(".lrlib-place") });
}

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    mount(target);
  }
}, { rootMargin: "600px" });

// While the page is still arriving, an element is all there once something follows it.
function isWhole(element) {
  if (document.readyState !== "loading") return true;
  for (let node = element; node; node = node.parentElement) if (node.nextSibling) return true;
  return false;
}

const found = new Set();

function watchNew() {
  for (const element of document.querySelectorAll(".lrlib-interactive")) {
    if (found.has(element) || !isWhole(element)) continue;
    found.add(element);
    near.observe(element);
  }
}

watchNew();
if (document.readyState === "loading") {
  // On a slow network the first element can be used long before the last has come.
  const arriving = new MutationObserver(watchNew);
  arriving.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    arriving.disconnect();
    watchNew();
  });
}
