"""Takes the pictures of the docs from the real site: `python tests/site/pictures.py [SITE]`.

The site is that of the last `./mesh run`. Each picture is a webp file of at most 150 kB.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from browser import Browser
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LIMIT = 150_000
QUALITY = 80
"""Of the compression, in percent."""
PATIENT_360 = "products/analytics/patient_360/v1.html"


@dataclass(frozen=True)
class Picture:
    """What is shown: ``page`` of the site in a window of that size; ``column`` is followed."""

    name: str
    page: str
    width: int
    height: int
    scheme: str = "light"
    column: str = ""


PICTURES = (
    Picture("site-home", "index.html", 1200, 900),
    Picture("site-lineage", f"{PATIENT_360}#lineage", 1200, 820, "dark", "charge_amount"),
    Picture("site-phone", "products/fintech/claims/v1.html", 390, 844),
)


def take(browser: Browser, site: Path, picture: Picture) -> bytes:
    """The picture as webp."""
    browser.reset()
    browser.size(picture.width, picture.height)
    browser.scheme(picture.scheme)
    browser.command("Emulation.setScrollbarsHidden", hidden=True)
    browser.driver.get(f"{site.as_uri()}/{picture.page}")
    if picture.column:
        chosen = Select(browser.driver.find_element(By.ID, "trace"))
        chosen.select_by_visible_text(picture.column)
        browser.run("document.activeElement.blur()")
    shot = browser.command("Page.captureScreenshot", format="webp", quality=QUALITY)
    return base64.b64decode(shot["data"])


def main() -> None:
    """Write the pictures into the docs."""
    site = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "site"
    stamp = (site / "release.txt").read_text()
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(Path(profile))
        try:
            for picture in PICTURES:
                data = take(browser, site, picture)
                if len(data) > LIMIT:
                    sys.exit(f"{picture.name}: {len(data)} bytes, expected at most {LIMIT}")
                (DOCS / f"{picture.name}.webp").write_bytes(data)
                print(f"{picture.name}: {len(data)} bytes, of {stamp.split()[0]}")  # noqa: T201
        finally:
            browser.driver.quit()


if __name__ == "__main__":
    main()
