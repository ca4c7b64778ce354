// How numbers and names are written.

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

export function bytes(count) {
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${count} B` : `${value.toFixed(value < 9.95 ? 1 : 0)} ${UNITS[unit]}`;
}

export function time(millis) {
  if (millis === 0) {
    return '0 ms';
  }
  if (millis < 10) {
    return `${millis.toFixed(millis < 1 ? 2 : 1)} ms`;
  }
  if (millis < 1000) {
    return `${Math.round(millis)} ms`;
  }
  return millis < 120000 ? `${(millis / 1000).toFixed(1)} s` : `${Math.round(millis / 60000)} min`;
}

/** Seconds, as somebody would say them who asks to come back. */
export function soon(seconds) {
  const whole = Math.max(1, Math.ceil(seconds));
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}

export function sentence(text) {
  const end = /[.!?]$/.test(text) ? '' : '.';
  return text.charAt(0).toUpperCase() + text.slice(1) + end;
}

export function count(number, what) {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}

export function percent(part, whole) {
  const share = (100 * part) / whole;
  return share > 0 && share < 1 ? 'less than 1 %' : `${Math.round(share)} %`;
}

/** In which order the server lists what it keeps. */
export function order(name) {
  return name === 'newest' ? 'Newest first.'
    : 'There is too much to sort: first what was uploaded since the server began, newest first, then all else in order of digest.';
}

export function when(instant) {
  return new Date(instant).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

export function kind(mediaType) {
  const names = { 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/webp': 'WebP', 'image/gif': 'GIF' };
  return names[mediaType] || mediaType || 'unknown type';
}

/** An element with text and children; text is never markup. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) {
      made[name] = value;
    } else {
      made.setAttribute(name, value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const said = document.getElementById('said');

/** Tells those who cannot see it. */
export function say(text) {
  said.textContent = text;
}
