// A queue of files on their way, some at a time, so that many do not crowd each other out.

import { upload } from './api.js';
import { bytes, sentence } from './words.js';

const AT_ONCE = 3;

export class Uploads {
  /** taken(file) gives a card for it; done(card, answer) or refused(problem) hears what came of it. */
  constructor(taken, done, refused) {
    this.taken = taken;
    this.done = done;
    this.refused = refused;
    this.waiting = [];
    this.running = 0;
    this.maxBytes = Infinity;
  }

  add(files) {
    for (const file of files) {
      this.waiting.push({ file, card: this.taken(file) });
    }
    this.next();
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length > 0) {
      const { file, card } = this.waiting.shift();
      this.running++;
      this.send(file, card).finally(() => {
        this.running--;
        this.next();
      });
    }
  }

  async send(file, card) {
    if (file.size === 0) {
      card.fail('It is empty, or a folder.');
    } else if (file.size > this.maxBytes) {
      card.fail(`It is too large: ${bytes(file.size)}, where ${bytes(this.maxBytes)} are allowed.`);
    } else {
      try {
        this.done(card, await upload(file, (part) => card.progress(part)));
      } catch (problem) {
        card.fail(sentence(problem.message));
        this.refused(problem);
      }
    }
  }
}
