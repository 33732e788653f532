# SPDX-License-Identifier: GPL-3.0-or-later
"""The mixer keeps length, time and split; the bank's makers yield what the index promises.

Run with `python3 -m unittest discover models/training/tests`; needs no data.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import accompaniment_layers as layers  # noqa: E402
import accompaniment_midi
import make_accompaniment
from accompaniment import Accompanist
from accompaniment_common import Piece, active_rms, fold_loop, level, split_of
from accompaniment_recordings import (
    Package,
    fetch,
    harmonic_part,
    median_of_nine,
    slowly_rising,
)
from accompaniment_synth import synth_bass_table
from mastering import excited, limited, mastered, shelved

RATE = 44100
BPM = 100.0


def tone(seconds, hertz=220.0):
    return (0.2 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(
        np.float32
    )


def make_bank(folder):
    """Forty groups of every kind, so that both splits hold some."""
    pieces = []
    for n in range(40):
        bar_s = 240.0 / (80 + 4 * n)
        for role in ("bass", "harmony"):
            pieces.append(
                Piece(
                    f"band{n}_{role}",
                    "band",
                    f"band{n}",
                    tone(2 * bar_s),
                    "test",
                    "none",
                    role,
                    240.0 / bar_s,
                    "4/4",
                    bar_s,
                )
            )
        for kind in ("recording", "voice", "noise"):
            source = f"{'flare-game' if n % 2 else 'nexuiz-music'}: {n}.ogg"
            pieces.append(
                Piece(f"{kind}{n}", kind, f"{kind}{n}", tone(1.0, 300.0 + n), source, "none")
            )
        for role in ("bass", "guitar"):
            pieces.append(
                Piece(
                    f"notes{n}{role}",
                    "notes",
                    f"notes{n}{role}",
                    tone(12 * 0.125),
                    "test",
                    "none",
                    role,
                    extra={"first_pitch": 28, "notes": 12, "step_samples": RATE // 8},
                )
            )
    entries = []
    for piece in pieces:
        entries.append(make_accompaniment.entry_of(piece))
        make_accompaniment.write_flac(folder, piece)
    make_accompaniment.write_index(folder, entries)


def song(seconds=4.0):
    """Clicks of one sample on every eighth, and their labels."""
    beat_s = 60.0 / BPM
    times = np.arange(0.1, seconds - 0.1, beat_s / 2)
    drums = np.zeros(int(seconds * RATE), np.float32)
    drums[np.round(times * RATE).astype(int)] = 1.0
    onsets = np.stack([times, np.arange(len(times)) % 2, np.full(len(times), 0.8)], axis=1)
    beats = np.stack([times[::2], np.arange(len(times[::2])) % 4 == 0], axis=1)
    return drums, SimpleNamespace(onsets=onsets, beats=beats)


class AccompanimentTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.bank = Path(cls.folder.name)
        make_bank(cls.bank)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_mix_keeps_length_and_is_finite(self):
        drums, labels = song()
        accompanist = Accompanist(self.bank, "train")
        for seed in range(20):
            audio = accompanist.mix(np.random.default_rng(seed), drums, labels, BPM, (4, 4))
            assert audio.shape == drums.shape and audio.dtype == np.float32
            assert np.isfinite(audio).all()

    def test_mix_is_the_same_for_the_same_seed(self):
        drums, labels = song()
        accompanist = Accompanist(self.bank, "train")
        first = accompanist.mix(np.random.default_rng(3), drums, labels, BPM, "4/4")
        second = accompanist.mix(np.random.default_rng(3), drums, labels, BPM, "4-4")
        np.testing.assert_array_equal(first, second)

    def test_mix_serves_beats_and_onsets_beyond_the_audio(self):
        drums, labels = song()
        accompanist = Accompanist(self.bank, "train")
        for seed in range(20):
            audio = accompanist.mix(
                np.random.default_rng(seed), drums[: 2 * RATE], labels, BPM, (4, 4)
            )
            self.assertTrue(len(audio) == 2 * RATE and np.isfinite(audio).all())

    def test_layers_come_and_go_at_bar_lines(self):
        for seed in range(30):
            gain = layers.sections(np.random.default_rng(seed), 6 * RATE, np.arange(0.0, 9.0, 2.0))
            self.assertTrue(set(gain[::RATE][1::2]) <= {0.0, 1.0})
            self.assertGreater(gain.max(), 0)

    def test_mix_serves_songs_without_beats_onsets_or_length(self):
        accompanist = Accompanist(self.bank, "validation")
        labels = SimpleNamespace(onsets=np.zeros((0, 3)), beats=np.zeros((0, 2)))
        for seed in range(20):
            audio = accompanist.mix(
                np.random.default_rng(seed), np.zeros(RATE, np.float32), labels, 97.0, (7, 8)
            )
            assert len(audio) == RATE and np.isfinite(audio).all()

    def test_mastering_moves_no_attack(self):
        drums, labels = song()
        at = np.round(labels.onsets[:, 0] * RATE).astype(int)
        for seed in range(25):
            audio = np.abs(mastered(np.random.default_rng(seed), drums))
            for place in at:
                peak = place - 300 + int(np.argmax(audio[place - 300 : place + 300]))
                assert abs(peak - place) <= 12, f"seed {seed}: {peak - place} samples"

    def test_limiter_holds_its_ceiling_and_leaves_quiet_parts_alone(self):
        audio = np.concatenate([tone(1.0) * 0.1, tone(0.2) * 5, tone(2.0) * 0.1])
        out = limited(audio, 0.3, 0.05)
        assert np.abs(out).max() <= 0.3 + 1e-6
        np.testing.assert_allclose(out[: RATE // 2], audio[: RATE // 2], atol=1e-6)

    def test_shelf_lowers_only_the_highs(self):
        low, high = tone(0.5, 200.0), tone(0.5, 12000.0)
        np.testing.assert_allclose(active_rms(shelved(low, 4000, -12)), active_rms(low), rtol=0.02)
        assert active_rms(shelved(high, 4000, -12)) < 0.45 * active_rms(high)

    def test_exciter_makes_overtones_and_keeps_the_rest(self):
        bright = excited(tone(0.5, 6000.0), 3000, 0)
        spectrum = np.abs(np.fft.rfft(bright * np.hanning(len(bright))))
        self.assertGreater(spectrum[9000], 0.05 * spectrum[3000])
        np.testing.assert_allclose(excited(tone(0.5, 200.0), 3000, 0), tone(0.5, 200.0), atol=0.03)

    def test_index_written_again_keeps_the_samples_of_its_pieces(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            make_bank(folder)
            entries = Accompanist(folder, "train").entries[::-1]
            make_accompaniment.write_index(folder, entries)
            packed = np.memmap(folder / "bank.i16", np.int16, "r")
            for entry in entries[::20]:
                audio, _ = soundfile.read(folder / entry["file"], dtype="int16")
                begin = entry["offset"]
                np.testing.assert_array_equal(packed[begin : begin + entry["samples"]], audio)

    def test_a_piece_that_was_made_anew_is_packed_anew(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            make_bank(folder)
            entry = Accompanist(folder, "train").entries[0]
            soundfile.write(folder / entry["file"], np.zeros(500, np.int16), RATE)
            newer = (folder / "bank.i16").stat().st_mtime + 1
            os.utime(folder / entry["file"], (newer, newer))
            make_accompaniment.write_index(folder, [entry])
            packed = np.memmap(folder / "bank.i16", np.int16, "r")
            np.testing.assert_array_equal(packed, np.zeros(500))

    def test_a_piece_whose_writing_was_killed_is_not_there(self):
        def half(path, *_, **__):
            Path(path).write_bytes(b"fLaC")
            raise KeyboardInterrupt

        piece = Piece("one", "noise", "one", tone(0.1), "test", "none")
        with tempfile.TemporaryDirectory() as name:
            with mock.patch("soundfile.write", half), self.assertRaises(KeyboardInterrupt):
                make_accompaniment.write_flac(Path(name), piece)
            self.assertFalse((Path(name) / "one.flac").exists())
            make_accompaniment.write_flac(Path(name), piece)
            self.assertEqual([path.name for path in Path(name).iterdir()], ["one.flac"])
            self.assertEqual(soundfile.info(str(Path(name) / "one.flac")).subtype, "PCM_16")

    def test_a_group_is_of_one_split_in_every_process(self):
        validation = [n for n in range(60) if split_of(f"band{n:03d}") == "validation"]
        self.assertEqual(validation, [24])

    def test_splits_share_no_group(self):
        train, validation = Accompanist(self.bank, "train"), Accompanist(self.bank, "validation")
        groups = [{e["group"] for e in a.entries} for a in (train, validation)]
        assert groups[0] and groups[1] and not groups[0] & groups[1]

    def test_validation_songs_have_no_recording_of_a_drum_kit(self):
        for split, sources in (("train", {"flare-game", "nexuiz-music"}), ("validation", {"flare-game"})):
            recordings = [e for e in Accompanist(self.bank, split).entries if e["kind"] == "recording"]
            self.assertEqual({e["source"].split(":")[0] for e in recordings}, sources)

    def test_unknown_split_is_an_error(self):
        with self.assertRaises(ValueError):
            Accompanist(self.bank, "test")

    def test_tempo_for_names_a_band_and_the_factor_to_its_tempo(self):
        accompanist = Accompanist(self.bank, "train")
        file, factor = accompanist.tempo_for(np.random.default_rng(0), BPM, (4, 4))
        entry = next(e for e in accompanist.entries if e["file"] == file)
        octaves = np.log2(BPM * factor / entry["bpm"])
        self.assertAlmostEqual(octaves, round(octaves), places=9)
        assert 0.9 < factor < 1.1
        assert accompanist.tempo_for(np.random.default_rng(0), BPM, (5, 4)) is None

    def test_band_keeps_the_bars_of_the_song(self):
        """A loop that clicks on its bars clicks on the song's downbeats at any speed."""
        loop = np.zeros(4 * RATE, np.int16)
        loop[::RATE] = 32767
        for speed in (1.0, 0.93, 1.1):
            first = 0.4 * RATE
            where = layers.positions(6 * RATE, len(loop), 2 * RATE - first * speed, speed)
            clicks = np.flatnonzero(layers.looped(loop, where) > 0.3)
            assert clicks.min() >= first - 2
            bars = (clicks - first) * speed / RATE
            assert np.abs(bars - np.round(bars)).max() < 1e-4

    @unittest.skipUnless(accompaniment_midi.STYLES.exists(), "mma is not installed")
    def test_bars_of_a_band_are_as_long_as_mma_plays_them(self):
        """Styles in 6/8 write a bar as four or as six beats."""
        for style in accompaniment_midi.SIX_STYLES:
            played = []
            with mock.patch.object(accompaniment_midi, "METERS", {"6/8": ([style], 1.0)}), \
                    mock.patch.object(accompaniment_midi, "synthesise",
                                      lambda midi, _: played.append(midi) or tone(1.0)):
                piece = next(accompaniment_midi.band(np.random.default_rng(2), 0))
            self.assertAlmostEqual(len(piece.audio) / RATE / played[0].length, 1, delta=0.1, msg=style)

    def test_notes_start_with_the_kicks(self):
        drums, labels = song()
        rng = np.random.default_rng(0)
        eighths, downbeats = layers.pulse(labels, BPM, (4, 4), 6.0)
        times = layers.note_times(rng, labels, eighths, downbeats, 1.0, 0.0)
        kicks = labels.onsets[labels.onsets[:, 1] == 0, 0]
        assert all(np.abs(times - kick).min() < 0.04 for kick in kicks)

    def test_harmonic_part_keeps_tones_and_drops_clicks(self):
        clicks = np.zeros(4 * RATE, np.float32)
        clicks[RATE // 2 :: RATE // 2] = 0.9
        kept = harmonic_part(tone(4.0))
        dropped = harmonic_part(clicks + 1e-4 * tone(4.0))
        assert active_rms(kept) > 0.8 * active_rms(tone(4.0))
        assert np.abs(dropped).max() < 0.1

    def test_medians_of_nine_are_medians(self):
        values = np.random.default_rng(0).random((3, 40))
        medians = median_of_nine(values, 2, axis=1)
        expected = [np.median(values[:, n - 8 : n + 9 : 2], axis=1) for n in range(8, 32)]
        np.testing.assert_array_equal(medians[:, 8:32], np.transpose(expected))

    def test_lasting_noise_stays_where_asked_for(self):
        noise = 0.1 * np.random.default_rng(0).standard_normal(4 * RATE).astype(np.float32)
        dimmed = harmonic_part(noise)
        kept = harmonic_part(noise, sustained=True)
        self.assertGreater(active_rms(kept), 2 * active_rms(dimmed))

    def test_highs_may_fall_but_only_slowly_rise(self):
        steps = np.array([[1.0, 0.01, 1.0, 1.0, 1.0]])
        held = slowly_rising(steps)
        np.testing.assert_array_equal(held[0, :2], steps[0, :2])
        self.assertLess(held[0, 2], 0.05)

    def test_a_package_whose_unpacking_was_killed_is_unpacked_again(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for program, does in (
                ("apt-get", 'touch "$2_1_all.deb"'),
                ("dpkg", 'mkdir -p "$3"; touch "$3/a"; test -e again && touch "$3/b"'),
            ):
                (folder / program).write_text(f"#!/bin/sh\n{does}\n")
                (folder / program).chmod(0o755)
            package, music = Package("tunes", "GPL", "*"), folder / "music"
            path = f"{folder}:{os.environ['PATH']}"
            with mock.patch.dict(os.environ, PATH=path), contextlib.chdir(folder):
                with self.assertRaises(subprocess.CalledProcessError):
                    fetch([package], music)
                self.assertFalse((music / "tunes").exists())
                (folder / "again").touch()
                fetch([package], music)
            self.assertEqual(sorted(p.name for p in music.rglob("*")), ["a", "b", "tunes"])

    def test_note_tables_hold_their_notes(self):
        piece = synth_bass_table(np.random.default_rng(0), 1)
        self.assertEqual(len(piece.audio), piece.extra["notes"] * piece.extra["step_samples"])

    def test_levelling_and_looping(self):
        np.testing.assert_allclose(active_rms(level(tone(1.0))), 0.1, rtol=0.02)
        folded = fold_loop(np.arange(6, dtype=np.float32), 4)
        np.testing.assert_array_equal(folded, [4, 6, 2, 3])


if __name__ == "__main__":
    unittest.main()
