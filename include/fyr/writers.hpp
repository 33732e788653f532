// SPDX-License-Identifier: GPL-3.0-or-later

/// Writers: one function a format, from finished values to bytes on a stream.
///
/// docs/formats.md tells what each format keeps. Numbers never follow the locale, text is UTF-8,
/// and the same value always gives the same bytes. Writers throw for what they cannot make; whether
/// the bytes were taken, as by a disk with room for them, the stream tells.
#pragma once

#include <iosfwd>
#include <vector>

#include "fyr/drum_map.hpp"
#include "fyr/matrix.hpp"
#include "fyr/onset.hpp"
#include "fyr/score.hpp"
#include "fyr/transcription.hpp"

namespace fyr {

// --- Scores --------------------------------------------------------------------------------------

/// MuseScore 3.01 (.mscx), read by MuseScore 3 and 4.
void write_mscx(const Score& score, std::ostream& out);

/// The same, compressed (.mscz): a zip with META-INF/container.xml and score.mscx.
/// Throws OutputError if it cannot be compressed.
void write_mscz(const Score& score, std::ostream& out);

/// MusicXML 4.0, partwise (.musicxml). One unpitched percussion part; `midi-unpitched` is the
/// General MIDI key plus one, as that format counts from 1.
/// Format: https://www.w3.org/2021/06/musicxml40/
void write_musicxml(const Score& score, std::ostream& out);

/// The same, compressed (.mxl): a zip with META-INF/container.xml and score.musicxml.
/// Throws OutputError if it cannot be compressed.
void write_mxl(const Score& score, std::ostream& out);

/// LilyPond 2.24 (.ly): \drummode in two voices, with a \midi block. It can't play in time with a
/// recording (it counts whole beats a minute), so what is silent before it, but for whole bars, is
/// left out.
void write_lilypond(const Score& score, std::ostream& out);

/// A drum tab in plain text, at most 80 columns wide unless one bar alone is wider, a row an
/// instrument. Every beat has as many columns as its strokes need: 4 for 16ths, 8 for 32nds, 3 or 6
/// in triplets.
void write_tab(const Score& score, std::ostream& out);

// --- Hits ----------------------------------------------------------------------------------------

/// `time_s,drum,velocity,confidence`, one hit a line, seconds with four decimals.
void write_csv(const std::vector<Onset>& onsets, std::ostream& out);

/// Audacity label track: `start<TAB>end<TAB>drum`, both times the hit's, seconds.
/// Format: https://manual.audacityteam.org/man/importing_and_exporting_labels.html
void write_labels(const std::vector<Onset>& onsets, std::ostream& out);

/// `bar,beat,time_s,drum,confidence` of the hits that are less sure than `below`, by bar and place:
/// bars as the score numbers them (a pickup is 0), beats from 1 with two decimals.
/// Requires: `score` was built from `rhythm`.
void write_doubts(const Rhythm& rhythm, const Score& score, double below, std::ostream& out);

// --- Everything ----------------------------------------------------------------------------------

/// When the notes of a MIDI file sound.
enum class MidiTiming {
  Heard,  ///< Every onset at its second: as played, to the tick (about 1 ms).
  Grid,   ///< Every note of the score once, at its written place: for reading into a score editor.
};

struct MidiOptions {
  DrumMap drum_map = kGeneralMidi;
  MidiTiming timing = MidiTiming::Heard;
};

/// Standard MIDI File 1.0, type 1, kTicksPerQuarter: tempo, time signatures and rehearsal letters
/// on the first track, the notes with their velocities on the second, channel 10. With
/// MidiTiming::Heard a choke is polyphonic key pressure of 127, and of 0 50 ms later.
///
/// The tempo map follows the recording's bars, so the first tick is its first sample. Throws
/// UsageError for keys that MIDI lacks.
/// Format: MIDI Manufacturers Association, RP-001.
void write_midi(const Transcription& transcription, const MidiOptions& options, std::ostream& out);

/// All that is known, as docs/transcription.schema.json describes it.
void write_json(const Transcription& transcription, std::ostream& out);

/// JAMS 0.3 (Humphrey et al., "JAMS: a JSON annotated music specification", ISMIR 2014):
/// annotations of the namespaces onset, tag_open (the drum), note_midi, beat, tempo and, where
/// there are rehearsal letters, segment_open.
void write_jams(const Transcription& transcription, std::ostream& out);

// --- Arrays --------------------------------------------------------------------------------------

/// NumPy .npy version 1.0, float32, C order.
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
void write_npy(const Matrix& matrix, std::ostream& out);

}  // namespace fyr
