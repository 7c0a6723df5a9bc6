// Files by drag, paste or camera; what a photo knows of time and place; too large is said before anything is sent.

import { keyOf } from "./drafts.js";
import { readPhoto } from "./exif.js";
import { dropFiles, filesOf, putFiles } from "./filebox.js";

const MB = 1_000_000;
const THUMB_UP_TO = 20 * MB;
const PICTURE = /\.(jpe?g|png|gif|webp|heic)$/i;

export function takeFiles() {
  const places = [...document.querySelectorAll("[data-drop]")];
  for (const place of places) watch(place);
  if (places.length) document.addEventListener("paste", (event) => pasted(event, places[0]));
  offerPosition();
}

function watch(place) {
  const input = place.querySelector("input[type=file]");
  const form = input.form;
  const key = form.dataset.keep ? keyOf(form) : "";
  const said = document.createElement("div");
  said.className = "chosen";
  said.setAttribute("role", "status");
  place.append(said);
  if (window.matchMedia("(pointer: coarse)").matches) place.append(camera(input));
  else place.append(hint());

  input.addEventListener("change", async () => {
    const files = within(form, input, said);
    await shown(said, files);
    if (files.length) await told(form, files);
    if (key) await (files.length ? putFiles(key, files) : dropFiles(key));
  });
  for (const name of ["dragenter", "dragover"]) place.addEventListener(name, (event) => over(event, place));
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    give(input, event.dataTransfer.files);
  });
  form.addEventListener("duban:forgotten", () => give(input, []));
  if (key && !form.querySelector("[name=staged]")) {
    filesOf(key).then((files) => {
      if (files.length && !input.files.length) give(input, files);
    });
  }
}

function over(event, place) {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  place.classList.add("over");
}

function give(input, files) {
  const carried = new DataTransfer();
  for (const file of [...files].slice(0, input.multiple ? undefined : 1)) carried.items.add(file);
  input.files = carried.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function pasted(event, place) {
  const files = [...(event.clipboardData?.files || [])];
  if (!files.length) return;
  event.preventDefault();
  const input = place.querySelector("input[type=file]");
  const named = files.map((file) => new File([file], file.name === "image.png" ? `粘贴 ${stamp(new Date())}.png` : file.name, { type: file.type, lastModified: file.lastModified }));
  give(input, input.multiple ? [...input.files, ...named] : named);
}

function camera(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-line";
  button.textContent = "拍照";
  button.addEventListener("click", () => {
    const accepted = input.accept;
    input.setAttribute("capture", "environment");
    input.accept = "image/*";
    input.click();
    input.removeAttribute("capture");
    input.accept = accepted;
  });
  return button;
}

function hint() {
  const said = document.createElement("p");
  said.className = "hint";
  said.textContent = "也可以把文件拖到这里，或者截图以后直接粘贴。";
  return said;
}

/** The files that are not too large; those that are, are said and taken out. */
function within(form, input, said) {
  const most = Number(form.dataset.mostMb || 0);
  const files = [...input.files];
  const large = most ? files.filter((file) => file.size > most * MB) : [];
  const field = input.closest(".field");
  field?.querySelector(".msg-large")?.remove();
  if (!large.length) return files;
  input.value = "";
  const wrong = document.createElement("p");
  wrong.className = "msg msg-large";
  wrong.setAttribute("role", "alert");
  const names = large.map((file) => `${file.name} 有 ${Math.round(file.size / MB)} MB`).join("，");
  wrong.textContent = `${names}，超过 ${most} MB，没有选上；压缩、分卷或截取要紧部分后再选。`;
  said.before(wrong);
  return [];
}

async function shown(said, files) {
  said.replaceChildren();
  for (const file of files) {
    const line = document.createElement("p");
    const small = await thumbnail(file);
    if (small) line.append(small);
    const words = document.createElement("span");
    words.textContent = `${file.name}，${sized(file.size)}${await lies(file)}`;
    line.append(words);
    said.append(line);
  }
}

async function thumbnail(file) {
  if (!file.type.startsWith("image/") || file.size > THUMB_UP_TO || !window.createImageBitmap) return null;
  try {
    const whole = await createImageBitmap(file);
    const canvas = document.createElement("canvas");
    const scale = Math.min(1, 144 / Math.max(whole.width, whole.height));
    canvas.width = Math.max(1, Math.round(whole.width * scale));
    canvas.height = Math.max(1, Math.round(whole.height * scale));
    canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
    canvas.className = "thumb-small";
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  } catch {
    return null;
  }
}

/** What is called a picture and holds none is said now, for it will be said of it for ever. */
async function lies(file) {
  if (!PICTURE.test(file.name)) return "";
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  const picture = (head[0] === 0xff && head[1] === 0xd8) || text.startsWith("\x89PNG") || text.startsWith("GIF8") || text.slice(8, 12) === "WEBP" || text.slice(4, 8) === "ftyp";
  return picture ? "" : "。名字像图片，内容不是图片，交上去会照实注明";
}

async function told(form, files) {
  const { taken, place } = await readPhoto(files[0]);
  fill(form.elements.taken_at, taken);
  if (place) fill(form.elements.place, position(place.lat, place.lon));
}

function fill(field, value) {
  if (!field || field.value || !value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function position(lat, lon, within) {
  const said = `${lat < 0 ? "南纬" : "北纬"} ${Math.abs(lat).toFixed(5)}，${lon < 0 ? "西经" : "东经"} ${Math.abs(lon).toFixed(5)}`;
  return within ? `${said}（误差 ${Math.round(within)} 米）` : said;
}

/** Beside a place: where one stands, if one wishes to say so. */
function offerPosition() {
  if (!navigator.geolocation || !window.isSecureContext) return;
  for (const field of document.querySelectorAll("form[data-keep] input[name=place]")) {
    if (!field.form.querySelector("[data-drop]")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-line mt-2";
    button.textContent = "填上现在的位置";
    const said = document.createElement("span");
    said.className = "small quiet";
    said.setAttribute("role", "status");
    button.addEventListener("click", () => {
      said.textContent = "　正在定位";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          field.value = [field.value, position(coords.latitude, coords.longitude, coords.accuracy)].filter(Boolean).join(" ");
          field.dispatchEvent(new Event("input", { bubbles: true }));
          said.textContent = "";
        },
        () => {
          said.textContent = "　没有定到位，写地名也行";
        },
        { enableHighAccuracy: true, timeout: 15000 },
      );
    });
    field.after(button, said);
  }
}

const sized = (bytes) => (bytes >= MB ? `${(bytes / MB).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1000))} KB`);
const two = (number) => String(number).padStart(2, "0");
const stamp = (at) => `${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}${two(at.getMinutes())}`;
