#!/usr/bin/python3
# test-slow: METER
"""The page in Chromium, at three widths, light and dark, full, empty and with
hostile names: no console message, no request, no overflow, nothing run, and its
text holds the totals of `usage --json` and `variance daily --json`.  axe-core
finds no fault in it, nor html-validate in its text.

`page_browser.py METER FOLDER` leaves screenshots there, to be looked at."""

import base64
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

import page_read
import page_world

METER = os.path.abspath(sys.argv[1])
SHOTS = sys.argv[2] if len(sys.argv) > 2 else None
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
MODULES = os.path.join(ROOT, "build/npm/node_modules")
WIDTHS = (360, 800, 1600)
THEMES = ("light", "dark")
FLAGS = ("--headless --no-sandbox --disable-gpu --disable-quic "
         "--no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync --hide-scrollbars "
         "--disable-dev-shm-usage").split()
STATE = """return {width: document.scrollingElement.scrollWidth,
    room: innerWidth, ran: window.ran === undefined ? null : window.ran,
    text: document.body.textContent,
    low: [...document.querySelectorAll('main *')].filter(e => {
        const box = e.getBoundingClientRect();
        return box.right > innerWidth + 1 &&
            !e.closest('.scroll,svg,details');
    }).map(e => e.outerHTML.slice(0, 200)),
    hidden: [...document.querySelectorAll('.scroll')].filter(e =>
        !e.closest('details') && e.scrollWidth > e.clientWidth + 1
    ).map(e => e.textContent.slice(0, 100)),
    spilt: [...document.querySelectorAll('.grid .f')].filter(e => {
        const text = e.getBoundingClientRect();
        const cell = e.parentNode.querySelector('rect')
            .getBoundingClientRect();
        return text.left < cell.left - 1 || text.right > cell.right + 1;
    }).map(e => e.textContent)}"""
AXE = """const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(
    r => done(r.violations.map(v => [v.id, v.help,
        v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) +
            ' ' + n.failureSummary)])),
    e => done([['failed', String(e), []]]));"""


class Server(http.server.ThreadingHTTPServer):
    """Gives the pages, and remembers what was asked for."""

    daemon_threads = True

    def __init__(self, folder):
        self.asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(handler, *arguments):
                super().__init__(*arguments, directory=folder)

            def end_headers(handler):
                handler.send_header("Cache-Control", "no-store")
                super().end_headers()

            def log_message(handler, *_):
                self.asked.append(handler.path)

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def browser(scratch):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS + ["--user-data-dir=" + os.path.join(scratch, "user")]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs",
                           {"browser": "ALL", "performance": "ALL"})
    os.environ["HOME"] = scratch
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"),
                            options=options)


def show(driver, url, width, theme):
    """Open the page; return what can be told of it."""
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": theme}]})
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1,
        "mobile": False})
    for log in ("browser", "performance"):
        driver.get_log(log)
    driver.get(url)
    state = driver.execute_script(STATE)
    state["console"] = driver.get_log("browser")
    events = [json.loads(entry["message"])["message"]
              for entry in driver.get_log("performance")]
    state["requests"] = [
        event["params"]["request"]["url"] for event in events
        if event["method"] == "Network.requestWillBeSent"]
    return state


def shoot(driver, name):
    size = driver.execute_script(
        "return [innerWidth, document.scrollingElement.scrollHeight]")
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {
        "captureBeyondViewport": True,
        "clip": {"x": 0, "y": 0, "width": size[0], "height": size[1],
                 "scale": 1}})
    with open(os.path.join(SHOTS, name + ".png"), "wb") as out:
        out.write(base64.b64decode(shot["data"]))


def totals(folder):
    """What the page's text must hold."""
    usage = json.loads(page_world.run(METER, folder, "usage",
                                      "--json").stdout, parse_float=str)
    total = usage["total"]
    wanted = [page_read.grouped(total["total_tokens"]),
              page_read.grouped(total["calls"]),
              page_read.money(total["cost_usd"]),
              page_read.money(total["cost_usd_known"]),
              page_read.money(total["cost_usd_estimated"])]
    daily = json.loads(page_world.run(
        METER, folder, "variance", "daily", "2026-11-21", "--days", "14",
        "--json").stdout)
    used = {}
    for row in daily["rows"]:
        if row["allocated_tokens"] is not None:
            key = row["scope"], row["id"]
            before = used.get(key, (0, 0))
            used[key] = (before[0] + row["actual_tokens"],
                         before[1] + row["allocated_tokens"])
    charted = sorted(used.values(), key=lambda pair: -pair[0] / pair[1])
    wanted += [f"{actual:,} used of {allocated:,} tokens"
               for actual, allocated in charted[:6]]
    alerts = sum(bool(row["alerts"]) for row in daily["rows"])
    return wanted + [f"{alerts} in the 14 days to 2026-11-21"]


def check_state(name, url, state, wanted):
    assert state["width"] <= state["room"], (name, "overflows", state["width"])
    assert not state["low"], (name, "stand out", state["low"][:3])
    assert not state["hidden"], (name, "out of sight", state["hidden"][:3])
    assert not state["spilt"], (name, "beyond a cell", state["spilt"][:3])
    assert state["ran"] is None, (name, "ran", state["ran"])
    assert not state["console"], (name, state["console"])
    assert state["requests"] == [url], (name, state["requests"])
    for text in wanted:
        assert text in state["text"], (name, text)


def check_axe(driver, name, source):
    driver.execute_script(source)
    found = driver.execute_async_script(AXE)
    assert not found, (name, json.dumps(found, indent=1))


def check_world(driver, server, name, wanted, axe):
    url = f"http://127.0.0.1:{server.server_port}/{name}/reports/budget.html"
    for width in WIDTHS:
        for theme in THEMES:
            label = f"{name}-{width}-{theme}"
            del server.asked[:]
            state = show(driver, url, width, theme)
            check_state(label, url, state, wanted)
            assert server.asked == [f"/{name}/reports/budget.html"], \
                server.asked
            if SHOTS:
                shoot(driver, label)
            if (width, theme) not in ((360, "dark"), (800, "light")):
                check_axe(driver, label, axe)


def validate(paths):
    done = subprocess.run(
        ["node", os.path.join(MODULES, "html-validate/bin/html-validate.mjs"),
         "--config", os.path.join(ROOT, "tests/npm/htmlvalidate.json"), *paths],
        capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def main():
    subprocess.run(["sh", "tests/npm.sh"], cwd=ROOT, check=True)
    with open(os.path.join(MODULES, "axe-core/axe.min.js")) as file:
        axe = file.read()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        paths, wanted = [], {}
        for name, make in page_world.WORLDS.items():
            folder = os.path.join(scratch, name)
            make(METER, folder)
            page_world.run(METER, folder, "report", "html")
            paths.append(os.path.join(folder, "reports/budget.html"))
            wanted[name] = totals(folder) if name != "empty" else [
                "Nothing is recorded yet", "meter record run run.json"]
        validate(paths)
        server = Server(scratch)
        driver = browser(scratch)
        try:
            for name in page_world.WORLDS:
                check_world(driver, server, name, wanted[name], axe)
        finally:
            driver.quit()
            server.shutdown()


main()
