"""``make guide``: takes the pictures of the user guide anew, in the made-up county on one fixed afternoon.

Beside each picture lies the text of the page it was taken from; a test compares it with the page of today.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.request import Request, urlopen

import uvicorn
from playwright.sync_api import Page, sync_playwright

from events.vocabulary import BEIJING, UserName
from service.app import make_app
from service.demo.casting import Size
from service.demo.making import make_or_find, settings_of
from service.guide import FOLDER, PICTURES
from service.identity import COOKIE
from service.runtime import Runtime, open_runtime

AFTERNOON = datetime(2026, 3, 18, 16, 20, tzinfo=BEIJING)
TEXTS = PICTURES / "texts.json"
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 780}
QUALITY = 0.72
_USED = re.compile(r"!\[[^\]]*\]\(pictures/([a-z-]+)\.webp\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: who looks, from which page on, which links are followed, at which size."""

    account: str
    path: str
    follow: tuple[str, ...] = ()
    """Patterns of addresses, each of the first link of the page before that fits."""
    then: str = ""
    """Added to the address found."""
    phone: bool = False
    typed: tuple[str, str] = ("", "")
    """A field by its name, and what is typed in it; the picture is of the part of the page around it."""


MATTER = r"/matters/[0-9a-f]{32}"
SHOTS: Mapping[str, Shot] = {
    "office-desk": Shot(account="jingban", path="/"),
    "office-matter": Shot(account="jingban", path="/overdue", follow=(MATTER,)),
    "office-assign": Shot(
        account="jingban",
        path="/matters?stage=registered",
        follow=(MATTER,),
        then="/assign",
        typed=("time_limit", "15个工作日内"),
    ),
    "unit-desk": Shot(account="shuiwu", path="/"),
    "unit-evidence": Shot(
        account="jingban",
        path="/matters?stage=rectifying",
        follow=(MATTER,),
        then="/attach-evidence",
        phone=True,
    ),
    "verifier-desk": Shot(account="hecha2", path="/", phone=True),
    "verifier-visit": Shot(account="hecha2", path="/", follow=(rf"{MATTER}/visit",), phone=True),
    "leader-desk": Shot(account="lingdao", path="/"),
    "auditor-past": Shot(account="shenji", path="/board?as_of=2026-02-18"),
    "admin-units": Shot(account="admin", path="/units"),
}


def used() -> set[str]:
    """The pictures the guide shows."""
    return {name for page in FOLDER.glob("*.md") for name in _USED.findall(page.read_text(encoding="utf-8"))}


@contextmanager
def county() -> Iterator[Runtime]:
    """The made-up county, small, standing still."""
    with tempfile.TemporaryDirectory(prefix="duban-guide-") as folder:
        var = Path(folder) / "var"
        make_or_find(var, now=AFTERNOON, size=Size.ONE_EACH)
        settings = settings_of(var, 0)
        runtime = open_runtime(replace(settings, clock=replace(settings.clock, follow=False)))
        try:
            yield runtime
        finally:
            runtime.close()


def address_of(shot: Shot, get: Callable[[str], str]) -> str:
    """Where a picture is taken; ``get`` gives a page as its account sees it."""
    path = shot.path
    for pattern in shot.follow:
        found = re.search(f'href="({pattern})["?#]', get(path).partition("<main")[2])
        assert found is not None, f"{path} leads nowhere"
        path = unescape(found[1])
    return path + shot.then


def text_of(page: str) -> str:
    """The words of a page's middle, every number written as 0: what a picture shows, but for days and counts, and for
    the newest letters, which of one moment stand in no order.
    """
    middle = page.partition("<main")[2].partition("</main>")[0]
    middle = re.sub(r"(通知到谁.*?)<ul.*?</ul>", r"\1", middle, count=1, flags=re.DOTALL)
    plain = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", f"<main{middle}", flags=re.DOTALL)
    return re.sub(r"[0-9a-f]{16,}|\d[\d,.:]*", "0", " ".join(unescape(plain).split()))


def session(runtime: Runtime, account: str) -> str:
    """A log-in of an account."""
    return runtime.accounts.log_in(UserName(account), datetime.now(UTC))


@contextmanager
def _served(runtime: Runtime) -> Iterator[str]:
    config = uvicorn.Config(make_app(runtime), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        sys.exit("拍图要用 chromium；Debian 上安装 chromium，再运行 make guide。")
    return found


def _type(page: Page, name: str, value: str) -> None:
    if not name:
        return
    field = page.locator(f'[name="{name}"]')
    field.fill(value)
    page.locator(".limit-words").first.wait_for()
    field.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 300)")


def _take(page: Page, file: Path) -> None:
    """The window as WebP; the browser itself does the packing."""
    raw = base64.b64encode(page.screenshot(animations="disabled")).decode()
    packed = page.context.new_page()
    packed.goto("about:blank")
    url = packed.evaluate(
        """async ([raw, quality]) => {
            const bytes = Uint8Array.from(atob(raw), (one) => one.charCodeAt(0));
            const whole = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
            const canvas = document.createElement("canvas");
            canvas.width = whole.width;
            canvas.height = whole.height;
            canvas.getContext("2d").drawImage(whole, 0, 0);
            return canvas.toDataURL("image/webp", quality);
        }""",
        [raw, QUALITY],
    )
    packed.close()
    file.write_bytes(base64.b64decode(url.partition(",")[2]))


def main() -> int:
    """Takes every picture; gives 0."""
    PICTURES.mkdir(exist_ok=True)
    texts = {}
    with county() as runtime, _served(runtime) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"]
        )
        for name, shot in SHOTS.items():
            secret = session(runtime, shot.account)

            def get(path: str, secret: str = secret) -> str:
                asked = Request(f"{url}{path}", headers={"Cookie": f"{COOKIE}={secret}"})
                with urlopen(asked, timeout=60) as answer:
                    return str(answer.read().decode())

            size = PHONE if shot.phone else DESK
            context = browser.new_context(
                base_url=url,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                viewport={**size},
                has_touch=shot.phone,
                is_mobile=shot.phone,
                reduced_motion="reduce",
            )
            context.add_cookies([{"name": COOKIE, "value": secret, "url": url}])
            path = address_of(shot, get)
            page = context.new_page()
            page.goto(path)
            _type(page, *shot.typed)
            _take(page, PICTURES / f"{name}.webp")
            texts[name] = text_of(get(path))
            context.close()
        browser.close()
    TEXTS.write_text(json.dumps(texts, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for old in PICTURES.glob("*.webp"):
        if old.stem not in SHOTS:
            old.unlink()
    sys.stdout.write(f"{len(texts)} 张图已重拍，在 {PICTURES}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
