// Figures: small in the page, large on a tap, saved as PNG, SVG or PDF.

import { button, h, link } from "./dom.js";

const NARROW = 700;
const FORMATS = ["png", "svg", "pdf"];

/** All figures of a run by their addresses. */
export function figures(experiment, images) {
  if (!images.length) return null;
  return h("section", { class: "figures", "aria-label": "图" }, images.map((address, i) => figure(experiment, address, i + 1)));
}

function figure(experiment, address, number) {
  const name = nameOf(address);
  const title = `${experiment.title} 图 ${number}（${name}）`;
  const image = h("img", { src: address, alt: title });
  const lost = h("p", { class: "note error", hidden: true }, "图没有载入。", button("重新载入", () => {
    lost.hidden = true;
    image.hidden = false;
    image.src = `${address}?again=${Date.now()}`;
  }, { class: "text" }));
  image.addEventListener("error", () => {
    lost.hidden = false;
    image.hidden = true;
  });
  const open = button(image, () => enlarge(address, title), { class: "frame", "aria-label": `放大 ${title}` });
  return h("figure", {}, open, lost, h("figcaption", {}, h("span", {}, `图 ${number}`, h("span", { class: "tap" }, "　点图放大")), saving(experiment, address, name)));
}

function saving(experiment, address, name) {
  const links = FORMATS.map((format) =>
    link(format.toUpperCase(), address.replace(/\.png$/, `.${format}`), {
      download: `${experiment.name}-${name}.${format}`,
      "aria-label": `保存 ${name} 为 ${format.toUpperCase()}`,
    }),
  );
  return h("span", { class: "saving" }, "保存 ", links);
}

/** `q-n` from `/static/plots/1/millikan/<run>-q-n.png`. */
function nameOf(address) {
  const file = address.slice(address.lastIndexOf("/") + 1).replace(/\.png$/, "");
  return file.slice(file.indexOf("-") + 1);
}

/** The figure over the whole screen, left by Back too; on a narrow one at once magnified. */
function enlarge(address, title) {
  const dialog = h("dialog", { class: "viewer", "aria-label": title });
  const size = button("", () => magnify(!dialog.classList.contains("full")));
  const image = h("img", { src: address, alt: title, onclick: () => size.click() });
  const magnify = (full) => {
    dialog.classList.toggle("full", full);
    size.textContent = full ? "适合屏幕" : "再放大";
  };
  const bar = h("div", { class: "actions" }, size, button("关闭", () => dialog.close()));
  dialog.append(bar, h("div", { class: "pane", tabindex: "0", role: "region", "aria-label": title }, image));
  const left = () => dialog.close();
  dialog.addEventListener("close", () => {
    removeEventListener("popstate", left);
    dialog.remove();
    if (history.state?.viewer) history.back();
  });
  document.body.append(dialog);
  history.pushState({ viewer: true }, "");
  addEventListener("popstate", left);
  dialog.showModal();
  magnify(innerWidth < NARROW && innerWidth < innerHeight);
}
