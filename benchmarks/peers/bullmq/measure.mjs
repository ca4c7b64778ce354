// BullMQ with empty jobs: node measure.mjs <port> <seconds> <jobs a second for the pick-up>
// Prints "add <per second>", "process <per second>", "pickup <p50 us> <p99 us>". Jobs are removed when they are done.
import { Queue, Worker } from 'bullmq';

const [port, seconds, rate] = process.argv.slice(2).map(Number);
const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
const CONCURRENT = 50;
const OPTIONS = { removeOnComplete: true, removeOnFail: true };
const queue = new Queue('peer', { connection });
await queue.waitUntilReady();
await queue.obliterate({ force: true });

async function adding() {
  let added = 0;
  const start = performance.now();
  const until = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: CONCURRENT }, async () => {
      while (performance.now() < until) {
        await queue.add('empty', {}, OPTIONS);
        added++;
      }
    }),
  );
  return { added, perSecond: added / ((performance.now() - start) / 1000) };
}

async function processing(jobs) {
  let done = 0;
  let start;
  let finished;
  const all = new Promise((resolve) => (finished = resolve));
  const worker = new Worker(
    'peer',
    async () => {
      start ??= performance.now();
      if (++done === jobs) {
        finished();
      }
    },
    { connection, concurrency: CONCURRENT },
  );
  await all;
  const perSecond = jobs / ((performance.now() - start) / 1000);
  await worker.close();
  return perSecond;
}

async function pickingUp(jobs) {
  const acknowledged = [];
  const begun = [];
  let finished;
  const all = new Promise((resolve) => (finished = resolve));
  const worker = new Worker(
    'peer',
    async (job) => {
      begun[job.data.n] = performance.now();
      if (job.data.n === jobs - 1) {
        finished();
      }
    },
    { connection, concurrency: CONCURRENT },
  );
  await worker.waitUntilReady();
  const start = performance.now();
  for (let n = 0; n < jobs; n++) {
    const wait = start + (n * 1000) / rate - performance.now();
    if (wait > 0) {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    await queue.add('empty', { n }, OPTIONS);
    acknowledged[n] = performance.now();
  }
  await all;
  await worker.close();
  const micros = begun.map((at, n) => Math.max(0, at - acknowledged[n]) * 1000).sort((a, b) => a - b);
  return [micros[Math.floor(jobs / 2)], micros[Math.floor((jobs * 99) / 100)]];
}

const { added, perSecond } = await adding();
console.log(`add ${perSecond.toFixed(0)}`);
console.log(`process ${(await processing(added)).toFixed(0)}`);
if (rate > 0) {
  console.log(`pickup ${(await pickingUp(rate * Math.ceil(seconds))).map((us) => us.toFixed(0)).join(' ')}`);
}
await queue.obliterate({ force: true });
await queue.close();
process.exit(0);
