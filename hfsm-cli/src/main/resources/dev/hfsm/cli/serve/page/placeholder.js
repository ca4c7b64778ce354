// A BlurHash (github.com/woltapp/blurhash) painted: what a picture looks like before it is there.

const DIGITS =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~';

const WIDTH = 32;

function number(text) {
  return [...text].reduce((value, digit) => value * 83 + DIGITS.indexOf(digit), 0);
}

function linear(value) {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function encoded(value) {
  const v = Math.max(0, Math.min(1, value));
  return Math.round(255 * (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055));
}

function terms(hash, many) {
  const most = (number(hash[1]) + 1) / 166;
  const average = number(hash.slice(2, 6));
  const found = [[linear(average >> 16), linear((average >> 8) & 255), linear(average & 255)]];
  for (let i = 1; i < many; i++) {
    const value = number(hash.slice(4 + i * 2, 6 + i * 2));
    const parts = [Math.floor(value / 361), Math.floor(value / 19) % 19, value % 19];
    found.push(parts.map((part) => (Math.sign(part - 9) * ((part - 9) / 9) ** 2) * most));
  }
  return found;
}

/** A small canvas to be stretched; null if the hash makes no sense. */
export function paint(hash, width, height) {
  const across = (number(hash[0]) % 9) + 1;
  const down = Math.floor(number(hash[0]) / 9) + 1;
  if (hash.length !== 4 + 2 * across * down) {
    return null;
  }
  const colors = terms(hash, across * down);
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = Math.max(1, Math.min(64, Math.round((WIDTH * height) / width)));
  const context = canvas.getContext('2d');
  const pixels = context.createImageData(canvas.width, canvas.height);
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const sum = [0, 0, 0];
      colors.forEach((color, i) => {
        const wave =
          Math.cos((Math.PI * x * (i % across)) / canvas.width) *
          Math.cos((Math.PI * y * Math.floor(i / across)) / canvas.height);
        color.forEach((part, channel) => (sum[channel] += part * wave));
      });
      pixels.data.set([...sum.map(encoded), 255], 4 * (y * canvas.width + x));
    }
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}
