// A calendar beside a day written in words.

export function offerCalendars() {
  for (const place of document.querySelectorAll("[data-calendar]")) {
    const typed = place.querySelector("input");
    const picked = document.createElement("input");
    picked.type = "date";
    picked.className = "form-control pick-day";
    picked.setAttribute("aria-label", `从日历上选：${nameOf(typed)}`);
    picked.addEventListener("change", () => {
      if (!picked.value) return;
      typed.value = picked.value;
      typed.dispatchEvent(new Event("input", { bubbles: true }));
    });
    place.append(picked);
  }
}

function nameOf(field) {
  const label = document.querySelector(`label[for="${field.id}"]`);
  return label ? label.firstChild.textContent.trim() : "日期";
}
