// Does what dev.hfsm.benchmarks.SharpPeer asks for, one request a line on standard input:
//
//   file <tab> format <tab> quality <tab> width,width,... [<tab> folder for the results]
//
// and answers each with a line: nanoseconds <tab> bytes,bytes,... <tab> microseconds of all its threads
// The file is in memory before the clock starts, as the recipes ask for one picture per width, one after the other.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import sharp from 'sharp';

sharp.concurrency(1);
sharp.cache(false);

const files = new Map();

function content(file) {
  if (!files.has(file)) {
    files.set(file, readFileSync(file));
  }
  return files.get(file);
}

async function made(source, format, quality, width) {
  const resized = sharp(source).rotate().resize({ width });
  const options = format === 'png' ? {} : { quality };
  return resized.toFormat(format, options).toBuffer();
}

console.log(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, Node.js ${process.version}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [file, format, quality, widths, folder] = line.split('\t');
  const source = content(file);
  const results = [];
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  for (const width of widths.split(',')) {
    results.push(await made(source, format, Number(quality), Number(width)));
  }
  const nanos = process.hrtime.bigint() - begin;
  const used = process.cpuUsage(cpu);
  if (folder) {
    widths.split(',').forEach((width, i) => writeFileSync(join(folder, `sharp-${width}.${format}`), results[i]));
  }
  console.log(`${nanos}\t${results.map((r) => r.length).join(',')}\t${used.user + used.system}`);
}
