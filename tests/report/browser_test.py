#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report page in a real browser: Chromium without a window, driven by Selenium.

usage: FYR=build/dev/fyr browser_test.py [Page.test_name]
       FYR=build/dev/fyr browser_test.py --pictures docs/pictures     (takes those of docs/report.md)
"""
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.actions.action_builder import ActionBuilder
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    webdriver = None

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "models/training"))

from drums import INSTRUMENTS
from safetensors import read_model, write_model

FYR = os.path.abspath(os.environ.get("FYR", ROOT / "build/dev/fyr"))
RECORDING = ROOT / "data/rock_95bpm.flac"
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
SKIPPED = 77  # What CMake is told to read as skipped.


def run_fyr(*arguments, cwd=None):
    return subprocess.run([FYR, *map(str, arguments)], check=True, capture_output=True, text=True,
                          timeout=120, cwd=cwd).stdout


def transcribe(*options):
    return run_fyr("transcribe", RECORDING, "-q", "-o", "-", "-f", "csv", *options)


def open_browser(downloads):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio",
                     "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--autoplay-policy=no-user-gesture-required"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(service=Service(DRIVER), options=options)
    browser.set_script_timeout(60)  # A busy machine.
    return browser


def resize(browser, width, height, scale=1, scheme="light"):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": scheme}]})
    time.sleep(0.4)


def screenshot(element):
    """Height x width x RGB, 0 to 1."""
    import io
    from matplotlib.image import imread
    return imread(io.BytesIO(element.screenshot_as_png))[:, :, :3]


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.shared.cleanup)
        cls.folder = pathlib.Path(cls.shared.name)
        cls.page = cls.folder / "report.html"
        run_fyr("report", RECORDING, "-q", "-o", cls.page)
        cls.browser = open_browser(cls.folder)
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self):
        resize(self.browser, 1280, 900)
        self.addCleanup(self.forget)
        self.browser.get(self.page.as_uri())

    def tearDown(self):
        errors = [entry["message"] for entry in self.browser.get_log("browser")
                  if entry["level"] in ("SEVERE", "WARNING")]
        self.assertEqual(errors, [])

    def forget(self):
        """What the page keeps in the browser, and what was emulated."""
        self.run_script("localStorage.clear()")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})

    def run_script(self, text):
        return self.browser.execute_script(text)

    def wait(self, text, seconds=10):
        """Until the expression is true."""
        end = time.monotonic() + seconds
        while not self.run_script("return " + text):
            self.assertLess(time.monotonic(), end, "never became true: " + text)
            time.sleep(0.05)

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def press(self, *keys):
        self.find("body").send_keys(*keys)

    def count(self, drum):
        lanes = f"state.drums.find((drum) => drum.id === '{drum}')"
        return int(self.run_script(f"return {lanes}.lane.dataset.count"))

    def test_page_needs_nothing_from_elsewhere(self):
        text = re.sub(r'"[A-Za-z0-9+/=]{200,}"', '""', self.page.read_text())
        addresses = set(re.findall(r"https?://[^\"' ]+", text))
        # Names of XML vocabularies look like addresses, but are not followed.
        self.assertLessEqual(addresses, {"http://www.w3.org/2000/svg",
                                         "http://www.w3.org/1999/xlink"})
        self.assertNotRegex(text, r"<(link|script|img|iframe)[^>]*(src|href)=\"(?!data:)")

    def test_browser_lets_nothing_out(self):
        self.assertEqual(self.browser.execute_async_script("""
            const done = arguments[0], picture = new Image();
            picture.onload = picture.onerror = (event) => fetch('data:,x').then(
                () => done('fetched'), () => done(event.type));
            picture.src = 'http://127.0.0.1:9/x.png';"""), "error")
        refused = " ".join(entry["message"] for entry in self.browser.get_log("browser"))
        self.assertRegex(refused, "Loading the image .* Content Security Policy")
        self.assertRegex(refused, "Connecting to .* Content Security Policy")

    def test_page_shows_the_hits_that_fyr_writes(self):
        self.assertEqual(self.run_script("return csvText()"), transcribe())
        self.assertGreater(self.count("kick"), 10)
        self.assertEqual(self.find("h1").text, "rock 95bpm")

    def test_playing_moves_the_cursors(self):
        before = self.find("#cursor").get_attribute("style")
        self.find("#play").click()
        self.wait("element('audio').currentTime > 0.5")
        self.assertNotEqual(self.find("#cursor").get_attribute("style"), before)
        self.wait("document.querySelector('.bar-box.now') && document.querySelector('.score-cursor')")
        self.wait("sound.sources.size > 0")
        self.press(Keys.SPACE)
        self.wait("element('audio').paused && sound.sources.size === 0")
        self.assertEqual(self.find("#play").text, "Play")

    def test_recording_in_the_page_is_in_time(self):
        """The place of its loudest sample, decoded by the browser, against fyr's own WAV."""
        import numpy
        import soundfile
        original, rate_hz = soundfile.read(RECORDING)
        original = original.mean(axis=1) if original.ndim > 1 else original
        at, length = self.browser.execute_async_script(f"""
            const done = arguments[0];
            new OfflineAudioContext(1, 1, {rate_hz}).decodeAudioData(
                bytesOf(data.audio.bytes).buffer).then((sound) => {{
              const samples = sound.getChannelData(0);
              let best = 0;
              samples.forEach((value, k) => {{
                if (Math.abs(value) > Math.abs(samples[best])) best = k;
              }});
              done([best, samples.length]);
            }});""")
        loudest = numpy.abs(original).max()
        near = numpy.abs(original[max(0, at - 50):at + 50]).max()
        self.assertGreater(near, 0.9 * loudest)
        self.assertLess(abs(length - len(original)) / rate_hz, 0.06)

    def test_moving_a_slider_picks_again_as_fyr_does(self):
        before = self.count("snare")
        slider = self.find("input[data-drum=snare]")
        slider.send_keys(*[Keys.ARROW_RIGHT] * 40)
        value = slider.get_attribute("value")
        self.assertLess(self.count("snare"), before)
        self.assertEqual(self.run_script("return csvText()"),
                         transcribe("--threshold", f"snare={value}"))
        self.press("r")
        self.assertEqual(self.count("snare"), before)

    def test_picking_equals_that_of_fyr_for_every_drum(self):
        for threshold in (0.03, 0.07, 0.5):
            self.run_script(f"state.drums.forEach((drum) => setThreshold(drum, {threshold}))")
            self.assertEqual(self.run_script("return csvText()"),
                             transcribe("--threshold", threshold))

    def test_hands_need_as_much_time_as_in_fyr(self):
        """As OneDrummer.NeedsTimeToMakeAnotherSound in C++: the recording has no such hits."""
        def n_possible(one, other, distance_s):
            return self.run_script(f"""
                const hit = (id, time_s) => ({{
                  drum: state.drums.find((drum) => drum.id === id), time_s, confidence: 0.9}});
                return dropImpossible([hit('{one}', 1), hit('{other}', {1 + distance_s})]).length;""")

        for one, other in (("snare", "side_stick"), ("open_hihat", "closed_hihat"),
                           ("ride", "ride_bell")):
            self.assertEqual(n_possible(one, other, 0.044), 1)
            self.assertEqual(n_possible(one, other, 0.046), 2)
        for one, other in (("open_hihat", "pedal_hihat"), ("high_tom", "floor_tom"),
                           ("snare", "kick")):
            self.assertEqual(n_possible(one, other, 0.03), 2)

    def test_pooled_evidence_is_picked_as_fyr_does(self):
        hats = ("closed_hihat", "pedal_hihat", "open_hihat")
        tensors, description = read_model(ROOT / "models/drums.safetensors")
        for hat in hats:
            # So high that most hats need the others' evidence.
            description["peak_picking"][hat] |= {"threshold": 0.6, "presence": 0, "pooled": True}
        model, page = self.folder / "pooled.safetensors", self.folder / "pooled.html"
        write_model(model, tensors, description)
        run_fyr("report", RECORDING, "-q", "-o", page, "--model", model)
        self.browser.get(page.as_uri())
        pooled = transcribe("--model", model)
        self.assertEqual(self.run_script("return csvText()"), pooled)
        # Once set by hand, a threshold is what each hit reaches alone.
        for hat in hats:
            self.run_script(f"setThreshold(state.drums.find((drum) => drum.id === '{hat}'), 0.6)")
        alone = transcribe("--model", model, "--threshold", ",".join(f"{hat}=0.6" for hat in hats))
        self.assertEqual(self.run_script("return csvText()"), alone)
        self.assertGreater(pooled.count("hihat"), alone.count("hihat"))

    def test_page_shows_the_hits_that_are_given(self):
        lines = transcribe().splitlines()
        given = "\n".join([*lines[:9], "1.2345,crash,7,0.0200", *lines[12:]]) + "\n"
        hits, page = self.folder / "given.csv", self.folder / "given.html"
        hits.write_text(given)
        run_fyr("report", RECORDING, "-q", "-o", page, "--hits", hits)
        self.browser.get(page.as_uri())
        self.assertEqual(self.run_script("return csvText()"), transcribe("--hits", hits))
        self.assertEqual(self.run_script("return csvText()").count("\n"), given.count("\n"))
        self.assertTrue(self.find("#given").is_displayed())
        self.press("?")
        self.assertEqual(self.run_script("""return [...document.querySelectorAll('.picking')].filter(
            (part) => part.getClientRects().length > 0).length"""), 0)
        # Lower than any threshold, so the crash is doubtful, and the keys find it.
        self.run_script("seek(1.2)")
        self.press("n")
        self.assertIn("Crash at 0:01.234, velocity 7, confidence 0.02", self.find("#selected").text)
        self.press("r", "x")
        self.assertEqual(self.run_script("return csvText()").count("\n"), given.count("\n") - 1)

    def test_any_title_and_the_options_of_the_score(self):
        page, title = self.folder / "title.html", "<!--<script> it's </script> {{data}} 🥁"
        run_fyr("report", RECORDING, "-q", "-o", page, "--title", title, "--time-signature", "7/8",
                "--pickup", "2")
        self.browser.get(page.as_uri())
        self.assertEqual(self.find("h1").text, title)
        command = self.find("#command").text
        self.assertIn("--hits rock_95bpm.hits.csv --time-signature 7/8 --pickup 2 --title '<!--",
                      command)
        self.assertTrue(command.endswith("-o rock_95bpm.mscx"), command)
        self.find("#speed").send_keys(Keys.ARROW_UP)
        self.press(Keys.SPACE)
        self.wait("!element('audio').paused")

    def test_shown_command_runs_where_the_report_was_made(self):
        songs, here = self.folder / "it's songs", self.folder / "here"
        songs.mkdir()
        here.mkdir()
        shutil.copy(RECORDING, songs / "a b.flac")
        (songs / "beats.csv").write_text(run_fyr("beats", RECORDING))
        run_fyr("report", "../it's songs/a b.flac", "-q", "-o", "page.html", "--beats",
                "../it's songs/beats.csv", "--title=-it's-", cwd=here)
        self.browser.get((here / "page.html").as_uri())
        (here / "a b.hits.csv").write_text(self.run_script("return csvText()"))
        path = f"{pathlib.Path(FYR).parent}:{os.environ['PATH']}"
        done = subprocess.run(self.find("#command").text, shell=True, cwd=here, text=True,
                              env={**os.environ, "PATH": path}, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(">-it's-<", (here / "a b.mscx").read_text())

    def test_instruments_are_those_of_the_training_code(self):
        groups = {}
        for drum in self.run_script("return state.drums.map((d) => [d.order, d.instrument])"):
            groups.setdefault(drum[1], []).append(drum[0])
        self.assertEqual(sorted(map(tuple, groups.values())), sorted(map(tuple, INSTRUMENTS)))

    def test_corrected_hits_can_be_downloaded(self):
        whole = transcribe().splitlines()
        self.run_script("element('margin').value = 0.5;"
                        "element('margin').dispatchEvent(new Event('input'))")
        self.press("n", "n")
        key = self.run_script("return state.selectedKey")
        self.assertIn("confidence", self.find("#selected").text)
        self.press("x", "d")
        self.assertEqual(self.find("#command").text, f"fyr transcribe {RECORDING} --hits "
                         "rock_95bpm.hits.csv -o rock_95bpm.mscx")
        # No line ends within an option.
        self.assertEqual(self.run_script("return [...document.querySelectorAll('#command span')]"
                                         ".filter((s) => s.getClientRects().length > 1).length"), 0)
        target = self.folder / "rock_95bpm.hits.csv"
        end = time.monotonic() + 10
        while not target.exists() and time.monotonic() < end:
            time.sleep(0.05)
        lines = target.read_text().splitlines()
        target.unlink()
        self.assertEqual(len(lines), len(whole) - 1)
        (missing,) = set(whole) - set(lines)
        self.assertEqual(missing.split(",")[1], key.split("@")[0])

    def test_removing_leaves_the_rest_of_the_list_alone(self):
        """Of a long recording it holds thousands of lines."""
        n_lines, n_changed = self.run_script("""
            state.margin = 1;
            showDoubtful();
            const lines = [...element('doubtful').children];
            selectHit(state.hits[5]);
            toggleRemoved();
            return [lines.length,
                    lines.filter((line, k) => element('doubtful').children[k] !== line).length];""")
        self.assertGreater(n_lines, 100)
        self.assertEqual(n_changed, 0)
        struck = ("return [...document.querySelectorAll('#doubtful .removed')]"
                  ".map((button) => button.dataset.key)")
        self.assertEqual(self.run_script(struck), self.run_script("return [...state.removed]"))
        self.press("x")
        self.assertEqual(self.run_script(struck), [])

    def test_doubtful_hits_are_stepped_through_from_the_cursor(self):
        first, last, middle_s = self.run_script("""
            const doubtful = state.hits.filter(isDoubtful);
            return [keyOf(doubtful[0]), keyOf(doubtful.at(-1)),
                    (doubtful[0].time_s + doubtful.at(-1).time_s) / 2];""")
        self.assertNotEqual(first, last)

        def step(cursor_s, direction):
            return self.run_script(f"""
                selectHit(null);
                element('audio').currentTime = {cursor_s};
                stepDoubtful({direction});
                return [state.selectedKey, selectedHit().time_s];""")

        for cursor_s in (0, 1e4):  # Before all and behind them: the list is a ring.
            self.assertEqual(step(cursor_s, 1)[0], first)
            self.assertEqual(step(cursor_s, -1)[0], last)
        self.assertGreaterEqual(step(middle_s, 1)[1], middle_s)
        self.assertLess(step(middle_s, -1)[1], middle_s)

    def test_clicking_selects_a_hit_or_moves_the_cursor(self):
        canvas, x, time_s = self.run_script("""
            const drum = state.drums.find((drum) => drum.id === 'kick');
            const hit = state.hits.find((hit) => hit.drum === drum && hit.time_s > 2);
            return [drum.canvas, xOf(hit.time_s, drum.canvas.clientWidth) -
                                 drum.canvas.clientWidth / 2, hit.time_s];""")
        actions = webdriver.ActionChains(self.browser)
        actions.move_to_element_with_offset(canvas, round(x), 0).click().perform()
        self.assertIn(f"Kick at 0:{math.floor(1000 * time_s) / 1000:06.3f}, ",
                      self.find("#selected").text)
        middle = self.find("#waveform")
        webdriver.ActionChains(self.browser).move_to_element(middle).click().perform()
        now, start, span = self.run_script(
            "return [element('audio').currentTime, state.view.start_s, state.view.span_s]")
        self.assertAlmostEqual(now, start + span / 2, delta=0.1)

    def test_muted_drums_are_not_played(self):
        self.run_script("for (const drum of state.drums) toggleMute(drum)")
        self.find("#play").click()
        self.wait("element('audio').currentTime > 1")
        self.assertEqual(self.run_script("return sound.sources.size"), 0)

    def test_page_fits_a_phone(self):
        resize(self.browser, 390, 844, 2)
        self.browser.refresh()
        self.assertLessEqual(self.run_script("return document.documentElement.scrollWidth"), 390)
        small = self.run_script("""
            return [...document.querySelectorAll('button')].filter((button) =>
                button.offsetParent && button.offsetHeight < 24).map((button) => button.id)""")
        self.assertEqual(small, [])

    def engraved_by_fyr(self):
        """A page made where no MuseScore is installed."""
        page = self.folder / "plain.html"
        if not page.exists():
            subprocess.run([FYR, "report", RECORDING, "-q", "-o", page], check=True, timeout=120,
                           env={**os.environ, "PATH": str(self.folder), "FYR_MUSESCORE": ""})
        self.browser.get(page.as_uri())

    def test_cursor_stands_at_the_notes(self):
        """In MuseScore's engraving where it is installed, and in fyr's own."""
        heads = "[...document.querySelectorAll('.Note, #pages ellipse[transform], #pages .head')]"
        for other in (lambda: None, self.engraved_by_fyr):
            other()
            index, left, right, top, bottom = self.run_script(f"""
                const index = data.bars.findIndex((bar, k) => k > 1 && state.hits.some(
                    (hit) => hit.drum.id === 'kick' && Math.abs(hit.time_s - bar.start_s) < 0.03));
                const box = barBoxes.get(index);
                box.scrollIntoView({{block: 'center'}});
                const area = box.getBoundingClientRect();
                const first = {heads}.map((head) => head.getBoundingClientRect())
                    .filter((head) => head.left >= area.left && head.right <= area.right &&
                                      head.top >= area.top && head.bottom <= area.bottom)
                    .sort((a, b) => a.left - b.left)[0];
                seek(data.bars[index].start_s + 0.001);
                return [index, first.left, first.right, first.top, first.bottom];""")
            cursor = self.run_script("return document.querySelector('.score-cursor')"
                                     ".getBoundingClientRect().left")
            self.assertGreater(cursor, left - 1)
            self.assertLess(cursor, right + 1)
            self.run_script("seek(0)")
            click = ActionBuilder(self.browser)
            click.pointer_action.move_to_location(round((left + right) / 2),
                                                  round((top + bottom) / 2)).click()
            click.perform()
            late_s = self.run_script("return element('audio').currentTime - "
                                     f"data.bars[{index}].start_s")
            self.assertLess(abs(late_s), 0.04)

    def test_cursor_waits_at_the_first_bar(self):
        self.engraved_by_fyr()
        first, shown, x, expected = self.run_script("""
            seek(0.1);
            const [box] = document.querySelectorAll('.bar-box');
            const now = document.querySelector('.bar-box.now');
            return [Number(box.dataset.bar), Number(now.dataset.bar),
                    scoreCursor.x1.baseVal.value, placesOf(box)[0][1]];""")
        self.assertEqual((first, shown), (1, 1))  # Bar 0 is the silence before it, not drawn.
        self.assertAlmostEqual(x, expected, delta=0.1)

    def test_chosen_hit_is_in_sight(self):
        resize(self.browser, 1280, 600)
        for _ in range(6):
            self.press("n")
            top, bottom, bar, row, low = self.run_script("""
                const lane = state.selectedDrum.lane.getBoundingClientRect();
                const row = element('selection').getBoundingClientRect();
                return [lane.top, lane.bottom, element('bar').getBoundingClientRect().bottom,
                        row.top, row.bottom];""")
            self.assertGreaterEqual(top, bar - 1)
            self.assertLessEqual(bottom, row + 1)
            self.assertLessEqual(low, 601)
        self.press(Keys.ESCAPE)
        self.assertIn("None", self.find("#selected").text)

    def test_changes_outlast_the_visit(self):
        untouched = self.run_script("return csvText()")
        self.press("n", "x")
        self.run_script("setThreshold(state.drums[1], 0.6)")
        changed = self.run_script("return csvText()")
        self.assertNotEqual(changed, untouched)
        self.assertFalse(self.find("#restored").is_displayed())
        self.browser.refresh()
        self.assertEqual(self.run_script("return csvText()"), changed)
        self.assertEqual(self.find("input[data-drum=snare]").get_attribute("value"), "0.6")
        self.assertTrue(self.find("#restored").is_displayed())
        self.find("#reset").click()
        self.browser.switch_to.alert.dismiss()
        self.assertEqual(self.run_script("return csvText()"), changed)
        self.find("#reset").click()
        self.browser.switch_to.alert.accept()
        self.assertEqual(self.run_script("return csvText()"), untouched)
        self.assertEqual(self.run_script("return localStorage.length"), 0)
        # Where nothing may be kept, the page works all the same.
        self.run_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
        self.press("n", "x")
        self.assertEqual(self.run_script("return state.removed.size"), 1)

    def test_changes_of_another_recording_are_not_taken(self):
        self.press("n", "x")
        other = self.folder / "other.html"
        run_fyr("report", RECORDING, "-q", "-o", other, "--threshold", "kick=0.4")
        self.browser.get(other.as_uri())
        self.assertEqual(self.run_script("return state.removed.size"), 0)

    def test_screen_readers_hear_what_matters(self):
        for selector, attribute, value in (
                ("#bar", "role", "group"), ("#selected", "role", "status"),
                ("#error", "role", "alert"), (".lane output", "aria-live", "off"),
                (".lane button", "aria-pressed", "false"), ("#overview", "role", "img")):
            self.assertEqual(self.find(selector).get_attribute(attribute), value, selector)
        self.assertEqual(self.run_script("return element('clock').tagName"), "SPAN")
        self.assertEqual(self.run_script("""return [...document.querySelectorAll('canvas')].filter(
            (canvas) => canvas.getAttribute('role') !== 'img' || !canvas.getAttribute('aria-label'))
            .length"""), 0)
        self.run_script("toggleMute(state.drums[0])")
        self.assertEqual(self.find(".lane button").get_attribute("aria-pressed"), "true")
        self.press("n")
        self.assertEqual(self.run_script("""
            const observer = new MutationObserver(() => {});
            observer.observe(element('selected'), {childList: true, subtree: true});
            showSelected();
            return observer.takeRecords().length;"""), 0)

    def test_keyboard_keeps_its_place(self):
        self.run_script("document.querySelectorAll('#doubtful button')[2].focus()")
        self.browser.switch_to.active_element.send_keys(Keys.ENTER)
        self.browser.switch_to.active_element.send_keys("x")
        self.assertEqual(self.run_script("return [document.activeElement.dataset.key]"),
                         self.run_script("return [...state.removed]"))
        self.press(Keys.ESCAPE)
        resize(self.browser, 1280, 500)
        self.run_script("element('reset').focus()")
        for _ in range(40):
            actions = webdriver.ActionChains(self.browser)
            actions.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
            name, top, bar = self.run_script("""
                const now = document.activeElement;
                return [now.outerHTML, element('bar').contains(now) ? Infinity :
                        now.getBoundingClientRect().top,
                        element('bar').getBoundingClientRect().bottom];""")
            if top is not None:  # JSON has no infinity.
                self.assertGreaterEqual(top, bar, name)

    def test_score_on_a_phone_is_large_and_follows(self):
        resize(self.browser, 390, 844, 2)
        self.assertGreater(self.run_script(
            "return document.querySelector('#pages svg').getBoundingClientRect().width"), 700)
        for part in (0, 0.3, 0.5, 0.8):
            x = self.run_script(f"""
                seek({part} * data.duration_s);
                return scoreCursor.getBoundingClientRect().left;""")
            self.assertGreater(x, 0)
            self.assertLess(x, 390)

    def test_no_paper_is_left_below_the_score(self):
        paper, music = self.run_script("""
            const page = element('pages').lastElementChild;
            const music = page.getBBox();
            return [page.viewBox.baseVal.height, music.y + music.height];""")
        self.assertLess(paper, 1.1 * music)
        self.assertGreaterEqual(paper, music - 1)

    def test_playing_shows_its_place(self):
        self.run_script("setView(0, 6); seek(20)")
        x, left, right = self.run_script("""
            const song = element('overview').getBoundingClientRect();
            const cursor = element('overview-cursor').getBoundingClientRect();
            return [cursor.left, song.left, song.right];""")
        self.assertAlmostEqual((x - left) / (right - left), 20 / 25.07, delta=0.01)
        self.find("#play").click()
        self.wait("state.view.start_s > 14")
        self.run_script("element('audio').pause(); seek(data.duration_s)")
        self.wait("!element('audio').seeking")
        self.find("#play").click()
        self.wait("!element('audio').paused && element('audio').currentTime < 5")

    def test_times_are_minutes_and_seconds(self):
        self.assertEqual(self.run_script(
            "return [formatTime(195.3289, 2), formatTime(59.99), formatTime(60, 3)]"),
            ["3:15.32", "0:59.9", "1:00.000"])
        self.assertRegex(self.find("#doubtful button").text, r"^0:\d\d\.\d\d\b")

    def test_curves_have_a_point_a_pixel(self):
        n, top, highest = self.run_script("""
            setView(0, data.duration_s);
            const ys = [];
            const pen = new Proxy({lineTo: (x, y) => ys.push(y)},
                                  {get: (pen, name) => pen[name] ?? (() => {}), set: () => true});
            const drum = state.drums[0];
            const yOf = drawCurve(drum, pen, 100, 50);
            return [ys.length, Math.min(...ys), yOf(Math.max(...drum.curve))];""")
        self.assertLess(n, 150)
        self.assertAlmostEqual(top, highest, places=4)

    def test_slider_draws_the_lanes_of_its_instrument_alone(self):
        drawn = self.browser.execute_async_script("""
            const done = arguments[0];
            requestAnimationFrame(() => {
              const drawn = [], original = drawLane;
              drawLane = (drum) => { drawn.push(drum.id); original(drum); };
              setThreshold(state.drums.find((drum) => drum.id === 'closed_hihat'), 0.4);
              requestAnimationFrame(() => requestAnimationFrame(() => done(drawn)));
            });""")
        self.assertEqual(sorted(drawn), ["closed_hihat", "open_hihat", "pedal_hihat"])

    def test_paper_is_light_and_without_controls(self):
        resize(self.browser, 1280, 900, 1, "dark")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        self.assertFalse(self.find("#bar").is_displayed())
        self.assertFalse(self.find("#corrections").is_displayed())
        colour, split = self.run_script("""
            return [getComputedStyle(document.body).color,
                    getComputedStyle(document.querySelector('#pages svg')).breakInside];""")
        self.assertEqual((colour, split), ("rgb(29, 31, 36)", "avoid"))
        # Of a copy: Chromium warns of those who read one canvas twice.
        corner = """const pen = document.createElement('canvas').getContext('2d');
                    pen.drawImage(element('spectrogram'), 0, 0);
                    return pen.getImageData(0, 0, 1, 1).data[0];"""
        for event, low, high in (("beforeprint", 200, 256), ("afterprint", -1, 60)):
            red = self.run_script(f"dispatchEvent(new Event('{event}'));" + corner)
            self.assertTrue(low < red < high, f"{event}: {red}")

    def test_forced_colours_show_what_is_chosen(self):
        self.run_script("toggleMute(state.drums[1]); selectDrum(state.drums[3])")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "forced-colors", "value": "active"}]})
        page, cursor, muted, other, outline = self.run_script("""
            const back = (node) => getComputedStyle(node).backgroundColor;
            const button = (drum) => drum.lane.querySelector('button');
            return [back(document.body), back(element('cursor')), back(button(state.drums[1])),
                    back(button(state.drums[2])),
                    getComputedStyle(state.drums[3].lane).outlineStyle];""")
        self.assertNotEqual(cursor, page)
        self.assertNotEqual(muted, other)
        self.assertEqual(outline, "solid")

    def test_text_can_be_told_from_the_panel(self):
        for scheme in ("light", "dark"):
            resize(self.browser, 1280, 900, 1, scheme)
            self.run_script("colours.clear()")
            panel, *others = (self.luminance(name) for name in
                              ("--panel", "--removed", "--soft", "--ink", "--accent"))
            for other in others:
                low, high = sorted((panel, other))
                self.assertGreaterEqual((high + 0.05) / (low + 0.05), 4.5)

    def luminance(self, name):
        """https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
        colour = self.run_script(f"return colourOf('{name}')").lstrip("#")
        parts = [int(colour[k:k + 2], 16) / 255 for k in (0, 2, 4)]
        parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts))

    def test_fields_stay_in_their_ranges(self):
        margin = "element('margin').value = {}; element('margin').dispatchEvent(new Event('input'))"
        for typed, expected in (("5", 1), ("-1", 0), ("''", 0), ("0.4", 0.4)):
            self.run_script(margin.format(typed))
            self.assertEqual(self.run_script("return state.margin"), expected)
        page = self.folder / "low.html"
        run_fyr("report", RECORDING, "-q", "-o", page, "--threshold", "kick=0.012")
        self.browser.get(page.as_uri())
        slider = self.find("input[data-drum=kick]")
        self.assertEqual(float(slider.get_attribute("value")), 0.012)
        self.assertEqual(self.find(".lane output").text, "0.012")
        slider.send_keys(Keys.ARROW_RIGHT)
        self.assertEqual(self.find(".lane output").text, "0.013")

    def test_nothing_is_downloaded_by_a_slip(self):
        self.run_script("window.downloads = 0; keys.d = () => ++window.downloads")
        self.find("input[data-drum=kick]").send_keys("d")
        self.find("#margin").send_keys("d")
        self.assertEqual(self.run_script("return downloads"), 0)
        self.run_script("document.activeElement.blur()")
        self.press("d")
        self.assertEqual(self.run_script("return downloads"), 1)

    def test_key_held_down_acts_once(self):
        def hold(key, text=""):
            for again in (False, True, True):
                self.browser.execute_cdp_cmd("Input.dispatchKeyEvent", {
                    "type": "keyDown", "key": key, "text": text, "autoRepeat": again})
            self.browser.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", "key": key})

        self.run_script("window.downloads = 0; keys.d = () => ++window.downloads")
        hold("d", "d")
        self.assertEqual(self.run_script("return downloads"), 1)
        hold("ArrowRight")
        self.assertEqual(*self.run_script(
            "return [element('audio').currentTime.toFixed(3), data.beats[2].time_s.toFixed(3)]"))

    def test_one_cursor_runs_after_short_pauses(self):
        n_runs, n_frames = self.browser.execute_async_script("""
            const done = arguments[0], original = run;
            let nRuns = 0, nFrames = 0;
            run = () => { ++nRuns; original(); };
            for (let i = 0; i < 7; ++i) togglePlay();
            element('audio').addEventListener('timeupdate', () => requestAnimationFrame(() => {
              nRuns = 0;
              requestAnimationFrame(function count() {
                if (++nFrames < 10) return requestAnimationFrame(count);
                done([nRuns, nFrames]);
              });
            }), {once: true});""")
        self.assertLessEqual(n_runs, n_frames + 1)

    def test_other_buttons_of_the_mouse_drag_nothing(self):
        """A menu opens, and the browser may never tell that the button was let go."""
        self.run_script("setView(5, 10)")
        start, now = self.run_script("""
            const canvas = element('waveform');
            const send = (name, x, button, buttons) => canvas.dispatchEvent(new PointerEvent(
                name, {clientX: x, clientY: 200, button, buttons, pointerId: 1, bubbles: true}));
            canvas.setPointerCapture = () => {};
            send('pointerdown', 700, 2, 2);
            send('pointermove', 800, -1, 0);
            send('pointerup', 800, 2, 0);
            return [state.view.start_s, element('audio').currentTime];""")
        self.assertEqual((start, now), (5, 0))

    def test_fields_tell_what_holds_after_coming_back(self):
        self.run_script("""
            for (const [id, value] of [['speed', '0.5'], ['margin', '0.3'],
                                       ['recording-volume', '0.1'], ['hits-volume', '0.2']]) {
              element(id).value = value;
            }""")
        self.browser.get("about:blank")
        self.browser.back()
        self.wait("document.readyState === 'complete'")
        time.sleep(0.3)  # Browsers fill fields in late.
        self.assertEqual(self.run_script("""
            return ['speed', 'margin', 'recording-volume', 'hits-volume'].map((id) =>
                Number(element(id).value));"""), [1, 0.1, 0.8, 0.5])

    def test_large_counts_are_readable(self):
        for width in (1280, 800, 390):
            resize(self.browser, width, 900)
            self.assertEqual(self.run_script("""
                return state.drums.filter(({lane}) => {
                  lane.querySelector('.count').textContent = 12345;
                  const name = lane.querySelector('.name');
                  return name.scrollWidth > name.clientWidth || name.offsetHeight > 40;
                }).length;"""), 0)

    def test_buttons_tell_that_nothing_is_doubtful(self):
        for margin, off in ((0, True), (0.5, False)):
            self.assertEqual(self.run_script(f"""
                state.margin = {margin};
                showDoubtful();
                return [element('previous').disabled, element('next').disabled];"""), [off, off])

    def test_bar_lines_stay_apart(self):
        """Those of an hour would fill the lanes with grey."""
        xs, again = self.run_script("""
            data.beats = Array.from({length: 7200}, (_, k) => ({time_s: k / 2, number: k % 4 + 1}));
            const linesFrom = (start_s) => {
              const xs = [];
              state.view = {start_s, span_s: 3000};
              drawBeats({fillRect: (x) => xs.push(x)}, 1000, 50);
              return xs;
            };
            return [linesFrom(0), linesFrom(300)];""")
        self.assertGreater(len(xs), 100)
        self.assertGreaterEqual(min(b - a for a, b in zip(xs, xs[1:])), 3)
        later = [x - 100 for x in xs if x >= 100]
        self.assertEqual(later, again[:len(later)])

    def test_low_windows_are_not_covered(self):
        """1280 x 900, four times enlarged."""
        resize(self.browser, 320, 225)
        self.press("n")
        top, bottom = self.run_script("""
            const lane = state.selectedDrum.lane.getBoundingClientRect();
            return [lane.top, lane.bottom];""")
        self.assertGreaterEqual(top, 0)
        self.assertLessEqual(bottom, 225)
        self.assertEqual(self.run_script("""
            const {top, left} = state.selectedDrum.lane.getBoundingClientRect();
            const seen = document.elementFromPoint(left + 60, top + 10);
            return state.selectedDrum.lane.contains(seen);"""), True)

    def test_bar_that_plays_is_not_under_the_buttons(self):
        resize(self.browser, 1280, 600)
        covered = self.run_script("""
            const box = document.querySelector('.bar-box');
            box.scrollIntoView({block: 'start'});
            scrollBy(0, box.getBoundingClientRect().top - 20);
            followScore(box, {getBoundingClientRect: () => ({top: 200, bottom: 300})});
            const edge = element('bar').getBoundingClientRect().bottom;
            return edge - box.getBoundingClientRect().top;""")
        self.assertLessEqual(covered, 0)

    def test_unplayable_sound_is_told(self):
        page = self.folder / "unplayable.html"
        page.write_text(re.sub(r'("audio":{"bytes":")[^"]*', r'\1' + "AAAA" * 500,
                               self.page.read_text()))
        self.browser.get(page.as_uri())
        self.wait("element('error').textContent !== ''")
        self.find("#play").click()
        self.assertIn("cannot play", self.find("#error").text)
        self.assertIn("BPM", self.find("#about").text)

    def test_score_is_light_on_dark(self):
        """By MuseScore where it is installed, by fyr itself otherwise."""
        resize(self.browser, 1280, 900, 1, "dark")
        self.run_script("element('bar').style.position = 'static'")  # It would cover the score.
        pixels = screenshot(self.find("#pages svg"))
        self.assertLess(pixels[0, 0].max(), 0.2)
        self.assertGreater(pixels.max(), 0.9)
        # Between the page's dark and the notes' light lie blurred edges, below them nothing.
        self.assertGreater(pixels.min(), pixels[0, 0].min() - 0.02)


def take_pictures(folder):
    with tempfile.TemporaryDirectory() as temporary:
        page = pathlib.Path(temporary) / "report.html"
        run_fyr("report", RECORDING.name, "-q", "-o", page, cwd=RECORDING.parent)
        browser = open_browser(temporary)
        for name, width, height, scheme in (("report_light", 1280, 1240, "light"),
                                            ("report_dark", 1280, 1240, "dark"),
                                            ("report_phone", 390, 1100, "light")):
            resize(browser, width, height, 1, scheme)
            browser.get(page.as_uri())
            browser.execute_script("element('margin').value = 0.3;"
                                   "element('margin').dispatchEvent(new Event('input'));"
                                   "seek(5.2); stepDoubtful(1)")
            time.sleep(1)
            picture = pathlib.Path(folder) / (name + ".png")
            if not browser.save_screenshot(str(picture)):  # It only logs why.
                raise SystemExit(f"cannot write {picture}; is there such a folder?")
        browser.quit()


if __name__ == "__main__":
    if webdriver is None or not CHROMIUM or not DRIVER:
        print("SKIPPED: the report page is not tested, as chromium, chromium-driver or "
              "python3-selenium is missing; install them to test it", file=sys.stderr)
        sys.exit(SKIPPED)
    if sys.argv[1:2] == ["--pictures"]:
        take_pictures(sys.argv[2])
    else:
        unittest.main()
