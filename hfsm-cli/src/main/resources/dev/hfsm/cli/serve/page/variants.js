// Asking for variants of one asset, and what each request took.

import { get, picture } from './api.js';
import { bytes, element, kind, percent, say, sentence, soon, time } from './words.js';

const SHAPES = [
  ['320 wide', 'w=320'],
  ['640 wide', 'w=640'],
  ['1280 wide', 'w=1280'],
  ['square', 'w=320,h=320,fit=cover,gravity=smart'],
  ['grey', 'w=640,grayscale=true'],
];

const FORMATS = [
  ['webp', 'WebP'],
  ['jpeg', 'JPEG'],
  ['png', 'PNG'],
];

let numbers = 0;

function formatChoice(name) {
  const choices = FORMATS.map(([value, label], i) => {
    const input = element('input', { type: 'radio', name, value, checked: i === 0 });
    return element('label', { className: 'choice' }, input, element('span', {}, label));
  });
  return element('fieldset', { className: 'choices' },
    element('legend', { className: 'unseen' }, 'Format'), ...choices);
}

function bar(label, millis, most, detail) {
  const filled = element('span', { className: 'bar-filled' });
  filled.style.inlineSize = `${Math.max(1, Math.min(100, (100 * millis) / most))}%`;
  return element('div', { className: 'bar' },
    element('span', { className: 'bar-label' }, label),
    element('span', { className: 'bar-line', ariaHidden: 'true' }, filled),
    element('span', { className: 'bar-time' }, time(millis), detail ? element('small', {}, ` ${detail}`) : null));
}

/** The controls, and a list of what was asked for. shown(image) is called with each new picture. */
export class Variants {
  constructor(asset, shown, changed) {
    this.asset = asset;
    this.shown = shown;
    this.changed = changed;
    this.rows = new Map();
    this.list = element('ol', { className: 'variants' });
    this.problem = element('p', { className: 'problem', role: 'alert' });
    this.formats = formatChoice(`format-${++numbers}`);
    const shapes = SHAPES.map(([label, recipe]) =>
      element('button', { type: 'button', onclick: (event) => this.ask(recipe, event.currentTarget) }, label));
    this.element = element('div', { className: 'ask' },
      element('div', { className: 'controls', role: 'group', ariaLabel: `Ask for a variant of ${asset.name || 'this picture'}` },
        this.formats, element('div', { className: 'shapes' }, ...shapes)),
      this.problem, this.list);
  }

  /** Lists what was made before, by whomever. */
  follow(asset) {
    this.asset = asset;
    for (const variant of asset.variants) {
      if (!this.rows.has(variant.recipe)) {
        const row = this.known(variant);
        this.rows.set(variant.recipe, row);
        this.list.append(row);
      }
    }
  }

  format() {
    return this.formats.querySelector('input:checked').value;
  }

  async ask(shape, button) {
    this.problem.textContent = '';
    let shown;
    button.setAttribute('aria-busy', 'true');
    try {
      const recipe = `${shape},format=${this.format()}`;
      const link = await get(`/api/assets/${this.asset.id}/link?recipe=${encodeURIComponent(recipe)}`);
      shown = (await this.load(link)) ? link.recipe : undefined;
    } catch (problem) {
      this.problem.textContent = sentence(problem.message) + (problem.status === 429
        ? ` A budget is used up; ask again in ${soon(problem.retryAfter)}.` : '');
    } finally {
      button.removeAttribute('aria-busy');
      this.changed(shown);
    }
  }

  /** Asks twice: the first request may have to make it, the second finds it. Says whether it is the one. */
  async load(link) {
    const first = await picture(link.url);
    const second = await picture(link.url);
    const image = element('img', { alt: `${this.asset.name || 'picture'}: ${link.recipe}` });
    image.src = URL.createObjectURL(second.blob);
    await image.decode();
    this.shown(image);
    if (second.standIn) {
      this.problem.textContent = `${link.recipe} is not made for now: the nearest that is there is shown instead.`;
      return false;
    }
    const row = this.row(link, image, first, second);
    this.rows.get(link.recipe)?.remove();
    this.list.prepend(row);
    this.rows.set(link.recipe, row);
    say(`${this.asset.name || 'Picture'}, ${link.recipe}: first request ${time(first.server)}, second ${time(second.server)}`);
    return true;
  }

  described(url, width, height, type, size, recipe) {
    const open = element('a', { href: url, target: '_blank', rel: 'noopener' },
      `${width} × ${height} ${kind(type)}`);
    return [
      element('p', {}, open, ` ${bytes(size)}, ${percent(size, this.asset.bytes)} of the original`),
      element('code', {}, recipe),
    ];
  }

  known(variant) {
    const { url, width, height, mediaType, recipe, millis } = variant;
    return element('li', { className: 'variant' },
      ...this.described(url, width, height, mediaType, variant.bytes, recipe),
      element('p', { className: 'quiet' }, `Made before, in ${time(millis)}; kept.`));
  }

  row(link, image, first, second) {
    const most = Math.max(first.server, second.server);
    const made = first.made === null ? 'it was there' : `${time(first.made)} to make it`;
    return element('li', { className: 'variant fresh' },
      ...this.described(link.url, image.naturalWidth, image.naturalHeight, second.blob.type,
        second.blob.size, link.recipe),
      bar('first request', first.server, most, made),
      bar('second request', second.server, most, ''));
  }
}
