// One asset, or an upload that is to become one.

import { budgets } from './budgets.js';
import { paint } from './placeholder.js';
import { presets } from './presets.js';
import { Variants } from './variants.js';
import { bytes, count, element, kind, sentence, time, when } from './words.js';

const STATES = [
  ['INGESTED', 'ingested'],
  ['DEDUP_CHECK', 'dedup check'],
  ['METADATA_READY', 'metadata ready'],
  ['VARIANTS_READY', 'variants ready'],
];

const LAST = { REJECTED: 'rejected', FAILED: 'failed' };

export const isInspected = (asset) => asset.state !== 'INGESTED' && asset.state !== 'DEDUP_CHECK';

export class Card {
  /** name is untrusted, as is every text here: all of it is set as text. */
  constructor(name, changed) {
    this.changed = changed;
    this.title = element('h3', { className: 'name' }, name);
    this.badge = element('span', { className: 'badge' });
    this.meter = element('progress', { max: 1, value: 0, ariaLabel: `Upload of ${name}`, hidden: true });
    this.frame = element('div', { className: 'frame' });
    this.steps = element('ol', { className: 'steps', ariaLabel: 'States' });
    this.message = element('p', { className: 'message' });
    this.facts = element('dl', { className: 'facts' });
    this.more = element('div');
    this.presets = element('div');
    this.element = element('li', { className: 'card' }, this.frame,
      element('div', { className: 'body' },
        element('div', { className: 'head' }, this.title, this.badge),
        this.meter, this.message, this.steps, this.facts, this.presets, this.more));
  }

  progress(part) {
    this.meter.hidden = false;
    this.meter.value = part;
    this.mark(part < 1 ? 'uploading' : 'hashing', '');
  }

  mark(text, className) {
    this.badge.textContent = text;
    this.badge.className = `badge ${className}`;
  }

  /** It came to nothing. */
  fail(reason) {
    this.meter.hidden = true;
    this.element.classList.add('plain');
    this.mark('refused', 'bad');
    this.message.className = 'message problem';
    this.message.textContent = reason;
  }

  /** Its bytes are here already: all there is to say is where. */
  duplicate(asset, known) {
    this.meter.hidden = true;
    this.element.classList.add('plain');
    this.mark('duplicate', 'good');
    const name = asset.name || asset.id.slice(0, 12);
    this.message.replaceChildren('The same bytes as ',
      known ? element('a', { href: `#asset-${asset.id}` }, name) : element('strong', {}, name),
      `: nothing stored, ${bytes(asset.bytes)} saved.`);
  }

  show(asset) {
    this.meter.hidden = true;
    this.asset = asset;
    this.element.id = `asset-${asset.id}`;
    this.element.dataset.state = asset.state;
    this.drawSteps();
    this.drawFacts();
    this.drawFrame();
    if (asset.state === 'REJECTED' || asset.state === 'FAILED') {
      this.mark(LAST[asset.state], 'bad');
      this.message.className = 'message problem';
      this.message.textContent = `${sentence(asset.rejection || asset.problem || 'It could not be read')} The bytes are kept as they are; no variants can be made of them.`;
      this.element.classList.add('plain');
      return;
    }
    this.mark(isInspected(asset) ? '' : 'inspecting', '');
    if (isInspected(asset) && !asset.makesVariants) {
      this.element.classList.add('plain');
      this.message.textContent = 'Kept as it is: no variants can be made of this type.';
    } else if (isInspected(asset) && !this.variants) {
      this.element.classList.remove('plain');
      this.variants = new Variants(asset, (image) => this.picture(image),
        (recipe) => this.changed(asset.id, recipe));
      this.more.replaceChildren(this.variants.element);
    }
    if (this.variants) {
      this.variants.follow(asset);
      this.drawPresets();
    }
  }

  /** Not again while they are the same: what was opened stays open. */
  drawPresets() {
    const now = this.asset.visibility;
    if (this.presetsOf !== now) {
      this.presetsOf = now;
      const list = presets(this.asset);
      this.presets.replaceChildren(...(list ? [list] : []));
    }
  }

