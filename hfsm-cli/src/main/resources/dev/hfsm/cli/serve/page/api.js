// Talks with the server. The token comes behind a # in the address, which no server is told of.

const KEPT = 'hfsm-token';

export class Problem extends Error {
  constructor(status, title, retryAfter = 0) {
    super(title);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export function takeToken() {
  const found = /^#token=(.+)$/.exec(location.hash);
  if (found) {
    useToken(decodeURIComponent(found[1]));
    history.replaceState(null, '', location.pathname);
  }
}

export function useToken(token) {
  sessionStorage.setItem(KEPT, token.trim());
}

export function hasToken() {
  return sessionStorage.getItem(KEPT) !== null;
}

function authorization() {
  const token = sessionStorage.getItem(KEPT);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

function title(text, status) {
  try {
    return JSON.parse(text).title || `The server answered ${status}`;
  } catch {
    return `The server answered ${status}`;
  }
}

async function request(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Problem(0, 'The server does not answer');
  }
}

async function checked(response) {
  if (!response.ok) {
    const after = Number(response.headers.get('Retry-After')) || 0;
    throw new Problem(response.status, title(await response.text(), response.status), after);
  }
  return response;
}

export async function get(path) {
  const response = await request(path, { headers: authorization(), cache: 'no-store' });
  return (await checked(response)).json();
}

/** Sends a file as it is; told(part) hears of its progress, from 0 to 1. */
export function upload(file, told) {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open('POST', '/api/assets');
    for (const [name, value] of Object.entries(authorization())) {
      sending.setRequestHeader(name, value);
    }
    sending.setRequestHeader('Content-Type', 'application/octet-stream');
    sending.setRequestHeader('X-File-Name', encodeURIComponent(file.name.slice(0, 300).toWellFormed()));
    sending.upload.onprogress = (event) => told(event.loaded / file.size);
    sending.onerror = () => reject(new Problem(0, 'The upload broke off'));
    sending.onload = () => {
      if (sending.status === 200 || sending.status === 201) {
        resolve(JSON.parse(sending.responseText));
      } else {
        reject(new Problem(sending.status, title(sending.responseText, sending.status)));
      }
    };
    sending.send(file);
  });
}

/** "ledger;dur=1.5, store;dur=0.2" as milliseconds by name. */
export function timing(header) {
  const found = {};
  for (const entry of (header || '').split(',')) {
    const [name, ...parameters] = entry.trim().split(';');
    const duration = parameters.map((p) => /^\s*dur=([0-9.]+)$/.exec(p)).find(Boolean);
    if (duration) {
      found[name] = (found[name] || 0) + Number(duration[1]);
    }
  }
  return found;
}

/** Milliseconds that making a variant took; null if it was there. */
function made(times) {
  return 'transform' in times ? (times.decode || 0) + times.transform + (times.encode || 0) : null;
}

/**
 * Asks for bytes by a signed URL, past the browser's own cache, and says how long the server took:
 * of that, "made" is what making it took, decoding and encoding included. Beyond a bound it may be
 * given another variant, which stands in for it.
 */
export async function picture(url) {
  for (let attempt = 1; ; attempt++) {
    const begin = performance.now();
    const response = await request(url, { cache: 'no-store' });
    const waited = performance.now() - begin;
    try {
      await checked(response);
    } catch (problem) {
      if (problem.status !== 503 || attempt === 5) {
        throw problem;
      }
      await new Promise((resume) => setTimeout(resume, Math.max(1, problem.retryAfter) * 1000));
      continue;
    }
    const times = timing(response.headers.get('Server-Timing'));
    const parts = Object.values(times);
    const server = parts.length > 0 ? parts.reduce((sum, part) => sum + part, 0) : waited;
    const standIn = response.headers.get('HFSM-Stand-In') === '?1';
    return { blob: await response.blob(), server, made: made(times), standIn };
  }
}
