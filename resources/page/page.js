"use strict";
const dialog = document.querySelector("dialog");
const part = (name) => dialog.querySelector("." + name);
const figures = [...document.querySelectorAll("figure")];
const byId = new Map(figures.map((figure) => [figure.id, figure]));
const slider = dialog.querySelector("input");
const picture = (figure) => figure.querySelector("img");
const before = (figure) => byId.get(figure.dataset.before);
let at = 0;

function slide() {
  part("frame").style.setProperty("--at", slider.value + "%");
  slider.setAttribute("aria-valuetext", Math.round(slider.value) + "% before");
}

function compare(wanted) {
  const earlier = before(figures[at]);
  const on = Boolean(wanted && earlier);
  part("toggle").hidden = !earlier;
  part("toggle").setAttribute("aria-pressed", String(on));
  for (const name of ["before", "line", "left", "right"]) part(name).hidden = !on;
  slider.hidden = !on;
  if (on) {
    part("before").src = picture(earlier).src;
    part("before").alt = picture(earlier).alt;
    slider.value = 50;
    slide();
  }
  return on;
}

function show(index, wanted) {
  at = index;
  const figure = figures[at];
  part("after").src = picture(figure).src;
  part("after").alt = picture(figure).alt;
  part("where").textContent = `${at + 1} of ${figures.length}`;
  part("words").textContent = picture(figure).alt;
  part("back").disabled = at === 0;
  part("on").disabled = at === figures.length - 1;
  const on = compare(wanted);
  if (!dialog.open) dialog.showModal();
  if (on) slider.focus();
}

function step(by) {
  const next = at + by;
  if (next >= 0 && next < figures.length) show(next, part("toggle").getAttribute("aria-pressed") === "true");
}

figures.forEach((figure, index) => {
  figure.querySelector(".open").addEventListener("click", () => show(index, false));
  const button = figure.querySelector(".compare");
  if (button && before(figure)) {
    button.hidden = false;
    button.addEventListener("click", () => show(index, true));
  }
});
slider.addEventListener("input", slide);
part("toggle").addEventListener("click", () => {
  if (compare(part("toggle").getAttribute("aria-pressed") !== "true")) slider.focus();
});
part("back").addEventListener("click", () => step(-1));
part("on").addEventListener("click", () => step(1));
part("close").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => figures[at].querySelector(".open").focus());
dialog.addEventListener("keydown", (event) => {
  if (event.target === slider) return;
  if (event.key === "ArrowLeft") step(-1);
  else if (event.key === "ArrowRight") step(1);
});
