// The page: what is dropped becomes a card, and cards follow their assets.

import { get, hasToken, Problem, takeToken, useToken } from './api.js';
import { Card, isInspected, totals } from './card.js';
import { Uploads } from './uploads.js';
import { order, say, sentence } from './words.js';

const byId = (id) => document.getElementById(id);
const SOON = 150;
const LATER = 1000;
const SOON_ROUNDS = 40;
const ALL_ROUNDS = 160;

/** Cards by the asset they show. */
const cards = new Map();
/** Assets whose inspection is not over, and how often they were looked at. */
const followed = new Map();
let following = false;
let next = null;

const uploads = new Uploads(taken, done, refused);

/** What the server says, or that it says nothing, for all to see; another token is asked for. */
function trouble(problem) {
  const tokenWanted = problem instanceof Problem && problem.status === 401;
  const text = sentence(problem.message);
  tell('trouble', tokenWanted ? '' : text);
  tell('token-problem', tokenWanted && hasToken() ? text : '');
  byId('token-form').hidden = !tokenWanted;
}

function noTrouble() {
  tell('trouble', '');
  tell('token-problem', '');
  byId('token-form').hidden = true;
}

/** The same once more is not said once more. */
function tell(id, text) {
  if (byId(id).textContent !== text) {
    byId(id).textContent = text;
  }
}

/** Its card says why; that the token is not the right one concerns all of them. */
function refused(problem) {
  if (problem.status === 401) {
    trouble(problem);
  }
}

function taken(file) {
  const card = new Card(file.name, changed);
  card.mark('waiting', '');
  byId('uploads-section').hidden = false;
  byId('uploads').prepend(card.element);
  return card;
}

function done(card, answer) {
  const known = cards.get(answer.id);
  if (answer.outcome === 'duplicate') {
    card.duplicate(answer, known);
    say(`${card.title.textContent}: duplicate, nothing stored`);
    if (known) {
      known.show(answer);
    }
  } else {
    cards.set(answer.id, card);
    card.show(answer);
    follow(answer.id);
  }
  refreshTotals();
}

function follow(id) {
  followed.set(id, 0);
  if (!following) {
    following = true;
    setTimeout(look, SOON);
  }
}

/** Short polling: a state lasts some milliseconds, and the history has those that were missed. */
async function look() {
  const ids = [...followed.keys()].slice(0, 50);
  try {
    const { assets } = await get(`/api/assets?ids=${ids.join(',')}`);
    const there = new Map(assets.map((asset) => [asset.id, asset]));
    ids.forEach((id) => seen(id, there.get(id)));
    noTrouble();
  } catch (problem) {
    ids.forEach((id) => followed.set(id, SOON_ROUNDS));
    trouble(problem);
  }
  following = followed.size > 0;
  if (following) {
    setTimeout(look, Math.min(...followed.values()) < SOON_ROUNDS ? SOON : LATER);
  }
}

function seen(id, asset) {
  if (!asset) {
    followed.delete(id);
    return;
  }
  followed.set(id, followed.get(id) + 1);
  cards.get(id).show(asset);
  if (isInspected(asset)) {
    followed.delete(id);
    say(`${asset.name || 'Upload'}: ${asset.state.toLowerCase().replace('_', ' ')}`);
    refreshTotals();
  }
}

/**
 * A variant was made, or not: the asset may be in another state. What was shown a moment ago may be
 * on its way to the store still: until its recipe is among those that are kept, there is more to see.
 */
async function changed(id, recipe) {
  for (let round = 0; round < ALL_ROUNDS; round++) {
    try {
      const asset = await get(`/api/assets/${id}`);
      cards.get(id).show(asset);
      // Its variants were read after its state, which may be older.
      if (!recipe || (asset.state === 'VARIANTS_READY' && asset.variants.some((variant) => variant.recipe === recipe))) {
        break;
      }
    } catch (problem) {
      trouble(problem);
      if (!recipe || problem.status === 401 || problem.status === 404) {
        break;
      }
    }
    await new Promise((over) => setTimeout(over, round < SOON_ROUNDS ? SOON : LATER));
  }
  refreshTotals();
}

async function refreshTotals() {
  try {
    await refreshOrThrow();
  } catch (problem) {
    trouble(problem);
  }
}

async function loadKept() {
  const after = next === null ? '' : `?after=${encodeURIComponent(next)}`;
  const page = await get(`/api/assets${after}`);
  next = page.next ?? null;
  byId('more').hidden = next === null;
  byId('kept-order').textContent = order(page.order);
  for (const asset of page.assets) {
    if (!cards.has(asset.id)) {
      const card = new Card(asset.name || asset.id.slice(0, 12), changed);
      cards.set(asset.id, card);
      card.show(asset);
      byId('kept').append(card.element);
      byId('kept-section').hidden = false;
      if (!isInspected(asset)) {
        follow(asset.id);
      }
    }
  }
}

async function begin() {
  tell('token-problem', '');
  try {
    await refreshOrThrow();
    await loadKept();
  } catch (problem) {
    trouble(problem);
  }
}

async function refreshOrThrow() {
  const sums = await get('/api/totals');
  uploads.maxBytes = sums.maxUploadBytes;
  totals(sums, byId);
  noTrouble();
}

byId('files').addEventListener('change', (event) => {
  uploads.add([...event.target.files]);
  event.target.value = '';
});
byId('more').addEventListener('click', () => loadKept().catch(trouble));
byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  useToken(byId('token').value);
  byId('token').value = '';
  begin();
});
addEventListener('paste', (event) => {
  if (event.clipboardData && event.clipboardData.files.length > 0) {
    uploads.add([...event.clipboardData.files]);
  }
});
addEventListener('dragover', (event) => {
  event.preventDefault();
  byId('drop').classList.add('over');
});
addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) {
    byId('drop').classList.remove('over');
  }
});
addEventListener('drop', (event) => {
  event.preventDefault();
  byId('drop').classList.remove('over');
  uploads.add([...event.dataTransfer.files]);
});

takeToken();
begin();
