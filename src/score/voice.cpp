// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/voice.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "score/spelling.hpp"

namespace fyr {
namespace {

/// Inside a triplet beat a written value sounds two thirds as long: three eighths fill a quarter.
constexpr Tick written_in_triplet(Tick sounding) { return sounding * 3 / 2; }
constexpr Tick sounding_in_triplet(Tick written) { return written * 2 / 3; }

/// A triplet beat needs its tuplet only if something stands off the beat's halves.
bool needs_tuplet(const Span& span, const std::vector<Tick>& onsets) {
  return span.triplet && std::ranges::any_of(onsets, [&](Tick onset) {
           return (onset - span.origin) % (kTicksPerQuarter / 2) != 0;
         });
}

/// What is spelled by itself: all of a span, or half of a beat.
struct Part {
  Tick start = 0;
  Tick end = 0;
  std::optional<Tuplet> tuplet;
};

/// A beat that needs a tuplet: 3 for a triplet with at most one of its eighths split. Where all
/// that stands off the halves is in one of them, a 3 over that one; else 6.
std::vector<Part> parts_of_triplet(const Span& span, const std::vector<Tick>& onsets) {
  const auto splits = std::ranges::count_if(
      onsets, [&](Tick onset) { return (onset - span.start) % (kTicksPerQuarter / 3) != 0; });
  if (splits <= 1) return {{span.start, span.end, Tuplet{0, 0, 3, 2, {8, 0}, true}}};
  const Tick middle = span.start + kTicksPerQuarter / 2;
  const auto part = [&](Tick start, Tick end) {
    const auto inside = [&](Tick onset) { return start <= onset && onset < end; };
    const bool plain =
        std::ranges::none_of(onsets, [&](Tick onset) { return inside(onset) && onset != start; });
    if (plain) return Part{start, end, std::nullopt};
    const bool beam_goes_on = !std::ranges::all_of(onsets, inside);
    return Part{start, end, Tuplet{0, 0, 3, 2, {16, 0}, true, beam_goes_on}};
  };
  const Part first = part(span.start, middle);
  const Part second = part(middle, span.end);
  if (!first.tuplet || !second.tuplet) return {first, second};
  return {{span.start, span.end, Tuplet{0, 0, 6, 4, {16, 0}, true}}};
}

/// `onsets` are those inside the part.
void lay_out_part(Voice& voice, const Part& part, Tick origin, const std::vector<Tick>& onsets,
                  const Columns& columns) {
  const bool tuplet = part.tuplet.has_value();
  const auto as_written = [&](Tick tick) {
    return tuplet ? written_in_triplet(tick - origin) : tick - origin;
  };
  std::vector<Tick> written;
  for (const Tick onset : onsets) written.push_back(as_written(onset));
  const std::size_t first = voice.chords.size();
  for (const Symbol& symbol : spell(written, as_written(part.start), as_written(part.end))) {
    Chord chord;
    chord.tick = origin + (tuplet ? sounding_in_triplet(symbol.start) : symbol.start);
    chord.value = symbol.value;
    chord.duration = tuplet ? sounding_in_triplet(symbol.value.ticks()) : symbol.value.ticks();
    if (!symbol.is_rest) {
      const Column& column = columns.at(chord.tick);
      chord.notes = column.notes;
      chord.accent = column.accent;
    }
    voice.chords.push_back(std::move(chord));
  }
  if (!tuplet) return;
  voice.tuplets.push_back(*part.tuplet);
  voice.tuplets.back().first = first;
  voice.tuplets.back().last = voice.chords.size() - 1;
}

std::vector<Tick> onsets_in(const Columns& columns, Tick start, Tick end) {
  std::vector<Tick> onsets;
  for (auto it = columns.lower_bound(start); it != columns.end() && it->first < end; ++it) {
    onsets.push_back(it->first);
  }
  return onsets;
}

void lay_out_span(Voice& voice, const Span& span, const Columns& columns) {
  const std::vector<Tick> onsets = onsets_in(columns, span.start, span.end);
  if (!needs_tuplet(span, onsets)) {
    lay_out_part(voice, {span.start, span.end, std::nullopt}, span.origin, onsets, columns);
    return;
  }
  for (const Part& part : parts_of_triplet(span, onsets)) {
    lay_out_part(voice, part, part.start, onsets_in(columns, part.start, part.end), columns);
  }
}

/// Whether `feet` have a note or a rest that is shown from `start` on and nothing hidden until
/// `end`: their rest counts for the hands' as well, two on one beat say no more.
bool speaks_through(const Voice& feet, Tick start, Tick end) {
  bool starts = false;
  for (const Chord& chord : feet.chords) {
    if (chord.tick + chord.duration <= start || chord.tick >= end) continue;
    const bool is_rest = chord.notes.empty();
    if (is_rest && (chord.hidden || chord.tick + chord.duration > end)) return false;
    starts |= chord.tick == start;
  }
  return starts;
}

bool strikes_at(const Voice& voice, Tick tick) {
  const auto chord = std::ranges::find(voice.chords, tick, &Chord::tick);
  return chord != voice.chords.end() && !chord->notes.empty();
}

bool on_eighth(const Span& span, Tick tick) {
  return (tick - span.origin) % (kTicksPerQuarter / 2) == 0;
}

/// Shows the rests of the span up to its last note that lies off the eighths or has nothing above:
/// only the rest tells where that is. In triplets the hands' group tells it.
void show_needed_rests(Voice& feet, const Voice& hands, const Span& span) {
  Tick until = span.start;
  for (const Chord& chord : feet.chords) {
    if (chord.notes.empty() || chord.tick <= span.start || chord.tick >= span.end) continue;
    const bool off_eighth = !span.triplet && !on_eighth(span, chord.tick);
    if (off_eighth || !strikes_at(hands, chord.tick)) until = chord.tick;
  }
  for (Chord& chord : feet.chords) {
    if (chord.notes.empty() && chord.tick >= span.start && chord.tick < until) chord.hidden = false;
  }
}

bool is_eighth(const Chord& chord) {
  return !chord.notes.empty() && chord.value == NoteValue{8, 0};
}

/// Whether nobody sees without the hands' rest where the notes after it in the beat are: they lie
/// off the eighths with no foot under them, are several, or are under one beam with those of the
/// next beat.
bool tells_the_place(const Voice& hands, const Voice& feet, const Chord& rest, const Span& span,
                     bool beams_go_on) {
  std::vector<const Chord*> notes;
  for (const Chord& chord : hands.chords) {
    if (chord.tick > rest.tick && chord.tick < span.end && !chord.notes.empty())
      notes.push_back(&chord);
  }
  if (notes.empty()) return false;
  const Chord& first = *notes.front();
  if (!on_eighth(span, first.tick)) return !strikes_at(feet, first.tick);
  const auto next = std::ranges::find(hands.chords, span.end, &Chord::tick);
  const bool beamed_on =
      beams_go_on && is_eighth(first) && next != hands.chords.end() && is_eighth(*next);
  return notes.size() > 1 || beamed_on;
}

/// A number or bracket over nothing cannot be read.
void show_rests_in_tuplets(Voice& voice) {
  for (const Tuplet& tuplet : voice.tuplets) {
    if (!tuplet.numbered) continue;
    for (std::size_t i = tuplet.first; i <= tuplet.last; ++i) voice.chords[i].hidden = false;
  }
}

/// The longer rest that may stand for several beats: a half in 4/4 and x/2, a dotted half in 12/8.
NoteValue long_rest(const Meter& meter) {
  if (meter == Meter{12, 8}) return {2, 1};
  if (pairs_quarters(meter)) return {2, 0};
  return {64, 0};
}

void remove_chords(Voice& voice, std::size_t first, std::size_t count) {
  const auto begin = voice.chords.begin() + static_cast<std::ptrdiff_t>(first);
  voice.chords.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  for (Tuplet& tuplet : voice.tuplets) {
    if (tuplet.first < first) continue;
    tuplet.first -= count;
    tuplet.last -= count;
  }
}

}  // namespace

void write_swung_thirds_as_eighths(Columns& columns, const std::vector<Span>& spans) {
  for (const Span& span : spans) {
    if (!span.triplet) continue;
    const Tick third = span.origin + kTicksPerQuarter * 2 / 3;
    const auto first = columns.lower_bound(span.start);
    const auto end = columns.lower_bound(span.end);
    const bool is_pair = std::all_of(first, end, [&](const auto& column) {
      return column.first == span.origin || column.first == third;
    });
    if (!is_pair || !columns.contains(third)) continue;
    auto late = columns.extract(third);
    late.key() = span.origin + kTicksPerQuarter / 2;
    columns.insert(std::move(late));
  }
}

Voice lay_out_voice(const std::vector<Span>& spans, const Columns& columns, Stems stems) {
  Voice voice;
  voice.stems = stems;
  for (const Span& span : spans) lay_out_span(voice, span, columns);
  return voice;
}

void hide_rests(Voice& hands, Voice& feet, const std::vector<Span>& spans, const Meter& meter) {
  for (Chord& chord : feet.chords) chord.hidden = chord.notes.empty();
  for (const Span& span : spans) show_needed_rests(feet, hands, span);
  for (const Span& span : spans) {
    const bool beams_go_on = pairs_quarters(meter) && span.begins_half &&
                             only_eighths(hands, span.origin, span.origin + 2 * kTicksPerQuarter);
    for (Chord& chord : hands.chords) {
      if (!chord.notes.empty() || chord.tick < span.start || chord.tick >= span.end) continue;
      chord.hidden = speaks_through(feet, chord.tick, chord.tick + chord.duration) &&
                     !tells_the_place(hands, feet, chord, span, beams_go_on);
    }
  }
  for (Voice* voice : {&hands, &feet}) show_rests_in_tuplets(*voice);
}

bool only_eighths(const Voice& voice, Tick start, Tick end) {
  for (std::size_t i = 0; i < voice.chords.size(); ++i) {
    const Chord& chord = voice.chords[i];
    if (chord.tick < start || chord.tick >= end) continue;
    if (chord.value.denominator > 8 || tuplet_at(voice, i) != nullptr) return false;
  }
  return true;
}

const Tuplet* tuplet_at(const Voice& voice, std::size_t index) {
  const auto found = std::ranges::find_if(voice.tuplets, [&](const Tuplet& tuplet) {
    return tuplet.first <= index && index <= tuplet.last;
  });
  return found == voice.tuplets.end() ? nullptr : &*found;
}

void merge_rests(Voice& voice, const Meter& meter, Tick length) {
  const bool silent =
      std::ranges::all_of(voice.chords, [](const Chord& chord) { return chord.notes.empty(); });
  if (silent) {
    Chord rest;
    rest.duration = length;
    rest.full_bar = true;
    rest.hidden =
        std::ranges::all_of(voice.chords, [](const Chord& chord) { return chord.hidden; });
    voice.chords = {rest};
    voice.tuplets.clear();
    return;
  }
  if (length != meter.bar_ticks()) return;
  const NoteValue value = long_rest(meter);
  for (std::size_t i = 0; i < voice.chords.size(); ++i) {
    if (voice.chords[i].tick % value.ticks() != 0) continue;
    Tick sum = 0;
    std::size_t j = i;
    while (j < voice.chords.size() && sum < value.ticks() && voice.chords[j].notes.empty() &&
           voice.chords[j].hidden == voice.chords[i].hidden && tuplet_at(voice, j) == nullptr) {
      sum += voice.chords[j++].duration;
    }
    if (sum != value.ticks() || j - i < 2) continue;
    voice.chords[i].duration = sum;
    voice.chords[i].value = value;
    remove_chords(voice, i + 1, j - i - 1);
  }
}

}  // namespace fyr
