// What the pages of the vitals' stories have in common: work of a fixed length, answers of the site, and pictures.

/** Keeps the browser busy. */
function busy(ms) {
  const end = performance.now() + Number(ms);
  while (performance.now() < end);
}

/** Asks the site, and returns when it has answered. */
const ask = (url) => fetch(url).then((response) => response.text());

/** Puts a picture into the page. */
function place({ src, id = '', classes = '', into = 'place', width = 600, height = 450 }) {
  const picture = Object.assign(new Image(width, height), { id, className: classes, src });
  document.getElementById(into).append(picture);
}

/** Waits for so many frames. */
async function frames(count) {
  for (let n = 0; n < count; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Waits so long. */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