  drawSteps() {
    const reached = new Map();
    this.asset.steps.forEach((step) => reached.set(step.state, step.millis));
    const end = LAST[this.asset.state];
    const last = end || (isInspected(this.asset) && !this.asset.makesVariants);
    const shown = STATES.filter(([state]) => !last || reached.has(state));
    if (end) {
      shown.push([this.asset.state, end]);
    }
    this.steps.replaceChildren(...shown.map(([state, label]) => {
      const done = reached.has(state);
      const when = done && state !== 'INGESTED' && state !== 'VARIANTS_READY' ? `+${time(reached.get(state))}` : '';
      const step = element('li', { className: done ? 'done' : '' }, label, element('small', {}, when));
      if (end === label) {
        step.className = 'done bad';
      }
      if (state === this.asset.state) {
        step.setAttribute('aria-current', 'step');
      }
      return step;
    }));
  }

  drawFacts() {
    const a = this.asset;
    const facts = [
      ['type', kind(a.mediaType)],
      ['size', bytes(a.bytes)],
      ['dimensions', a.width ? `${a.width} × ${a.height}` : ''],
      ['frames', a.frames > 1 ? String(a.frames) : ''],
      ['camera', a.camera],
      ['taken', a.taken ? a.taken.replace('T', ' ') : ''],
      ['colours', a.colorProfile],
      ['here since', when(a.admittedAt)],
      ['uploads', a.uploads > 1 ? `${a.uploads}, stored once` : ''],
      ['place', a.saysWhere ? 'said by the original only' : ''],
      ['same picture as', a.samePixelsAs ? a.samePixelsAs.slice(0, 12) : ''],
    ];
    const rows = facts.filter(([, value]) => value).map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value)));
    const digest = element('div', {}, element('dt', {}, 'SHA-256'),
      element('dd', {}, element('a', { href: a.original, target: '_blank', rel: 'noopener', title: `${a.id}: the original` },
        a.id.slice(0, 12))));
    this.facts.replaceChildren(digest, ...rows);
  }

  /** The smallest variant that fills the frame, else the widest there is, else what the picture looks like from afar. */
  drawFrame() {
    if (this.pictured) {
      return;
    }
    const a = this.asset;
    const ready = a.variants.filter((v) => v.width >= 200).sort((x, y) => x.bytes - y.bytes)[0]
      ?? [...a.variants].sort((x, y) => y.width - x.width)[0];
    if (ready) {
      const image = element('img', { alt: a.name || 'picture', loading: 'lazy', width: ready.width, height: ready.height });
      image.src = ready.url;
      this.picture(image);
    } else if (a.blurHash && a.width && !this.painted) {
      const canvas = paint(a.blurHash, a.width, a.height);
      if (canvas) {
        canvas.setAttribute('role', 'img');
        canvas.setAttribute('aria-label', `${a.name || 'picture'}, from afar: no variant was asked for yet`);
        this.frame.replaceChildren(canvas);
        this.painted = true;
      }
    }
  }

  picture(image) {
    this.pictured = true;
    this.frame.replaceChildren(image);
  }
}

export function totals(sums, byId) {
  byId('total-uploaded').textContent = bytes(sums.uploadedBytes);
  byId('total-stored').textContent = bytes(sums.storedBytes);
  byId('total-saved').textContent = bytes(sums.savedBytes);
  byId('total-time').textContent = time(sums.savedMillis);
  byId('total-words').textContent =
    `${count(sums.assets, 'asset')}, ${count(sums.duplicates, 'duplicate')} recognised; ` +
    `${count(sums.variants, 'variant')} kept in ${bytes(sums.variantBytes)}; ` +
    `${count(sums.reused, 'request')} answered without making anything since the server began.`;
  budgets(sums, byId);
  byId('limit').textContent = `Up to ${bytes(sums.maxUploadBytes)} each.`;
}
