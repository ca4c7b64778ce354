// The presets of an asset: under which URLs anybody gets them, or that nobody does.

import { element } from './words.js';

/** As it can be pasted elsewhere. */
function absolute(srcset) {
  return srcset.replace(/(^|, )\//g, `$1${location.origin}/`);
}

function open(preset) {
  const link = element('a', { href: preset.url, target: '_blank', rel: 'noopener' }, preset.name);
  const sizes = preset.srcset
    ? element('details', {}, element('summary', {}, 'srcset'), element('code', {}, absolute(preset.srcset)))
    : null;
  return element('li', {}, link, ' ', element('code', {}, preset.recipe || 'as it is'), sizes);
}

function closed(preset) {
  return element('li', {}, preset.name, ' ', element('code', {}, preset.recipe || 'as it is'));
}

/** A list, or null if there is nothing to list. */
export function presets(asset) {
  if (asset.presets.length === 0) {
    return null;
  }
  const isPublic = asset.visibility === 'PUBLIC';
  const words = isPublic ? ['Public: anybody gets these presets, without a signature.']
    : ['Private: these presets have no address until it is published, by ',
      element('code', {}, `hfsm publish ${asset.id.slice(0, 12)}`), '.'];
  return element('div', { className: 'presets' },
    element('p', { className: 'quiet' }, ...words),
    element('ul', { ariaLabel: 'Presets' }, ...asset.presets.map(isPublic ? open : closed)));
}
