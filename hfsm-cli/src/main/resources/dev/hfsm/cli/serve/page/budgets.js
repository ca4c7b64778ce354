// What variants may cost, and what they have cost.

import { bytes, count, element, time } from './words.js';

const WORDS = {
  SCOPE_CPU: 'processor time within the hour',
  TOTAL_CPU: 'processor time within the hour, all scopes',
  SCOPE_BYTES: 'bytes of variants',
  TOTAL_BYTES: 'bytes of variants, all scopes',
  RECIPES: 'recipes for one picture',
};

const BEYOND = {
  REFUSE: 'Beyond a budget new variants are refused; what is there is served.',
  STAND_IN: 'Beyond a budget the nearest variant that is there is shown instead of a new one.',
  WARN: 'Beyond a budget new variants are made all the same, and the log tells of it.',
};

function amount(bound, value) {
  return bound.endsWith('CPU') ? time(value * 1000) : bytes(value);
}

function row({ bound, used, most }) {
  const id = `budget-${bound.toLowerCase()}`;
  const part = most > 0 ? Math.min(1, used / most) : 1;
  const text = `${amount(bound, used)} of ${amount(bound, most)}${used >= most ? ', used up' : ''}`;
  return element('li', { className: used >= most ? 'budget over' : 'budget' },
    element('label', { htmlFor: id }, WORDS[bound]),
    element('meter', { id, min: 0, max: 1, low: 0.75, high: 0.99, optimum: 0, value: part }, text),
    element('span', {}, text));
}

/** Shows them below a heading of their own; nothing if there are none. */
export function budgets(sums, byId) {
  const all = sums.budgets;
  byId('budgets-section').hidden = !all;
  if (!all) {
    return;
  }
  byId('budgets').replaceChildren(...all.bounds.map(row),
    ...(all.recipes === undefined ? [] : [element('li', { className: 'budget' },
      element('span', {}, WORDS.RECIPES), element('span', {}), element('span', {}, `up to ${all.recipes}`))]));
  const met = all.met.map(({ bound, times }) => `${WORDS[bound]} (${count(times, 'request')})`);
  const presets = all.presets === 'ALWAYS' ? 'Presets are made whatever is used up.' : 'Presets are bounded too.';
  byId('budget-words').textContent = [BEYOND[all.beyond], presets,
    met.length > 0 ? `Met lately: ${met.join('; ')}.` : ''].join(' ');
}
