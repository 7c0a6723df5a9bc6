// What a camera wrote into a photo: when it was taken, and where.

const LOOKED_AT = 256 * 1024;
const TAGS = { exif: 0x8769, gps: 0x8825, taken: 0x9003, latRef: 1, lat: 2, lonRef: 3, lon: 4 };
const SIZES = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

/** {taken: "2025-06-25T10:42" or "", place: {lat, lon} or null}; both empty for what is no such photo. */
export async function readPhoto(file) {
  const nothing = { taken: "", place: null };
  try {
    const view = new DataView(await file.slice(0, LOOKED_AT).arrayBuffer());
    const start = tiffStart(view);
    return start ? told(view, start) : nothing;
  } catch {
    return nothing;
  }
}

function tiffStart(view) {
  if (view.getUint16(0) !== 0xffd8) return 0;
  let at = 2;
  while (at + 10 < view.byteLength) {
    const mark = view.getUint16(at);
    if (mark === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
    if ((mark & 0xff00) !== 0xff00 || mark === 0xffda) return 0;
    at += 2 + view.getUint16(at + 2);
  }
  return 0;
}

function told(view, start) {
  const little = view.getUint16(start) === 0x4949;
  const read = { view, start, little };
  const first = directory(read, view.getUint32(start + 4, little));
  const exif = first.has(TAGS.exif) ? directory(read, numbers(read, first.get(TAGS.exif))[0]) : new Map();
  const gps = first.has(TAGS.gps) ? directory(read, numbers(read, first.get(TAGS.gps))[0]) : new Map();
  return { taken: moment(exif.has(TAGS.taken) ? text(read, exif.get(TAGS.taken)) : ""), place: place(read, gps) };
}

function directory({ view, start, little }, offset) {
  const found = new Map();
  const count = view.getUint16(start + offset, little);
  for (let index = 0; index < count; index += 1) {
    const at = start + offset + 2 + index * 12;
    const type = view.getUint16(at + 2, little);
    const size = (SIZES[type] || 1) * view.getUint32(at + 4, little);
    const value = size > 4 ? start + view.getUint32(at + 8, little) : at + 8;
    found.set(view.getUint16(at, little), { type, count: view.getUint32(at + 4, little), value });
  }
  return found;
}

function numbers({ view, little }, { type, count, value }) {
  const one = (at) => {
    if (type === 3) return view.getUint16(at, little);
    if (type === 5) return view.getUint32(at, little) / (view.getUint32(at + 4, little) || 1);
    return view.getUint32(at, little);
  };
  return Array.from({ length: count }, (_, index) => one(value + index * (SIZES[type] || 4)));
}

function text({ view }, { count, value }) {
  let said = "";
  for (let index = 0; index < count; index += 1) said += String.fromCharCode(view.getUint8(value + index));
  return said.split("\0")[0];
}

function moment(said) {
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d)/.exec(said);
  return parts && parts[1] !== "0000" ? `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}` : "";
}

function place(read, gps) {
  if (!gps.has(TAGS.lat) || !gps.has(TAGS.lon)) return null;
  const degrees = (tag, ref, negative) => {
    const [d, m, s] = numbers(read, gps.get(tag));
    const sign = gps.has(ref) && text(read, gps.get(ref)) === negative ? -1 : 1;
    return sign * (d + m / 60 + s / 3600);
  };
  const found = { lat: degrees(TAGS.lat, TAGS.latRef, "S"), lon: degrees(TAGS.lon, TAGS.lonRef, "W") };
  return Number.isFinite(found.lat) && Number.isFinite(found.lon) && (found.lat || found.lon) ? found : null;
}
